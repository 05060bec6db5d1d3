import type { Driver, Session } from '../../../runners/driver.ts';
import type { Ports, Sim, SimOptions } from '../../sim/sim.ts';
import { type Bench, bench } from '../bench.ts';

/** A platform's driver, a device for it, and what its configurations look like. */
export type LifecycleCase = {
  driver: Driver | (() => Promise<Driver>);
  transport: keyof Ports;
  platform: SimOptions['platform'];
  before: string;
  after: string;
  /** In `after` and in no other. */
  mark: string;
  bad: { text: string; line: number };
  /** A line with a secret in plain text. */
  secret?: { text: string; line: number };
  /** Seconds of the shortest trial, as the device rounds. */
  shortest?: number;
  options?: Partial<Omit<SimOptions, 'platform' | 'config' | 'ports'>>;
  /** Matches the command that makes a trial take effect. */
  commits: string;
  /** Matches a command of loading; a line with `mark` in it when left out. */
  loads?: string;
  /** The platform has no place for what ran before. */
  keepsNothing?: true;
  /** Has somebody else begin a trial. */
  foreign?: (sim: Sim, session: Session) => Promise<unknown> | undefined;
};

/** One thing that must hold on every platform: `title` is a sentence about the device. */
export type Proof = { title: string; run: () => Promise<void> };

/** A device of its own, and the driver that is proven on it. */
type Given = Bench & { driver: Driver };
type Options = LifecycleCase['options'];

/** Makes the proofs of a case, each on a device of its own. */
export type Prove = (title: string, prove: (given: Given) => Promise<void>, options?: Options) => Proof;

export const proofsOf =
  (what: LifecycleCase): Prove =>
  (title, prove, options = {}) => ({
    title,
    run: async () => {
      const { transport, platform, before: config } = what;
      const driver = typeof what.driver === 'function' ? await what.driver() : what.driver;
      await using device = await bench(driver, transport, { platform, config, ...what.options, ...options });
      await prove({ ...device, driver });
    },
  });
