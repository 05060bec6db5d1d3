import type { Device } from '../data/types.ts';
import { type Need, needs, shownOf } from './state.ts';

/** A line of the table: the head of a group, or a device. */
export type Row =
  | { kind: 'group'; key: string; title: string; size: number; note: string }
  | { kind: 'device'; key: string; device: Device };

export const groupings = ['need', 'role', 'platform', 'group', 'none'] as const;
export type Grouping = (typeof groupings)[number];

const titles: Record<Need, [title: string, note: string]> = {
  someone: ['Needs attention', ''],
  unknown: ['Unknown', 'current state unknown; each row says how old its data is'],
  moving: ['In progress', ''],
  sync: ['In sync', ''],
  unmanaged: ['Unmanaged', 'the source has no configuration for these'],
};

const keyOf = (device: Device, by: Grouping, nowMs: number): string => {
  switch (by) {
    case 'need':
      return shownOf(device, nowMs).need;
    case 'role':
      return device.labels?.role?.[0] ?? '';
    case 'platform':
      return device.platform;
    case 'group':
      return device.groups[0] ?? '';
    case 'none':
      return '';
    default:
      return by satisfies never;
  }
};

const byName = new Intl.Collator('en', { numeric: true });

/** By need, then by name: leaf2 before leaf10. */
const sorted = (devices: readonly Device[], nowMs: number): Device[] => {
  const need = new Map(devices.map((device) => [device, needs.indexOf(shownOf(device, nowMs).need)]));
  return [...devices].sort(
    (one, other) => (need.get(one) ?? 0) - (need.get(other) ?? 0) || byName.compare(one.device, other.device),
  );
};

/** The lines of the table: groups with their devices, those that need someone first. */
export const rowsOf = (devices: readonly Device[], by: Grouping, nowMs: number): Row[] => {
  const groups = new Map<string, Device[]>();
  for (const device of sorted(devices, nowMs)) {
    const key = keyOf(device, by, nowMs);
    const group = groups.get(key);
    if (group) group.push(device);
    else groups.set(key, [device]);
  }
  const keys = [...groups.keys()];
  if (by !== 'need') keys.sort(byName.compare);
  return keys.flatMap((key): Row[] => {
    const members = groups.get(key) ?? [];
    const rows = members.map((device): Row => ({ kind: 'device', key: device.device, device }));
    if (by === 'none') return rows;
    const [title, note] = by === 'need' ? titles[key as Need] : [key || `without ${by}`, ''];
    return [{ kind: 'group', key: `group ${key}`, title, size: members.length, note }, ...rows];
  });
};
