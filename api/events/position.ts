import { sha256 } from '../../core/store/payload.ts';
import type { Views } from '../views/views.ts';

/** How far each stream was told: the id of an event. */
type Position = { mark: string; jobs: number; state: number; inventory: number };

/** Where the views are now. Any instance, also one that was started since, gives the same id for the same place. */
export const positionOf = ({ devices: { inventory, state }, jobs }: Views): Position => ({
  mark: sha256([jobs.mirror, state, inventory].map(({ created }) => created).join(' ')).slice(0, 8),
  jobs: jobs.mirror.seq,
  state: state.seq,
  inventory: inventory.seq,
});

export const idOf = ({ mark, jobs, state, inventory }: Position): string => [mark, jobs, state, inventory].join('-');

/** @returns undefined for what is no id of ours */
export const readId = (id: string): Position | undefined => {
  const [, mark = '', jobs, state, inventory] = /^([0-9a-f]{8})-(\d{1,15})-(\d{1,15})-(\d{1,15})$/.exec(id) ?? [];
  if (mark === '') return undefined;
  return { mark, jobs: Number(jobs), state: Number(state), inventory: Number(inventory) };
};

/** What may have changed since a place; undefined: nobody can say, for the streams are others, or went back. */
export const changedSince = (views: Views, from: Position): { devices: Set<string>; jobs: Set<string> } | undefined => {
  const now = positionOf(views);
  const { jobs, state, inventory } = from;
  if (from.mark !== now.mark || jobs > now.jobs || state > now.state || inventory > now.inventory) return undefined;
  const { devices } = views;
  const changed = new Set([...devices.inventory.since(inventory), ...devices.state.since(state)]);
  // leases come and go without a trace; a new holder writes its epoch into the state
  for (const { device } of devices.entries()) {
    if (devices.lease.get(device)?.epoch !== devices.state.get(device)?.epoch) changed.add(device);
  }
  return { devices: changed, jobs: new Set(views.jobs.mirror.since(jobs)) };
};
