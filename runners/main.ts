import { hostname } from 'node:os';
import { setInterval, setTimeout as wait } from 'node:timers/promises';
import type { Runner } from '../core/bus.ts';
import { explain, isBug, PlumbError } from '../core/errors.ts';
import type { Device, Inventory } from '../core/inventory/schema.ts';
import type { Log } from '../core/log.ts';
import { processName } from '../core/logs/process-name.ts';
import { putRecord } from '../core/store/records.ts';
import type { Store } from '../core/store/store.ts';
import type { Driver } from './driver.ts';
import type { HeldLease } from './holding/lease.ts';
import { Leases } from './holding/leases/leases.ts';
import { eligibleIn } from './holding/leases/pool/eligible.ts';
import type { Terms } from './holding/leases/pool/peers.ts';
import type { Timing } from './holding/leases/timing.ts';
import { limitsOn } from './holding/limits/limit.ts';
import { Pace } from './holding/limits/pace.ts';
import { Slots } from './holding/limits/slots.ts';
import type { DeviceLoop } from './loop/device-loop.ts';
import { followIntents, followInventory, keepUp } from './running/follow.ts';
import { keepDevice } from './running/keep-device.ts';

export type RunnerOptions = {
  store: Store;
  inventory: Inventory;
  /** The inventory as it is right now, asked for before each deployment: a text may have come with a policy of its own. */
  inventoryNow?: () => Promise<Inventory>;
  /** What it is for, and its share where there are other runners; undefined: every device of the inventory. */
  pool?: Partial<Omit<Terms, 'since'>>;
  /** The driver of a platform. @throws PlumbError `unsupported` */
  driverFor: (platform: Device['platform']) => Driver;
  /** Path of the known_hosts file with the pinned host keys. */
  knownHosts: string;
  log: Log;
  version: string;
  /** Its name in the list of runners, which no other one has; one is made where it is not given. */
  name?: string;
  /** Told when a device begins to be talked to, and when that is over. */
  talks?: ((device: string, begins: boolean) => void) | undefined;
  /** The store is new: nobody can hold a device by it. */
  settled?: boolean | undefined;
  /** Of the leases, where it is not the usual one. */
  timing?: Partial<Timing>;
};

export type RunnerHandle = AsyncDisposable & {
  /** It becomes another one when others took this runner for dead. */
  readonly name: string;
  /** Devices kept right now. */
  readonly devices: () => string[];
  /**
   * Has other runners take over what is kept, a few devices at a time and none with a job under way; ends when nothing is left,
   * when nobody else is there, or in time. To be called before it is disposed, which frees what is left at once.
   */
  drain(graceMs: number): Promise<void>;
  /** Lets these go, and takes none of them. */
  avoid(devices: ReadonlySet<string>): void;
  /** Takes a changed inventory up: devices whose entry changed are let go and taken again. */
  reload(inventory: Inventory): void;
};

const tellEveryMs = 10_000;
/** Whether all was taken over is looked at so often. */
const drainLookMs = 50;

