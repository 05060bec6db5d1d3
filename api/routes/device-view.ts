import { DeviceState, InventoryEntry } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { select } from '../../core/inventory/select/select.ts';
import { holderOf } from '../../core/store/leases/holders.ts';
import { getRecord } from '../../core/store/records.ts';
import { didYouMean } from '../../engines/nearest.ts';
import type { Api } from '../app.ts';
import { type Caller, mayEverywhere, mayOn } from '../auth/roles.ts';
import type { DeviceView } from '../http/schemas.ts';
import { ageOf, toView } from '../views/device-view.ts';

/**
 * The devices that a caller may see, and that a selector picks where there is one; by name, as the views have them.
 *
 * @throws PlumbError `unknown_device`, `invalid_request`
 */
export const seenBy = ({ store, views }: Api, caller: Caller, selector?: string): readonly InventoryEntry[] => {
  const all = views.devices.entries();
  const seen = mayEverywhere(caller, 'view') ? all : all.filter(mayOn(store.site, caller, 'view'));
  return selector === undefined ? seen : select(store.site, seen, selector);
};

/** @param known among which is the one that was most likely meant */
export const unknownDevice = (name: string, known: readonly InventoryEntry[]): PlumbError => {
  const names = known.map(({ device }) => device);
  const hint =
    names.length === 0
      ? 'no watcher has published the inventory yet'
      : 'GET /api/v1/devices lists the devices of this site';
  return new PlumbError('unknown_device', `${name}: no such device${didYouMean(name, names)}`, { hint });
};

/** @throws PlumbError `unknown_device`, with the name that was most likely meant */
export const getEntry = async (api: Api, name: string): Promise<InventoryEntry> => {
  const found = await api.bus.reach(() => getRecord(api.store.inventory, InventoryEntry, name));
  if (!found) throw unknownDevice(name, api.views.devices.entries());
  return found.value;
};

/** @throws PlumbError `unknown_device` */
export const getDevice = async (api: Api, name: string): Promise<DeviceView> => {
  const entry = await getEntry(api, name);
  const { store, bus } = api;
  const [state, lease] = await bus.reach(() =>
    Promise.all([getRecord(store.state, DeviceState, name), holderOf(store, name)]),
  );
  return { ...toView(entry, state?.value, lease), ageSeconds: ageOf(state?.value) };
};
