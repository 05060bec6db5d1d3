import { defined } from '../../core/defined.ts';
import { explain } from '../../core/errors.ts';
import type { Intent } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import { isSameMessage } from '../../core/wanted/generation.ts';
import type { Session } from '../driver.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import { seenRunning } from '../lifecycle/changed.ts';
import { countBgp } from '../lifecycle/checks/bgp.ts';
import type { Bgp } from '../shapes.ts';
import { BgpHistory } from './bgp/history.ts';
import { Nudge } from './nudge.ts';
import { type Seen, syncOf } from './sync.ts';
import { WhatRuns } from './what-runs.ts';

type Now = Omit<Seen, 'runningSha256' | 'silentSince' | 'unclear' | 'waiting' | 'merges'> & { recovered: boolean };

/** A device that has not answered for so long may be gone: its connection tells of that much later. */
const silentMs = (pollSeconds: number) => Math.min(10_000, 3_000 * pollSeconds);

/** What is seen of a device between deployments, and what its record shows of that: sync, drift, BGP. */
export class Sight {
  readonly #context: DeviceContext;
  readonly #now: () => Now;
  readonly #pause = new Nudge();
  readonly #runs: WhatRuns;
  readonly #sessions: BgpHistory;
  #runningSha256: string | undefined;
  #silentSince: string | undefined;
  /** A job that may have changed the device, and after which nobody has looked yet. */
  #unlooked: string | undefined;
  /** Why the newest intent is not what runs, as the last job ended; '' when it ended well. */
  failure = '';
  /** Why the newest intent is not taken as it was published; '' where it is. */
  unclear = '';
  /** What the newest intent waits for before it is deployed; '' where it does not. */
  waiting = '';
  /** The newest intent is merged into what runs. */
  merges = false;

  constructor(context: DeviceContext, now: () => Now) {
    this.#context = context;
    this.#now = now;
    this.#runs = new WhatRuns(context.driver);
    this.#sessions = new BgpHistory(context);
  }

  /** A deployment has just read the device back: what it recorded is what runs. */
  trustRecord(): void {
    this.#runs.forget();
    this.#runningSha256 = this.#context.state.value.applied?.runningSha256;
  }

  /** Brings `sync` and `reason` of the record up to date. */
  async show(): Promise<void> {
    const { state } = this.#context;
    const seen = {
      runningSha256: this.#runningSha256,
      silentSince: this.#silentSince,
      unclear: this.unclear,
      waiting: this.waiting,
      merges: this.merges,
      ...this.#now(),
    };
    const { sync, reason } = syncOf(state.value, seen, this.failure);
    if (sync !== state.value.sync || reason !== state.value.reason)
      await state.update({ sync, reason }).catch(() => {});
  }

  /** The same, and of which intent. */
  async showIntent(intent: Intent | undefined): Promise<void> {
    const { state } = this.#context;
    const { generation, meta } = intent ?? {};
    const shown = state.value.intent?.generation;
    if (generation && shown ? !isSameMessage(generation, shown) : generation !== shown) {
      const from = {
        ...defined({ commit: meta?.commit, source: meta?.source }),
      };
      await state.update({ intent: generation ? { generation, ...from } : null });
    }
    await this.show();
  }

  /** Shows that the newest intent cannot even be looked at. */
  async trouble(reason: string): Promise<void> {
    await this.#context.state.update({ sync: 'unknown', reason }).catch(() => {});
  }

  /** What was just deployed may have changed what BGP shows. */
  lookSoon(): void {
    this.#runs.forget();
    this.#pause.nudge();
  }

  /** A change that the next look finds is that of this job, which committed and did not end as applied. */
  expect(job: string): void {
    this.#runs.forget();
    this.#unlooked = job;
  }

  /** Looks every `pollSeconds`, until it is stopped. */
  async lookOften(stop: AbortSignal): Promise<void> {
    const { device, log } = this.#context;
    while (!stop.aborted) {
      await this.#pause.wait(device.policy.pollSeconds * 1000, stop);
      const { deploying, recovered } = this.#now();
      if (stop.aborted || deploying !== undefined || !recovered) continue;
      try {
        await this.#look();
      } catch (error) {
        this.#runningSha256 = undefined;
        log.warn({ device: device.name }, `cannot read the device: ${explain(error)}`);
        await this.#sessions.close();
      }
      await this.show();
    }
    await this.#sessions.close();
  }

  async #look(): Promise<void> {
    const { store, device, warm, driver, state } = this.#context;
    const look = (session: Session) =>
      this.#answered(async () => ({
        hash: await this.#runs.look(session),
        bgp: driver.capabilities.getters.includes('bgp') ? await session.bgp() : undefined,
      }));
    const { hash, bgp } = await warm.use(look, { what: 'a read of the running configuration' });
    this.#runningSha256 = hash;
    const made = this.#unlooked && (await getJob(store, this.#unlooked, device.name));
    const change = seenRunning(state.value, hash, new Date().toISOString(), made || undefined);
    if (change.changed) await state.update(change);
    this.#unlooked = undefined;
    if (bgp) await this.sawBgp(bgp);
  }

  /** Shows meanwhile that a device does not answer. */
  async #answered<T>(work: () => Promise<T>): Promise<T> {
    const asked = new Date().toISOString();
    const silent = setTimeout(() => {
      this.#silentSince = asked;
      void this.show();
    }, silentMs(this.#context.device.policy.pollSeconds));
    try {
      return await work();
    } finally {
      clearTimeout(silent);
      this.#silentSince = undefined;
    }
  }

  /** The record has the sessions as they were last seen, by whomever; what becomes of them is kept. */
  async sawBgp(bgp: Bgp): Promise<void> {
    const { state } = this.#context;
    const counts = countBgp(bgp);
    const { bgp: last } = state.value;
    if (counts.established !== last?.established || counts.expected !== last.expected)
      await state.update({ bgp: { ...counts, at: new Date().toISOString() } });
    await this.#sessions.look(bgp);
  }
}
