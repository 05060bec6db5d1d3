import { PlumbError } from '../../../../core/errors.ts';
import { redact } from '../../../../core/redact/redact.ts';
import { findLine } from '../config.ts';
import type { FrrDiff } from './diff.ts';
import { type Placed, pathAt, squeeze } from './tree.ts';

// What FRR says against lines, in the words of `vtysh -f`, and what is made of it.

/** A line that was refused, and why; without a number where the release groups lines and refuses them together. */
type Refusal = { readonly line: number | undefined; readonly why: string };

const unknown = /^Failure to communicate\[2\] to (\w+), line$/;
const noSuch = '$1 does not know it: one of its modules may not be loaded';

/** Reads what vtysh printed while it read a file. */
export const refusals = (said: string): Refusal[] => {
  const found: Refusal[] = [];
  const lines = said.split('\n').map((line) => line.trim());
  for (const [at, text] of lines.entries()) {
    const [, number, rest = ''] = /^line (\d+): (.*)$/.exec(text) ?? [];
    if (number !== undefined) {
      // a daemon says why in the line before; what is unknown is said in this one
      const before = rest.startsWith('Failure to communicate') ? lines[at - 1] : undefined;
      found.push({
        line: Number(number),
        why: before && !/^line \d+: /.test(before) ? before : rest.replace(/: .*/, '').replace(unknown, noSuch),
      });
    } else if (/^% Configuration failed/.test(text)) {
      const after = lines.slice(at + 1).filter(Boolean);
      const told =
        after.find((line) => line.startsWith('Error description:')) ?? after.find((line) => !/^Error type/.test(line));
      found.push({ line: undefined, why: told?.replace('Error description: ', '') ?? text });
    }
  }
  return found;
};

/** The lines that a release refuses together, for one of them. */
const groupOf = (said: string): string[] => [...said.matchAll(/^- *(\S.*)$/gm)].map(([, line = '']) => squeeze(line));

/**
 * Judges what a scratch said to a text. A line that the router runs all the same is taken: the router has what it needs.
 *
 * @returns the lines that were refused and that the router runs
 * @throws PlumbError `rejected` with the line
 */
export const judgeSaid = (
  name: string,
  { text, said, merge }: { text: string; said: string; merge: boolean },
  running: readonly Placed[],
): Placed[] => {
  const taken: Placed[] = [];
  for (const { line, why } of refusals(said)) {
    const group = line === undefined ? groupOf(said) : [];
    const written = squeeze((line === undefined ? group[0] : text.split('\n')[line - 1]) ?? '');
    const number = line ?? findLine(text, written);
    const above = number === undefined ? '' : pathAt(text, number).join('\n');
    const runs = running.filter((one) => one.line === written && one.path.join('\n') === above);
    if (merge && written.startsWith('no ')) continue; // takes back what is not there
    if (runs.length > 0) {
      taken.push(...runs);
      continue;
    }
    const others = group.length > 1 ? `, or another of the ${group.length} lines that it applies together` : '';
    const at = number === undefined ? '' : ` line ${number}${others}:`;
    throw new PlumbError('rejected', redact(`${name}: FRR refuses${at} ${why}${written ? ` ("${written}")` : ''}`), {
      line: number,
      hint: 'nothing was changed: this was a test in a second FRR on the router; `options: {scratch: false}` skips it',
    });
  }
  return taken;
};

const shown = (placed: readonly Placed[]) =>
  placed
    .slice(0, 3)
    .map(({ path, line }) => `"${[...path, line].join(' / ')}"`)
    .join(', ');

/**
 * Refuses a change that FRR cannot make while it runs, or could not take back.
 *
 * @throws PlumbError `rejected` with the lines
 */
export const refuseImpossible = (
  name: string,
  release: string,
  text: string,
  cannot: { forth: FrrDiff; back: FrrDiff },
): void => {
  const refuse = (why: string, lines: readonly Placed[], hint: string) => {
    if (lines.length === 0) return;
    const number = findLine(text, lines[0]?.line ?? '');
    throw new PlumbError(
      'rejected',
      redact(`${name}: ${why} while ${release} runs: ${shown(lines)}; nothing was changed`),
      {
        hint,
        line: number,
      },
    );
  };
  const byHand = 'change it in frr.conf on the router by hand and restart FRR there';
  refuse('this cannot be removed', cannot.forth.removed, `keep it in the text, or ${byHand}`);
  refuse('this cannot be set', cannot.forth.added, byHand);
  refuse('this cannot be undone, and so cannot be tried,', cannot.back.removed, byHand);
};

/**
 * Judges what is left of a change after it was applied, while the router still undoes it.
 *
 * @throws PlumbError `rejected` with the line
 */
export const refuseLeft = (name: string, text: string, said: string, { added, removed }: FrrDiff): void => {
  if (added.length + removed.length === 0) return;
  const why = refusals(said)[0]?.why;
  const [lacks, keeps] = [shown(added), shown(removed)];
  const left = [lacks && `FRR does not accept ${lacks}`, keeps && `FRR does not remove ${keeps}`]
    .filter(Boolean)
    .join('; ');
  const number = findLine(text, (added[0] ?? removed[0])?.line ?? '');
  const at = number === undefined ? '' : ` line ${number}:`;
  throw new PlumbError('rejected', redact(`${name}:${at} ${left}${why ? ` (${why})` : ''}; the change was undone`), {
    line: number,
  });
};
