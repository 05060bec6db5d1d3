import { afterEach, describe, expect, it } from 'vitest';
import type { Ports, SimOptions } from '../../lab/sim/sim.ts';
import type { Driver } from '../../runners/driver.ts';
import { type Bench, bench } from './sim.ts';
import { change, commit } from './target.ts';

/** A whole configuration of a platform, with all kinds of blocks that it has. */
export type FullConfigCase = {
  driver: Driver;
  transport: keyof Ports;
  platform: SimOptions['platform'];
  before: string;
  /** As the device itself prints it, without the header. */
  full: string;
  /** The same configuration as people write it: comments, blank lines, tabs. */
  loose: (full: string) => string;
  /** Lines that hold a text of any length, `…` where it goes. */
  longLine: string;
  /** A valid configuration of at least so many lines, with text beyond ASCII in it. */
  lines: (count: number) => string;
  /** Of `full`: a line and what to write instead, which the device refuses, and the line that is named for it. */
  bad: readonly { line: string; instead: string; named?: string }[];
};

/** What every platform must load unchanged, and which line it names when it does not. */
export const fullConfig = (name: string, what: FullConfigCase): void => {
  const { driver, transport, platform, before, full } = what;
  describe(name, () => {
    let device: Bench;
    const start = async (faults: SimOptions['faults'] = {}) => {
      device = await bench(driver, transport, { platform, config: before, faults });
      return device;
    };
    afterEach(() => device[Symbol.asyncDispose]());

    /** Loads, commits, confirms, reads back. */
    const deployed = async (text: string): Promise<string> => {
      const session = await device.open();
      {
        await using candidate = await session.load(text, 'replace', change());
        expect(await candidate.diff()).not.toBe('');
      }
      await (await commit(session, text, 120)).trial.confirm();
      await using again = await session.load(text, 'replace', change());
      expect(await again.diff()).toBe('');
      return driver.normalise(await session.config('running'));
    };

    it('runs a configuration with blocks of all kinds, to the letter', async () => {
      await start();
      expect(await deployed(full)).toBe(driver.normalise(full));
    });

    it.each([
      ['line ends of another system', (text: string) => text.replaceAll('\n', '\r\n')],
      ['no end of the last line', (text: string) => text.trimEnd()],
      ['comments, blank lines, tabs and trailing blanks', what.loose],
    ])('takes it for the same with %s', async (_, written) => {
      await start();
      expect(await deployed(written(full))).toBe(driver.normalise(full));
    });
  });
};
