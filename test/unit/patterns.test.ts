import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { type Found, patternsIn, patternsMadeBy } from './patterns-of.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['core', 'engines', 'runners', 'watcher', 'api', 'cli'].filter((name) =>
  readdirSync(root).includes(name),
);
/** Languages that people write in: what is too slow there is stopped by their own limits. */
const apart = /\/(?:jinja|textfsm)\//;

const fillers = [
  ' ',
  '\t',
  'a',
  'A',
  '0',
  'a ',
  '0 ',
  '0.',
  'a.',
  'a-',
  '-',
  '"',
  '" ',
  "'",
  '(',
  '[',
  '{',
  '<',
  '/',
  ':',
  ': ',
  '=',
  ',',
  ', ',
  '\n',
  ' \n',
  'a\n',
  '\r',
  '\\',
  '%',
  '#',
  '$',
  '*',
  '|',
  '!',
  '\u001b[',
  '\u001b[0',
];

/** Runs of letters and blanks that stand in a pattern as they are: its own beginnings. */
const ownWords = ({ source }: RegExp): string[] =>
  [
    ...source
      .replace(/\\s[+*]?/g, ' ')
      .replace(/\\([-./:()[\]{}+*?|^$])/g, '$1')
      .matchAll(/[A-Za-z][\w .:/-]{2,40}|[-#%<]{2,}/g),
  ]
    .slice(0, 6)
    .map(([word]) => word);

const texts = (pattern: RegExp): string[] => {
  const own = ownWords(pattern);
  return [...fillers, ...own, ...own.map((word) => `${word} `), ...own.map((word) => `${word}\n`)];
};

/** How long a pattern needs for all of a text, in ms; the least of some tries: others use this machine, too. */
const timed = (pattern: RegExp, text: string): number => {
  const all = pattern.sticky ? pattern : new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 5 && least > most; tries += 1) {
    const from = performance.now();
    all.lastIndex = 0;
    text.replace(all, '');
    least = Math.min(least, performance.now() - from);
  }
  return least;
};

/** In ms: what costs its length alone needs a hundredth of it, what costs its square some times as much. */
const most = 5;
/** Few letters first: what doubles with each would not come to its end with many. */
const sizes = [24, 4000];

/** A text that costs more than its length, with what it costs. */
const slowest = ({ pattern }: Found): string | undefined => {
  for (const start of ['', ...ownWords(pattern).slice(0, 1)]) {
    for (const filler of texts(pattern)) {
      for (const size of sizes) {
        const ms = timed(pattern, `${start}${filler.repeat(size / filler.length + 1).slice(0, size)}\u0001x`);
        if (ms > most) return `${JSON.stringify(start)} + ${JSON.stringify(filler)} × ${size}: ${ms.toFixed(0)} ms`;
      }
    }
  }
  return undefined;
};

const slowOf = (all: readonly Found[]): string[] => {
  const seen = new Map<string, Found>();
  for (const found of all) if (!seen.has(String(found.pattern))) seen.set(String(found.pattern), found);
  expect(seen.size).toBeGreaterThan(20);
  return [...seen.values()].flatMap((found) => {
    const worst = slowest(found);
    return worst === undefined ? [] : [`${found.where}: ${found.pattern} ${worst}`];
  });
};

describe('a hostile text makes slow', () => {
  it('no pattern that is written in the source', { timeout: 120_000 }, async () => {
    expect(
      slowOf(
        await patternsIn(
          folders.map((name) => join(root, name)),
          apart,
        ),
      ),
    ).toEqual([]);
  });

  it('no pattern that is put together when it is needed', { timeout: 120_000 }, async () => {
    const made = await patternsMadeBy(async () => {
      vi.resetModules();
      const { driverFor } = await import('../../runners/drivers/registry.ts');
      const { redact } = await import('../../core/redact/redact.ts');
      const { napalmMasked } = await import('../../runners/getters/napalm/masks.ts');
      for (const platform of ['eos', 'junos', 'ios', 'iosxr', 'nxos', 'frr', 'bird', 'linux', 'huawei_vrp'])
        driverFor(platform).normalise('hostname r1\n');
      redact('username bob password 7 0822');
      napalmMasked('username bob password 7 0822');
    });
    expect(slowOf(made)).toEqual([]);
  });
});
