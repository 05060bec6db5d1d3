import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Parser } from '../getters/getter.ts';
import { allDrivers } from './registry.ts';

/** Every parser by its name: a platform has one for each way in which captures of it look. */
export const allParsers = (): ReadonlyMap<string, Parser> =>
  new Map(allDrivers().flatMap(({ parsers = {} }) => Object.entries(parsers)));

/** What somebody may call a parser → its name: the names of ntc-templates are those of texts, as terminals show them. */
const nameOf = (given: string): string => {
  const driver = allDrivers().find(({ ntcNames = [] }) => ntcNames.includes(given));
  if (!driver?.parsers || Object.hasOwn(driver.parsers, given)) return given;
  return driver.textParser ?? driver.platform;
};

/**
 * The parser for captures of a platform.
 *
 * @param given its name, or what ntc-templates calls the platform
 * @param folder tells which of a platform's parsers they are for
 * @throws PlumbError `invalid_request`
 */
export const parserFor = (given: string, folder: string): { name: string; parser: Parser } => {
  const all = allParsers();
  const asked = nameOf(given.replaceAll('-', '_'));
  const name = all.get(asked)?.elsewhere?.(folder) ?? asked;
  const parser = all.get(name);
  if (parser) return { name, parser };
  const known = [...all.keys()];
  throw new PlumbError('invalid_request', `no parsers for platform ${given}${didYouMean(given, known)}`, {
    hint: `platforms with parsers: ${known.join(', ')}`,
  });
};
