import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { costs } from '../cost.ts';
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

/** Few letters first: what doubles with each would not come to its end with many. */
const sizes = [24, 4000];

/** What costs 64 times its length. */
const bounded = () => 'A'.repeat(4000).replace(/[A-Za-z_][\w.-]{0,63}=/g, '');

/** What costs the square of its length is ten times as dear as that. */
const most = 5;

/** In ms: what needs less on whatever machine, however busy, needs no second look. */
const quickMs = 2;

/** How many times what is bounded a pattern costs on all of a text; 0: it was quick. */
const timed = (pattern: RegExp, text: string): number => {
  const all = pattern.sticky ? pattern : new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
  const run = () => {
    all.lastIndex = 0;
    text.replace(all, '');
  };
  const from = performance.now();
  run();
  if (performance.now() - from < quickMs) return 0;
  const [once = 0, cost = 0] = costs([bounded, run], 9);
  return cost / once;
};

/** A text that costs more than its length, with what it costs. */
const slowest = ({ pattern }: Found): string | undefined => {
  for (const start of ['', ...ownWords(pattern).slice(0, 1)]) {
    for (const filler of texts(pattern)) {
      for (const size of sizes) {
        const times = timed(pattern, `${start}${filler.repeat(size / filler.length + 1).slice(0, size)}\u0001x`);
        if (times > most)
          return `${JSON.stringify(start)} + ${JSON.stringify(filler)} × ${size}: ${times.toFixed(0)} times what is bounded`;
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
  it('no pattern that is written in the source', { timeout: 240_000 }, async () => {
    expect(
      slowOf(
        await patternsIn(
          folders.map((name) => join(root, name)),
          apart,
        ),
      ),
    ).toEqual([]);
  });

  it('no pattern that is put together when it is needed', { timeout: 240_000 }, async () => {
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
