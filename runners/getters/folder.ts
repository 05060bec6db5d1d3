import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { explain, PlumbError } from '../../core/errors.ts';
import { readCapture, refusalIn } from './capture.ts';
import type { FileOf, Inputs, Parser } from './getter.ts';

/** A request as a part of a file's name. */
export const sanitised = (request: string): string => request.replace(/[^a-zA-Z0-9]/g, '_').slice(0, 150);

/** A request that asks for JSON is known by a word; its file may end in `.json`. */
export const jsonOrText =
  (asksJson: RegExp): FileOf =>
  (request) => [...(asksJson.test(request) ? [`${sanitised(request)}.json`] : []), `${sanitised(request)}.txt`];

const plainFile: FileOf = (request) => [`${sanitised(request)}.txt`];

/** A capture may say that the device refused the request. */
const isRefusal = (text: string) => /^\s*\{\s*"exception"\s*:/.test(text);

/** A folder of captured answers, and which of its files were read. */
export type CapturedInputs = Inputs & {
  readonly found: ReadonlySet<string>;
  /** What the device said in a file instead of an answer. */
  readonly refused: ReadonlyMap<string, string>;
  /** The file that was read last. */
  readonly latest: string | undefined;
  /** The names that the file of a request may have; [] where it is told by a part of its name. */
  names(request: string): readonly string[];
};

/** The names of the files in a folder. */
const listed = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
      throw new PlumbError('invalid_request', `${folder}: it is a file; a getter reads a folder of answers`, {
        hint: 'name the folder it is in, or give --template or --templates to parse one output',
      });
    }
    throw new PlumbError('invalid_request', `${folder}: the folder cannot be read: ${explain(cause)}`, { cause });
  }
};

/**
 * Captured answers as the inputs of a getter: one file for each request, its name made of the request's.
 *
 * @param options.sanitized prefer what a device printed with its secrets masked, where it can (EOS)
 * @throws PlumbError `invalid_request` when the folder cannot be read
 */
export const inputsFromFolder = (
  { fileOf = plainFile }: Parser,
  folder: string,
  options: { sanitized?: boolean } = {},
): CapturedInputs => {
  const files = new Map(listed(folder).map((name) => [name.toLowerCase(), name]));
  const named = (request: string): readonly string[] => {
    const file = fileOf(request);
    return file instanceof RegExp ? [] : file;
  };
  const names = (request: string) =>
    options.sanitized
      ? [...named(request.replace(/( \(text\))?$/, ' sanitized$1')), ...named(request)]
      : named(request);
  const fileFor = (request: string): string | undefined => {
    const file = fileOf(request);
    if (file instanceof RegExp) return [...files.values()].find((each) => file.test(each));
    return names(request)
      .map((each) => files.get(each.toLowerCase()) ?? files.get(`${each.toLowerCase()}.gz`))
      .find((each) => each !== undefined);
  };
  const found = new Set<string>();
  const refused = new Map<string, string>();
  let latest: string | undefined;
  return {
    found,
    refused,
    get latest() {
      return latest;
    },
    names,
    get: (request) => {
      const name = fileFor(request);
      if (name === undefined) return undefined;
      found.add(name);
      latest = name;
      const text = readCapture(join(folder, name)).replace(/\r\n?/g, '\n'); // as a terminal saved it
      const refusal = refusalIn(text);
      if (refusal !== undefined) refused.set(name, refusal);
      return isRefusal(text) ? undefined : text;
    },
  };
};
