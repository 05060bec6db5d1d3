import { type DeviceState, DeviceState as DeviceStateSchema } from '../../core/bus.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { oneAtATime } from '../../core/one-at-a-time.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { type HeldLease, isAhead } from './lease.ts';

const blank = (device: string, runner: string, epoch: number): DeviceState => ({
  version: 2,
  device,
  sync: 'unknown',
  reason: 'not looked at yet',
  intent: null,
  attempt: null,
  applied: null,
  changed: null,
  trial: null,
  blocked: [],
  hand: null,
  said: null,
  bgp: null,
  session: { state: 'disconnected', error: '', at: new Date().toISOString() },
  lastJob: null,
  runner,
  epoch,
  updatedAt: new Date().toISOString(),
});

/** @throws PlumbError `lease_lost` where a newer holder's record was found */
const refuseOlder = (lease: HeldLease, found: DeviceState | undefined): void => {
  if (!found || !isAhead(found, lease)) return;
  lease.lose(`${found.runner} wrote the device's record under epoch ${found.epoch}`, found.epoch);
  lease.assert();
};

/**
 * The record of a device, written with compare-and-set by its holder alone. The copy in memory outlives the store: a
 * store that was deleted or restored is overwritten with what we know, unless a newer holder wrote it.
 */
export class StateKeeper {
  readonly #store: Store;
  readonly #lease: HeldLease;
  #revision: number;
  #value: DeviceState;
  readonly #inTurn = oneAtATime();
  /** No record was found: the device is new, or the store was lost. Whoever finds out which sets it to false. */
  isNew: boolean;

  private constructor(store: Store, lease: HeldLease, value: DeviceState, revision: number, isNew: boolean) {
    this.#store = store;
    this.#lease = lease;
    this.#value = value;
    this.#revision = revision;
    this.isNew = isNew;
  }

  /** @throws PlumbError `lease_lost` when a newer holder already wrote the record */
  static async open(store: Store, lease: HeldLease): Promise<StateKeeper> {
    const { device, runner, epoch } = lease;
    const found = await getRecord(store.state, DeviceStateSchema, device);
    refuseOlder(lease, found?.value);
    const value = { ...(found?.value ?? blank(device, runner, epoch)), runner, epoch };
    const keeper = new StateKeeper(store, lease, value, found?.revision ?? 0, !found);
    await keeper.update({});
    return keeper;
  }

  get value(): DeviceState {
    return this.#value;
  }

  /**
   * Changes the copy in memory at once and the stored record in order.
   *
   * @throws PlumbError `lease_lost`, or what NATS answers
   */
  update(patch: Partial<DeviceState>): Promise<void> {
    this.#value = { ...this.#value, ...patch, updatedAt: new Date().toISOString() };
    return this.#inTurn(() => this.#write());
  }

  /** The session came up, or was lost or not had, for this reason. */
  session(connected: boolean, error: string): void {
    const before = this.#value.session;
    const now = connected ? 'connected' : 'disconnected';
    if (now === before.state && error === before.error) return;
    // since when, whatever the reason has become since
    const at = now === before.state && before.error !== '' ? before.at : new Date().toISOString();
    void this.update({ session: { state: now, error, at } }).catch(() => {});
  }

  /** Writes the record again where it is not what we know: the store was deleted or restored. */
  async heal(): Promise<void> {
    const { device } = this.#value;
    const found = await getRecord(this.#store.state, DeviceStateSchema, device);
    if (found?.revision === this.#revision && found.value.updatedAt === this.#value.updatedAt) return;
    await this.update({});
  }

  async #write(): Promise<void> {
    const value = this.#value;
    for (let tries = 0; tries < 3; tries++) {
      this.#lease.assert();
      try {
        this.#revision = await casRecord(this.#store.state, value.device, value, this.#revision);
        return;
      } catch (error) {
        if (!isOutcome(error, 'conflict')) throw error;
        const found = await getRecord(this.#store.state, DeviceStateSchema, value.device);
        refuseOlder(this.#lease, found?.value);
        // the entry's own revision, whatever its text: an older writer's record is overwritten, a lost one made anew
        this.#revision = (await this.#store.state.get(value.device))?.revision ?? 0;
      }
    }
    throw new PlumbError(
      'conflict',
      `${value.device}: its state could not be written, because someone else keeps writing it`,
    );
  }
}