/** Keeps devices true to their intents, until it is disposed. */
export const startRunner = async (options: RunnerOptions): Promise<RunnerHandle> => {
  const { store, log, driverFor, knownHosts } = options;
  let { inventory } = options;
  const stop = new AbortController();
  const { signal } = stop;
  /** Outlives `signal`: a trial is undone under the lease before that is given back. */
  const letGo = new AbortController();
  const startedAt = new Date().toISOString();
  const kept = new Map<string, DeviceLoop>();
  /** Devices that work is under way for, the lease given back or not: none is begun twice. */
  const working = new Map<string, AbortController>();
  const { settled = false, timing = {} } = options;
  const terms: Terms = { slot: hostname(), weight: 1, ...options.pool, since: startedAt };
  const leases = new Leases({ store, name: options.name ?? processName(), log, terms, settled, timing });
  const logins = new Pace((device) => limitsOn('logins', inventory, device, leases.runners));
  const slots = new Slots(
    (device) => limitsOn('deployments', inventory, device, leases.runners),
    (device) => kept.get(device)?.nudge(),
  );
  const eligible = (of: Inventory) => {
    const takes = eligibleIn(of);
    const mine = [...of.devices.keys()].filter((device) => takes(terms, device) && !avoided.has(device));
    return { takes, mine };
  };
  let avoided: ReadonlySet<string> = new Set();
  let now = eligible(inventory);

  const reload = (next: Inventory): void => {
    const before = inventory;
    inventory = next;
    now = eligible(next);
    for (const device of leases.devices) {
      if (JSON.stringify(before.devices.get(device)) !== JSON.stringify(next.devices.get(device)))
        working.get(device)?.abort(new PlumbError('cancelled', `${device}: its inventory entry changed`));
    }
  };

  const ofRunner = {
    store,
    log,
    driverFor,
    knownHosts,
    inventory: () => inventory,
    upToDate: async () => {
      if (options.inventoryNow) reload(await options.inventoryNow());
    },
    talks: options.talks,
    kept,
    logins,
    slots,
    signal,
  };

  const taken = (lease: HeldLease): void => {
    const device = inventory.devices.get(lease.device);
    const leave = new AbortController();
    working.set(lease.device, leave);
    const work = device ? keepDevice(ofRunner, lease, device, leave.signal) : Promise.resolve();
    const ended = work
      .catch((error: unknown) => {
        if (lease.signal.aborted || signal.aborted) return; // NATS may be gone before us
        log.error({ device: lease.device }, isBug(error) ? `a bug: ${error.stack}` : explain(error));
      })
      .then(() => {
        kept.delete(lease.device);
        leases.release(lease);
        working.delete(lease.device);
      });
    ending.add(ended);
    void ended.then(() => ending.delete(ended));
  };
  const ending = new Set<Promise<void>>();

  const tell = async () => {
    const record = (): Runner => ({
      runner: leases.name,
      version: options.version,
      host: hostname(),
      pid: process.pid,
      startedAt,
      devices: leases.devices.sort(),
      waiting: now.mine.length - leases.devices.length,
      jobs: [...kept.values()].filter(({ underWay }) => underWay).length,
    });
    await putRecord(store.runners, leases.name, record());
    for await (const _ of setInterval(tellEveryMs, undefined, { signal }))
      await putRecord(store.runners, leases.name, record());
  };

  const holder = {
    wanted: () => (signal.aborted ? [] : now.mine),
    takes: (of: Terms, device: string) => now.takes(of, device),
    busy: (device: string) => working.has(device),
    yields: (device: string) => {
      const leave = working.get(device);
      if (!leave || leave.signal.aborted || !kept.get(device)?.isIdle) return false;
      leave.abort(new PlumbError('cancelled', `${device}: another runner takes it over`));
      return true;
    },
    taken,
  };
  const leasing = leases.run(holder, letGo.signal);
  const lasting = { store, log, signal };
  const loops = [
    keepUp(lasting, 'intents', () => followIntents(store, kept, signal)),
    keepUp(lasting, 'inventory', () => followInventory(store, kept, signal)),
    keepUp(lasting, 'runner record', tell),
  ];

  return {
    get name() {
      return leases.name;
    },
    devices: () => leases.devices,
    reload,
    avoid: (devices) => {
      avoided = devices;
      now = eligible(inventory);
      for (const device of devices)
        working.get(device)?.abort(new PlumbError('cancelled', `${device}: its runner was told to leave it alone`));
    },
    drain: async (graceMs) => {
      leases.drain();
      const lateMs = performance.now() + graceMs;
      while (working.size > 0 && leases.hasOthers && performance.now() < lateMs) await wait(drainLookMs);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort(new PlumbError('cancelled', 'the runner is stopping'));
      await Promise.all([...loops, ...ending]);
      await leases.leave();
      letGo.abort();
      await leasing;
      await store.runners.delete(leases.name).catch(() => {});
    },
  };
};
