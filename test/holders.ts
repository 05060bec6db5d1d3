import { pino } from 'pino';
import { connectNats } from '../core/store/server/connect.ts';
import { openStore } from '../core/store/store.ts';
import type { HeldLease } from '../runners/holding/lease.ts';
import { Leases } from '../runners/holding/leases/leases.ts';

const lookEveryMs = 5;

/** Runners without devices behind them, each with a connection of its own, and somebody who looks at what they may do. */
export const holdersOn = async (url: string, count: number, devices: readonly string[], settled = true) => {
  const log = pino({ level: process.env.PLUMB_TEST_LOG ?? 'silent' });
  const both = new Set<string>();
  const open = async (name: string) => {
    const nc = await connectNats({ url, name, role: 'runner' });
    return { name, nc, store: await openStore(nc, 'dc1') };
  };
  const start = ({ name, nc, store }: Awaited<ReturnType<typeof open>>) => {
    const terms = { slot: name, since: new Date().toISOString(), weight: 1 };
    const leases = new Leases({ store, name, log, terms, settled });
    const held = new Map<string, HeldLease>();
    const stop = new AbortController();
    let losses = 0;
    const taken = (lease: HeldLease) => {
      held.set(lease.device, lease);
      lease.signal.addEventListener('abort', () => {
        losses++;
        held.delete(lease.device);
      });
    };
    const yields = (device: string) => {
      const lease = held.get(device);
      if (lease) setImmediate(() => leases.release(lease));
      return lease !== undefined;
    };
    const busy = (device: string) => held.has(device);
    const run = leases.run({ wanted: () => devices, takes: () => true, busy, yields, taken }, stop.signal);
    return {
      leases,
      held,
      losses: () => losses,
      may: (device: string): boolean => {
        try {
          held.get(device)?.assert();
          return held.has(device);
        } catch {
          return false;
        }
      },
      /** It ends without a word. */
      kill: async () => {
        stop.abort();
        await nc.close();
        await run;
      },
    };
  };
  // all at once, however long their connections took: who comes later asks for a share 30 s later
  const all = (await Promise.all(Array.from({ length: count }, (_, at) => open(`r${at}`)))).map(start);
  const look = setInterval(() => {
    for (const device of devices) {
      const able = all.filter((one) => one.may(device)).map(({ leases }) => leases.name);
      if (able.length > 1) both.add(`${device} by ${able.join(' and ')}`);
    }
  }, lookEveryMs);
  return {
    all,
    /** Devices that two could write to at once, and who they were. */
    both,
    heldBy: (): Map<string, string> =>
      new Map(all.flatMap(({ held, leases }) => [...held.keys()].map((device) => [device, leases.name] as const))),
    [Symbol.asyncDispose]: async () => {
      clearInterval(look);
      for (const one of all) await one.kill();
    },
  };
};
