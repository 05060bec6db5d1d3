import { age, shortTime } from '../words/time.ts';
import { count } from '../words/words.ts';
import type { Part, SessionHistory } from './history.ts';

const words = { up: 'up', down: 'down', off: 'switched off', na: 'not known' } as const;

/** How long a session was what: a strip, in words. */
export const stripWords = (parts: readonly Part[]): string => {
  const totals = { up: 0, down: 0, off: 0, na: 0 };
  for (const { kind, fromMs, toMs } of parts) totals[kind] += toMs - fromMs;
  const told = (['up', 'down', 'off', 'na'] as const).flatMap((kind) =>
    totals[kind] > 0 ? [`${words[kind]} for ${age(0, totals[kind])}`] : [],
  );
  return told.join(', ') || 'not known';
};

/** The flaps of a session, the last one with its time and what was said; empty: none. */
export const flapWords = ({ flaps, states }: SessionHistory, nowMs: number): string => {
  const last = states.findLast(({ is, again }, index) => again || (is === 'down' && states[index - 1]?.is === 'up'));
  if (flaps === 0 || !last) return '';
  const said = last.said ? `: ${last.said}` : '';
  return `${count(flaps, 'flap')}, ${flaps === 1 ? '' : 'the last '}at ${shortTime(last.at, nowMs)}${said}`;
};

/** Prefixes over time, in words. */
export const countWords = (runs: readonly (readonly [number, number])[][]): string => {
  const numbers = runs.flat().map(([, number]) => number);
  const last = numbers.at(-1);
  if (last === undefined) return 'not counted';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? `${last} prefixes throughout` : `${least} to ${most} prefixes, ${last} at the last count`;
};
