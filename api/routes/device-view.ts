import { DeviceState, InventoryEntry, Lease } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { clockFault } from '../../core/generation.ts';
import { select } from '../../core/inventory/select/select.ts';
import { getRecord, listRecords } from '../../core/store/records.ts';
import { whyStopped } from '../../core/wanted.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Api } from '../app.ts';
import { type Caller, mayOn } from '../auth/roles.ts';
import type { DeviceView } from '../http/schemas.ts';

const toView = (entry: InventoryEntry, state: DeviceState | undefined, lease: Lease | undefined): DeviceView => {
  const age = state && Math.max(0, Math.round((Date.now() - Date.parse(state.updatedAt)) / 1000));
  const clock = state?.intent ? clockFault(state.intent.generation, state.updatedAt) : undefined;
  const known = lease ? state : undefined;
  const held = state?.hold ? whyStopped(state.hold, entry.device, known?.reason) : undefined;
  const unknown = lease ? 'not looked at yet' : 'no runner holds it';
  return {
    ...entry,
    sync: known?.sync ?? 'unknown',
    reason: [held, known ? known.reason : unknown, entry.problem, clock].filter(Boolean).join('; '),
    lease: lease ?? null,
    ageSeconds: age ?? null,
    state: state ?? null,
  };
};

/** Which devices a caller may see. */
export const seenBy = ({ store }: Api, caller: Caller): Seen => mayOn(store.site, caller, 'view');
export type Seen = (entry: InventoryEntry) => boolean;

/** The devices of the inventory, by name. @param selector only those that it picks @throws PlumbError */
export const listDevices = async ({ store, bus }: Api, seen: Seen, selector?: string): Promise<DeviceView[]> => {
  const [entries, states, leases] = await bus.reach(() =>
    Promise.all([
      listRecords(store.inventory, InventoryEntry),
      listRecords(store.state, DeviceState),
      listRecords(store.lease, Lease),
    ]),
  );
  const all = [...entries.values()].filter(seen).sort((a, b) => (a.device < b.device ? -1 : 1));
  return (selector === undefined ? all : select(store.site, all, selector)).map((entry) =>
    toView(entry, states.get(entry.device), leases.get(entry.device)),
  );
};

/**
 * The names of the devices that are seen, and that a selector picks where there is one.
 *
 * @throws PlumbError `unknown_device`, `invalid_request`
 */
export const selectNames = async ({ store, bus }: Api, seen: Seen, selector?: string): Promise<string[]> => {
  const entries = await bus.reach(() => listRecords(store.inventory, InventoryEntry));
  const all = [...entries.values()].filter(seen);
  return (selector === undefined ? all : select(store.site, all, selector)).map(({ device }) => device);
};

/** @throws PlumbError `unknown_device`, with the name that was most likely meant */
export const getEntry = async ({ store, bus }: Api, name: string): Promise<InventoryEntry> => {
  const found = await bus.reach(() => getRecord(store.inventory, InventoryEntry, name));
  if (found) return found.value;
  const all = await bus.reach(() => listRecords(store.inventory, InventoryEntry));
  const hint =
    all.size === 0
      ? 'no watcher has published the inventory yet'
      : 'GET /api/v1/devices lists the devices of this site';
  throw new PlumbError('unknown_device', `${name}: no such device${didYouMean(name, [...all.keys()])}`, { hint });
};

/** @throws PlumbError `unknown_device` */
export const getDevice = async (api: Api, name: string): Promise<DeviceView> => {
  const entry = await getEntry(api, name);
  const { store, bus } = api;
  const [state, lease] = await bus.reach(() =>
    Promise.all([getRecord(store.state, DeviceState, name), getRecord(store.lease, Lease, name)]),
  );
  return toView(entry, state?.value, lease?.value);
};
