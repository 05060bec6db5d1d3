import { InvalidArgumentError, Option } from 'commander';
import type { Risk } from '../../core/diff/risk.ts';
import { diffSize } from '../../core/diff/size.ts';
import { type Failed, gone } from '../asking/each-device.ts';
import type { Context } from '../context.ts';
import { paint, paintDiff } from '../output/colour.ts';
import { type Format, printList } from '../output/output.ts';
import { plainDiff, shortId } from '../output/text.ts';
import type { Compared } from './compare.ts';
import { type Group, groupEqual, ownValues } from './groups.ts';
import { markdown } from './markdown.ts';
import type { Reviewed } from './review.ts';

/** `risk 60: BGP session, routing policy`; '' where nothing is known to be dangerous. */
const riskWords = ({ score, why }: Risk): string => (score === 0 ? '' : `risk ${score}: ${why.join(', ')}`);

/** Each change once, with its devices, for a person at a terminal. */
const showGroups = ({ out, err, colour }: Context, groups: readonly Group[]): void => {
  for (const group of groups) {
    const { devices, first, literally } = group;
    const back = first.to === undefined ? '' : `what ran before job ${shortId(first.to)}`;
    if (first.diff === '') {
      err(devices.map((device) => `${device}: no difference${back && ` from ${back}`}\n`).join(''));
      continue;
    }
    const facts = [diffSize(first.diff), back && `to ${back}`, riskWords(first.risk)].filter(Boolean);
    out(`${[paint(colour, 'bold', devices.join(', ')), ...facts].join('  ')}\n`);
    if (!literally) out(`${paint(colour, 'dim', `(${ownValues(group)})`)}\n`);
    out(`${paintDiff(colour, plainDiff(first.diff).trimEnd())}\n`);
  }
};

export type Shown = { output: Format | 'markdown'; maxRisk?: number };

export const maxRiskOption = (): Option =>
  new Option('--max-risk <score>', 'exit with 3 where the risk of a diff is above this, from 0 to 100').argParser(
    (text: string) => {
      if (/^(?:100|[1-9]?\d)$/.test(text)) return Number(text);
      throw new InvalidArgumentError('It is a whole number from 0 to 100.');
    },
  );

/** Prints what was compared, and sets the exit code. */
export const show = (context: Context, { entries, found, of }: Reviewed, { output, maxRisk = 100 }: Shown): void => {
  const compared = gone<Compared>(found);
  const failed = found.filter((each): each is Failed => 'error' in each);
  if (compared.some(({ diff }) => diff !== '')) context.exit(1);
  if (failed.length > 0) context.exit(2);
  if (compared.some(({ risk }) => risk.score > maxRisk)) context.exit(3);
  const groups = groupEqual(compared, entries);
  if (output === 'json' || output === 'yaml') printList(context, output, found);
  else if (output === 'markdown') context.out(markdown(groups, failed, of));
  else showGroups(context, groups);
};
