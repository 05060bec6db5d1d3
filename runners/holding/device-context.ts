import type { Device } from '../../core/inventory/schema.ts';
import type { Log } from '../../core/log.ts';
import type { Store } from '../../core/store/store.ts';
import type { Driver } from '../driver.ts';
import type { StateKeeper } from './device-state.ts';
import type { JobRecord } from './job-record.ts';
import type { HeldLease } from './lease.ts';
import type { Slots } from './limits/slots.ts';
import type { WarmSession } from './warm-session.ts';

/** All that work on a held device needs. */
export type DeviceContext = {
  store: Store;
  device: Device;
  driver: Driver;
  warm: WarmSession;
  lease: HeldLease;
  state: StateKeeper;
  log: Log;
  runner: string;
  /** Who may deploy now: the limits of the runner. */
  slots: Slots;
  /** Aborts when the runner stops. */
  signal: AbortSignal;
  /** Resolves what an earlier holder left on the device, once; tells what was found and done, a line each. */
  recover: () => Promise<readonly string[]>;
  /** Takes the inventory up as it is now; aborts `signal` where another entry of this device is found. */
  upToDate: () => Promise<void>;
};

/** A deployment or rollback under way; aborting it cancels it. */
export type UnderWay = {
  job: string;
  record: JobRecord;
  abort: AbortController;
  /** The text that is given up where it is cancelled; undefined: a rollback, or a dry run. */
  sha256: string | undefined;
};
