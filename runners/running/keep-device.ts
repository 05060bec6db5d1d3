import { addAbortListener } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { explain } from '../../core/errors.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store/store.ts';
import type { Driver } from '../driver.ts';
import { StateKeeper } from '../holding/device-state.ts';
import type { HeldLease } from '../holding/lease.ts';
import { LoginGate } from '../holding/limits/login-gate.ts';
import type { Pace } from '../holding/limits/pace.ts';
import type { Slots } from '../holding/limits/slots.ts';
import { inTime } from '../holding/login-time.ts';
import { WarmSession } from '../holding/warm-session.ts';
import { DeviceLoop } from '../loop/device-loop.ts';
import { forDevice } from '../loop/last-line.ts';
import { serve } from '../requests/requests.ts';

/** What a device that is kept has of its runner. */
type OfRunner = {
  store: Store;
  log: Log;
  driverFor: (platform: Device['platform']) => Driver;
  knownHosts: string;
  /** As it is known right now. */
  inventory: () => Inventory;
  /** Takes the inventory up as it is now. */
  upToDate: () => Promise<void>;
  talks: ((device: string, begins: boolean) => void) | undefined;
  /** The devices that are kept: this one is added. */
  kept: Map<string, DeviceLoop>;
  logins: Pace;
  slots: Slots;
  /** Aborts when the runner stops. */
  signal: AbortSignal;
};

/** What was asked for of a device that is let go has this long to end its record. */
const answeredMs = 5_000;

/**
 * Keeps one device true to its intent, and answers what is asked of it, until its lease is lost, its entry changes or the
 * runner stops.
 *
 * @param leave ends it, with the reason
 */
export const keepDevice = async (of: OfRunner, lease: HeldLease, device: Device, leave: AbortSignal): Promise<void> => {
  const { store, log, kept, slots, signal, upToDate } = of;
  const driver = of.driverFor(device.platform);
  const state = await StateKeeper.open(store, lease);
  const stopped = AbortSignal.any([leave, signal]);
  const both = AbortSignal.any([lease.signal, stopped]);
  const open = (opening: AbortSignal) =>
    inTime(device.name, opening, async (end) =>
      driver.open(
        {
          device,
          credentials: await resolveCredentials(of.inventory(), device),
          knownHosts: of.knownHosts,
          fence: lease.assert,
          lost: lease.signal,
        },
        end,
      ),
    );
  const changed = (connected: boolean, error: string) => {
    if (both.aborted) return;
    if (connected && state.value.session.error !== '') worker.nudge(); // it is back: nothing waits any longer
    state.session(connected, error);
  };
  const waits = (why: string) => {
    if (warm.connected) return; // one login more, beside a session that is there: it is no word about that one
    changed(false, why);
    void worker.sight.show();
  };
  const isOnTrial = () => state.value.trial !== null;
  const { pollSeconds } = device.policy;
  const gate = new LoginGate({ device: device.name, pollSeconds, pace: of.logins, stop: stopped, isOnTrial, waits });
  const talks = (begins: boolean) => of.talks?.(device.name, begins);
  const warm = new WarmSession(open, lease, changed, talks, gate);
  const about = { store, device, driver, warm, lease, state, slots, log, runner: lease.runner, signal: stopped };
  const worker = new DeviceLoop({ ...about, upToDate });
  await worker.awaiting.goOn();
  const requests = serve(worker);
  const ended = forDevice(
    (fault) => worker.fault(fault),
    () => worker.run(),
  );
  kept.set(device.name, worker);
  addAbortListener(lease.signal, () => {
    if (!kept.has(device.name)) return; // given back
    const about = { device: device.name, job: worker.underWay?.job, code: 'lease_lost' };
    const goesOn = worker.underWay ? 'its next holder continues the job' : 'its next holder checks it';
    log.warn(about, `${explain(lease.signal.reason)}; this runner sends nothing more to the device, ${goesOn}`);
  });
  log.info({ device: device.name, epoch: lease.epoch }, 'held');
  try {
    await ended;
  } finally {
    // another entry of the inventory is no reason to cut off what is being read
    if (!lease.signal.aborted && !signal.aborted)
      await Promise.race([requests.drain(), wait(answeredMs, undefined, { ref: false })]);
    requests.stop();
    slots.giveBack(device.name);
    await warm[Symbol.asyncDispose](); // what was asked for and is under way fails, and says so in its record
    await Promise.race([requests.answered(), wait(answeredMs, undefined, { ref: false })]);
  }
};
