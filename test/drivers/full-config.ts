import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, bench } from '../../lab/proof/bench.ts';
import { change, commit } from '../../lab/proof/target.ts';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver } from '../../runners/driver.ts';

/** A whole configuration of a platform, with all kinds of blocks that it has. */
export type FullConfigCase = {
  driver: Driver;
  transport: keyof Ports;
  platform: SimOptions['platform'];
  /** As the device itself prints it, without the header. */
  full: string;
  /** The same configuration as people write it: comments, blank lines, tabs. */
  loose: (full: string) => string;
  /** A line that the platform drops. */
  comment: string;
  /** A line that describes an interface. */
  description: (text: string) => string;
  /** A valid configuration of at least so many lines, with `description('Zürich 東京 1')` and so on in it. */
  lines: (count: number) => string;
  /** What the device says against a line that it does not know. */
  says: RegExp;
  /** Texts for a description that mean something to a line editor or an interpreter on the way; those of most when left out. */
  awkward?: readonly string[];
  /** Of `full`: lines and what to write instead, which the device refuses. */
  bad: readonly { where: string; line: string; instead: string }[];
};

const variants = [
  ['line ends of another system', (text: string) => text.replaceAll('\n', '\r\n')],
  ['no end of the last line', (text: string) => text.trimEnd()],
] as const;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const awkward = [
  'who?',
  '?? what \t is\tbehind a TAB?',
  '$HOME [exit] "$x(y)" `id` ; # | include ?',
  '} a brace { and } three }',
  'C:\\temp\\x3f and a backslash \\',
];
/** Keys that would leave the mode, end or edit the line, or begin a sequence. */
const keys = {
  'Ctrl-Z': '\x1a',
  'Ctrl-C': '\x03',
  'Ctrl-D': '\x04',
  'Ctrl-U': '\x15',
  'Ctrl-V': '\x16',
  ESC: '\x1b',
  DEL: '\x7f',
  'Ctrl-H': '\b',
};
const described = (number: number): string => `Zürich 東京 ${number}`;

/** Work of the processor alone, of our side and of the simulator's: as slow as the machine. */
const large = { timeout: 120_000 };

/** What every platform must load unchanged, and which line it names when it does not. */
export const fullConfig = (name: string, what: FullConfigCase): void => {
  const { driver, transport, platform, full, description, lines } = what;
  describe(name, () => {
    let device: Bench;
    const start = async (faults: SimOptions['faults'] = {}) => {
      device = await bench(driver, transport, { platform, config: lines(8), faults });
      return device;
    };
    afterEach(() => device[Symbol.asyncDispose]());

    /** Loads, commits, confirms, reads back. */
    const deployed = async (text: string): Promise<string> => {
      const session = await device.open();
      await using candidate = await session.load(text, 'replace', change());
      expect(await candidate.diff()).not.toBe('');
      const trial = await candidate.commit({ confirmSeconds: 120, fence: () => {} });
      await trial.confirm();
      await using again = await session.load(text, 'replace', change());
      expect(await again.diff()).toBe('');
      return driver.normalise(await session.config('running'));
    };

    const refused = async (text: string, bad: string): Promise<void> => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const line = text.split(/\r?\n/).indexOf(bad) + 1;
      const said = new RegExp(`^r1: line ${line}: "${escaped(bad.trim())}": (?:.|\n)*${what.says.source}`);
      await expect(commit(await open(), text, 120)).rejects.toMatchObject({
        code: 'rejected',
        line,
        message: expect.stringMatching(said),
      });
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.trial).toBeUndefined();
      expect(sim.sessions).toEqual([]);
    };

    it('runs a configuration with blocks of all kinds, to the letter', async () => {
      await start();
      expect(await deployed(full)).toBe(driver.normalise(full));
    });

    it.each([...variants, ['comments, blank lines, tabs and trailing blanks', what.loose] as const])(
      'takes it for the same with %s',
      async (_, written) => {
        await start();
        expect(await deployed(written(full))).toBe(driver.normalise(full));
      },
    );

    it('takes a line of 4,000 characters', async () => {
      await start();
      const long = description('x'.repeat(4_000));
      expect(await deployed(lines(20).replace(description(described(2)), long))).toContain(long);
    });

    it.each(what.awkward ?? awkward)('takes the description %j to the letter', async (text) => {
      await start();
      expect(await deployed(lines(20).replace(described(2), text))).toContain(`${description(text)}\n`);
    });

    // over eAPI nothing is typed
    it.each(transport === 'eapi' ? [] : Object.entries(keys))('is never sent %s in a text', async (key, char) => {
      const { sim, open } = await start();
      const running = driver.normalise(sim.running);
      const text = lines(20).replace(described(2), `quiet${char}exit`);
      const line = text.split('\n').findIndex((each) => each.includes(char)) + 1;
      for (const [config, number] of [
        [text, line],
        [`${full}${char}\n`, full.split('\n').length],
      ] as const) {
        await expect(commit(await open(), config, 120)).rejects.toMatchObject({
          code: 'rejected',
          line: number,
          message: expect.stringContaining(`treats ${key} (0x`),
        });
      }
      expect(driver.normalise(sim.running)).toBe(running);
      expect(sim.sessions).toEqual([]);
    });

    it('runs 20,000 lines with text in other scripts, and is equal to them afterwards', large, async () => {
      await start();
      const text = lines(20_000);
      expect(await deployed(text)).toBe(driver.normalise(text));
    });

    it('does not wait for each line to be answered', async () => {
      const rttMs = 50;
      const { open } = await start({ rttMs });
      const session = await open();
      const startedMs = performance.now();
      await using _candidate = await session.load(lines(2_000), 'replace', change());
      expect((performance.now() - startedMs) / rttMs).toBeLessThan(500); // round trips: a quarter of the lines
    });

    describe('names a line that it refuses, and is left as it was:', () => {
      it.each(what.bad)('$where', async ({ line, instead }) => {
        expect(full.split('\n')).toContain(line);
        await refused(full.replace(`${line}\n`, `${instead}\n`), instead);
      });

      it('below comments and blank lines, with line ends of another system', async () => {
        const [{ line, instead } = { line: '', instead: '' }] = what.bad;
        const text = `${what.comment}\n\n \n${full.replace(`${line}\n`, `${instead}\n`)}`;
        await refused(text.replaceAll('\n', '\r\n'), instead);
      });

      it('the first of two', async () => {
        const [{ line, instead } = { line: '', instead: '' }] = what.bad;
        await refused(full.replace(`${line}\n`, `${instead}\n${instead.replace(/;?$/, '1$&')}\n`), instead);
      });

      it('line 15,000 of 20,000', large, async () => {
        const all = lines(20_000).split('\n');
        const [word = ''] = description('').trim().split(' ');
        const at = all.findIndex((line, index) => index >= 15_000 && line.trim().startsWith(word));
        const bad = (all[at] ?? '').replace(word, `${word}s`);
        await refused(all.map((line, index) => (index === at ? bad : line)).join('\n'), bad);
      });
    });
  });
};
