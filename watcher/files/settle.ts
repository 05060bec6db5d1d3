import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../core/bus.ts';
import { sha256 } from '../../core/store/payload.ts';
import { readRegular } from '../../core/text/regular-file.ts';

/** A file as it was when nobody wrote to it any more. */
export type Settled =
  | { kind: 'file'; body: Uint8Array; sha256: string; stats: Stats }
  | { kind: 'gone' }
  | { kind: 'other'; stats: Stats }
  | { kind: 'too-large'; stats: Stats };

// Thousands of files settle at once, and a signal takes the longer for a listener the more it has: it is asked instead.

/** Between the two reads that must be equal. */
const stableMs = 25;
/** For what looks half-written: empty, without a last line end, or much shorter than before. */
const suspiciousMs = 400;
/** A file that was not there may be about to be replaced: editors rename the old one away first. */
const goneMs = 500;
/** Nobody is still writing a file that was last written this long ago. */
const coldMs = 2_000;

const same = (a: Stats, b: Stats) =>
  a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino && a.dev === b.dev && a.ctimeMs === b.ctimeMs;

const statOf = (path: string): Promise<Stats | undefined> =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });

const readQuietly = (path: string): Promise<Buffer | 'gone' | undefined> =>
  readRegular(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'gone';
    throw error;
  });

const looksHalfWritten = (body: Uint8Array, bytesBefore: number) =>
  body.length === 0 || body.at(-1) !== 0x0a || body.length < bytesBefore * 0.7;

/**
 * Reads a file once nobody writes to it any more: two reads some time apart are equal and so is what `stat` tells.
 *
 * @param bytesBefore length of its last settled content; 0: unknown
 * @throws the file system's error where the file is there but cannot be read
 */
export const settle = async (path: string, bytesBefore: number, signal: AbortSignal): Promise<Settled> => {
  let missingSince: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const before = await statOf(path);
    if (!before) {
      missingSince ??= performance.now();
      if (performance.now() - missingSince >= goneMs) return { kind: 'gone' };
      await wait(stableMs, undefined, { ref: false });
      continue;
    }
    missingSince = undefined;
    if (!before.isFile()) return { kind: 'other', stats: before };
    if (before.size > limits.textBytes) return { kind: 'too-large', stats: before };
    const body = await readQuietly(path);
    if (body === 'gone') continue;
    if (!body) return { kind: 'other', stats: before };
    const hash = sha256(body);
    const cold = Date.now() - Math.max(before.mtimeMs, before.ctimeMs) > coldMs;
    if (!cold) await wait(looksHalfWritten(body, bytesBefore) ? suspiciousMs : stableMs, undefined, { ref: false });
    const after = await statOf(path);
    if (!after || !same(before, after)) continue;
    if (after.size !== body.length) {
      if (cold) return { kind: 'other', stats: after }; // of /proc or /sys, whose lengths say nothing
      continue;
    }
    if (!cold) {
      const again = await readQuietly(path);
      if (!again || again === 'gone' || sha256(again) !== hash) continue;
    }
    return { kind: 'file', body, sha256: hash, stats: after };
  }
};
