import type { DeviceState, InventoryEntry, Lease } from '../../core/bus.ts';
import { clockFault } from '../../core/wanted/generation.ts';
import { whyStopped } from '../../core/wanted/held.ts';
import type { DeviceView } from '../http/schemas.ts';

/** A device without what goes on by itself: the age of its state. */
export type StillView = Omit<DeviceView, 'ageSeconds'>;

/** Whole seconds since the runner of a device last wrote its state; null: never. */
export const ageOf = (state: DeviceState | null | undefined): number | null =>
  state ? Math.max(0, Math.round((Date.now() - Date.parse(state.updatedAt)) / 1000)) : null;

/** What is known of a device, from all that is kept about it; nobody's word counts where no runner holds it. */
export const toView = (entry: InventoryEntry, state: DeviceState | undefined, lease: Lease | undefined): StillView => {
  const clock = state?.intent ? clockFault(state.intent.generation, state.updatedAt) : undefined;
  const known = lease ? state : undefined;
  const held = state?.hold ? whyStopped(state.hold, entry.device, known?.reason) : undefined;
  const unknown = lease ? 'not looked at yet' : 'no runner holds it';
  return {
    ...entry,
    sync: known?.sync ?? 'unknown',
    reason: [held, known ? known.reason : unknown, entry.problem, clock].filter(Boolean).join('; '),
    lease: lease ?? null,
    state: state ?? null,
  };
};
