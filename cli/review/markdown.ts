import { diffSize } from '../../core/diff/size.ts';
import type { Failed } from '../asking/each-device.ts';
import { count, plain, plainDiff } from '../output/text.ts';
import { type Group, ownValues } from './groups.ts';

/** A comment of GitHub holds 65,536 characters, one of GitLab a million. */
const mostChars = 60_000;

/** Found again by what updates a comment instead of writing another. */
const mark = '<!-- plumb diff -->';

/** Text of a device or of an author in a block that it cannot end. */
const fenced = (text: string, language = ''): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}\n`;
};

const details = (group: Group): string => {
  const { devices, first, literally } = group;
  const summary = `<summary><b>${devices.join(', ')}</b> ${diffSize(first.diff)}</summary>`;
  const note = literally ? '' : `\n${ownValues(group)}\n`;
  return `\n<details>${summary}\n${note}\n${fenced(plainDiff(first.diff), 'diff')}\n</details>\n`;
};

/** The whole of a comparison as a comment on a merge request. */
export const markdown = (groups: readonly Group[], failed: readonly Failed[], compared: string): string => {
  const changed = groups.filter(({ first }) => first.diff !== '');
  const many = (found: readonly Group[]) => found.reduce((sum, { devices }) => sum + devices.length, 0);
  const same = many(groups) - many(changed);
  const told = [
    `${count(many(changed), 'device')} would change`,
    ...(same > 0 ? [`${same} would not`] : []),
    ...(failed.length > 0 ? [`of ${failed.length} it cannot be told`] : []),
  ];
  const rows = changed.map(
    ({ devices, first: { diff, risk } }) =>
      `| ${devices.join(', ')} | ${diffSize(diff)} | ${risk.score}${risk.why.length > 0 ? `: ${risk.why.join(', ')}` : ''} |\n`,
  );
  const problems = failed.map(({ error }) => {
    const hint = error.hint ? `  → ${plain(error.hint)}\n` : '';
    return `${plain(error.detail)}\n${hint}`;
  });
  const head = `${mark}\n### ${told.join(', ')}\n\n${compared}\n${
    rows.length > 0 ? `\n| devices | lines | risk |\n|---|---|---|\n${rows.join('')}` : ''
  }${problems.length === 0 ? '' : `\n${fenced(problems.join(''))}`}`;
  let text = head;
  let left = 0;
  for (const block of changed.map(details)) {
    if (left > 0 || text.length + block.length > mostChars) left++;
    else text += block;
  }
  return left === 0
    ? text
    : `${text}\n${count(left, 'more diff')} did not fit into a comment; \`plumb diff\` shows them.\n`;
};
