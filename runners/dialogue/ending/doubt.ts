import type { CliDriver } from '../cli-driver.ts';
import type { Asked } from '../questions.ts';

/** How long a prompt must stand that is not the learned one, or that came without our echo. */
const doubtMs = 250;
const askMs = 20;
/** As long as some of several lines were not echoed yet, a prompt is most likely theirs: after this the device is asked. */
const usualManyDoubtMs = 5_000;
/** A device that says nothing for so long is asked. */
export const resyncMs = 1_000;
/** A line that a device prints by itself, behind its prompt or in its place. */
export const asyncLog = /%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+:/;

type Seen = {
  /** It is the learned prompt; undefined: none was learned. */
  known: boolean | undefined;
  /** It is the prompt that was seen last, to the character. */
  same: boolean;
  /** What is printed behind the output has come; undefined: nothing is. */
  ended: boolean | undefined;
  /** All that was sent was echoed. */
  echoed: boolean;
  /** How many were sent. */
  lines: number;
  /** A line that the device printed by itself stands before it: a prompt behind that is no answer. */
  logged: boolean;
  /** The output may hold anything. */
  text: boolean;
  /** The question belongs to the command that runs. */
  own: boolean;
  /** The device was seen to page. */
  pages: boolean;
  /** How long a prompt must stand where some of several lines were not echoed; the usual time when left out. */
  manyDoubtMs: number | undefined;
};

/** How long the last line must stand to be believed, in ms: what we send or see may hold its like; undefined: never. */
export const mustStandMs = (
  { prompt, settleMs = 0 }: CliDriver,
  tail: string,
  what: Asked | undefined,
  { known, same, ended, echoed, lines, logged, text, own, pages, manyDoubtMs = usualManyDoubtMs }: Seen,
): number | undefined => {
  if (ended) return same ? settleMs : tail === '' ? resyncMs : doubtMs;
  if (what && lines === 0) return 0;
  if (ended === false && !what) return undefined;
  if (!what && !known && !prompt.test(tail)) return undefined;
  if (!echoed) return lines > 1 || logged ? manyDoubtMs : Math.max(settleMs, doubtMs);
  if (what) {
    if (!text || own) return askMs;
    if (what !== 'page' && what !== 'end') return resyncMs;
    return pages ? askMs : doubtMs;
  }
  if (known === undefined && !/[\p{L}\p{N}]/u.test(tail)) return Math.max(settleMs, doubtMs); // `#` begins other lines too
  return known !== false ? settleMs : Math.max(settleMs, doubtMs);
};
