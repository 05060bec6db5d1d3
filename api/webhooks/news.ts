import { type CloudEvent, type EventKind, HookSync, HookTold } from '../../core/config/webhooks.ts';
import { picks } from '../../core/inventory/select/select.ts';
import { getRecord, listRecords, putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { changedSince, idOf, positionOf, readId } from '../events/position.ts';
import type { JobSummary } from '../http/schemas.ts';
import { isHistory } from '../views/jobs.ts';
import type { Views } from '../views/views.ts';
import type { Hook } from './hooks.ts';
import { putOut } from './outbox.ts';

const told = 'hooks.told';
const syncEntry = (device: string) => `hooks.sync.${device}`;

/** Words of a device's sync that come and go by themselves; `awaiting` is told of the job. */
const passing = new Set<string>(['deploying', 'awaiting']);

const kindOf = ({ state, outcome }: JobSummary): EventKind | undefined => {
  if (state === 'awaiting') return 'job.awaiting';
  if (state !== 'finished') return undefined;
  return outcome?.kind === 'failed' ? 'job.failed' : 'job.done';
};

/** Makes events of what changed, whoever led before: from the place up to which they were made. */
export class News {
  readonly #store: Store;
  readonly #views: Views;
  readonly #hooks: readonly Hook[];
  readonly #settleMs: number;
  #from: string | undefined;
  #took = false;
  /** What was told of each device last, and with which revision of that entry. */
  #synced = new Map<string, string>();
  /** Devices whose sync is another one now, and since when. */
  readonly #unsettled = new Map<string, { sync: string; atMs: number }>();

  /** @param settleMs so long a sync has to last before it is told */
  constructor(store: Store, views: Views, hooks: readonly Hook[], settleMs: number) {
    this.#store = store;
    this.#views = views;
    this.#hooks = hooks;
    this.#settleMs = settleMs;
  }

  /** Reads how far the one came that led before. */
  async begin(): Promise<void> {
    const { api } = this.#store;
    const known = await listRecords(api, HookSync, syncEntry('*'));
    this.#synced = new Map([...known].map(([key, { sync }]) => [key.slice(syncEntry('').length), sync]));
    this.#unsettled.clear();
    this.#from = (await getRecord(api, HookTold, told))?.value.upTo;
    for (const { device } of this.#views.devices.entries()) this.#note(device);
  }

  /** Whether anything was put on its way since this was asked last. */
  took(): boolean {
    const took = this.#took;
    this.#took = false;
    return took;
  }

  /** Puts on its way what happened since. */
  async tell(): Promise<void> {
    const now = idOf(positionOf(this.#views));
    if (now !== this.#from) {
      const from = this.#from === undefined ? undefined : readId(this.#from);
      const changed = from && changedSince(this.#views, from);
      for (const id of changed?.jobs ?? []) await this.#job(id);
      for (const { device } of this.#views.devices.entries()) this.#note(device);
      await putRecord(this.#store.api, told, { upTo: now });
      this.#from = now;
    }
    for (const [device, { sync, atMs }] of this.#unsettled)
      if (performance.now() - atMs >= this.#settleMs) await this.#device(device, sync);
  }

  async #put(kind: EventKind, id: string, device: string, time: string, data: unknown): Promise<void> {
    const entry = this.#views.devices.inventory.get(device);
    const { site } = this.#store;
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: `urn:plumbline:${site}`,
      type: `plumbline.${kind}`,
      subject: device,
      time,
      datacontenttype: 'application/json',
      data,
    };
    for (const { name, events, select } of this.#hooks) {
      if (!events.includes(kind)) continue;
      if (select !== undefined && !(entry && picks(site, select)(entry))) continue;
      await putOut(this.#store, name, event);
      this.#took = true;
    }
  }

  async #job(id: string): Promise<void> {
    const row = this.#views.jobs.mirror.get(id);
    if (!row || !isHistory(true)(row)) return;
    const job: JobSummary = JSON.parse(row.text);
    const kind = kindOf(job);
    if (kind) await this.#put(kind, `${id}-${kind.slice('job.'.length)}`, job.device, job.updatedAt, job);
  }

  #note(device: string): void {
    const view = this.#views.devices.view({ device });
    if (!view || passing.has(view.sync)) return;
    const { sync } = view;
    if (this.#synced.get(device) === sync) this.#unsettled.delete(device);
    else if (this.#unsettled.get(device)?.sync !== sync) this.#unsettled.set(device, { sync, atMs: performance.now() });
  }

  async #device(device: string, sync: string): Promise<void> {
    const { api } = this.#store;
    const before = this.#synced.get(device);
    if (before !== undefined) {
      const entry = await getRecord(api, HookSync, syncEntry(device));
      const reason = this.#views.devices.view({ device })?.reason ?? '';
      const id = `${device}-${entry?.revision ?? 0}`; // the same until it was told
      await this.#put('device.sync', id, device, new Date().toISOString(), { device, sync, before, reason });
    }
    await putRecord(api, syncEntry(device), { sync });
    this.#synced.set(device, sync);
    this.#unsettled.delete(device);
  }
}
