import { setImmediate as settled, setTimeout as wait } from 'node:timers/promises';
import { PlumbError } from '../../core/errors.ts';
import type { Mirror } from '../../core/store/mirror/mirror.ts';
import type { Change } from '../../core/store/mirror/mirrored.ts';
import type { Store } from '../../core/store/store.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Bus } from '../http/reach.ts';
import { Devices } from './devices.ts';
import { type JobRow, Jobs } from './jobs.ts';

/** `device`: the name, or undefined where it may be any of them; `job`: what changed. */
export type News = { kind: 'device'; device: string | undefined } | { kind: 'job'; change: Change<JobRow> };

/** Of which NATS has not said for so long that it still stands, that is not shown. */
const oldestMs = 20_000;
/**
 * `patienceMs`: start-up waits so long for what is read in a moment, so that nobody is told to come again; `pulseMs`: how
 * often NATS is asked whether its streams are still the same.
 */
export type ViewPace = { patienceMs?: number; pulseMs?: number };

/** What this instance knows of the site, kept in memory. */
export type Views = {
  devices: Devices;
  jobs: Jobs;
  /** Since NATS last said that all of this is still so. */
  ageMs(): number;
  /** Calls back after each change, until the function that it returns is called. */
  listen(heard: (news: News) => void): () => void;
  /**
   * All that was written before the call is in the views after it.
   *
   * @returns since when, in ms, NATS has not said that this is still so
   * @throws HttpProblem `loading` until all is read; PlumbError `nats_unavailable`
   */
  fresh(...of: ('devices' | 'jobs')[]): Promise<number>;
};

type Read = Pick<Mirror<unknown>, 'loaded' | 'current' | 'ageMs'>;

/** How long a request waits for what is read anew. */
const rereadMs = 4_000;

const loading = (why: string): HttpProblem =>
  new HttpProblem('loading', why, {
    headers: { 'retry-after': '1' },
    hint: 'try again in a moment: incomplete lists are not shown',
  });

const checkLoaded = (mirrors: readonly Read[]): void => {
  if (mirrors.every(({ loaded }) => loaded)) return;
  throw loading('this instance has just started and is still reading from NATS');
};

/** Something is read anew now and then, and after NATS was away: a moment's work, or it cannot be done. */
const untilCurrent = async (mirrors: readonly Read[]): Promise<void> => {
  const givenUp = performance.now() + rereadMs;
  while (mirrors.some(({ current }) => !current)) {
    if (performance.now() > givenUp) throw loading('this instance is reading everything from NATS again');
    await wait(10);
  }
};

/** Reads all devices and jobs of the site and follows them until the signal aborts. */
export const openViews = async (store: Store, bus: Bus, signal: AbortSignal, pace: ViewPace = {}): Promise<Views> => {
  const { patienceMs = 3_000, pulseMs = 5_000 } = pace;
  const heard = new Set<(news: News) => void>();
  const tell = (news: News) => {
    for (const each of heard) each(news);
  };
  const devices = new Devices(store, (device) => tell({ kind: 'device', device }));
  const jobs = new Jobs(store, (change) => tell({ kind: 'job', change }));
  const mirrors = { devices: devices.mirrors, jobs: [jobs.mirror] };
  const all = Object.values(mirrors).flat();
  for (const mirror of all) void mirror.run(signal, { pulseMs });
  const patient = performance.now() + patienceMs;
  while (!all.every(({ loaded }) => loaded) && performance.now() < patient && !signal.aborted) await wait(10);
  return {
    devices,
    jobs,
    ageMs: () => Math.max(...all.map((mirror) => mirror.ageMs)),
    listen: (each) => {
      heard.add(each);
      return () => heard.delete(each);
    },
    fresh: async (...of) => {
      const asked = of.flatMap((what): readonly Read[] => mirrors[what]);
      await bus.reach(() => store.nc.flush());
      checkLoaded(asked);
      await settled(); // what came before the answer is taken in by then
      await untilCurrent(asked);
      const ageMs = Math.max(...asked.map((mirror) => mirror.ageMs));
      if (ageMs <= oldestMs) return ageMs;
      throw new PlumbError(
        'nats_unavailable',
        `JetStream has not answered for ${Math.round(ageMs / 1000)} s: the lists may be out of date`,
        { hint: 'try again; `plumb doctor` shows what is wrong' },
      );
    },
  };
};
