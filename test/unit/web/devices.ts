import type { Device } from '../../../web/data/types.ts';
import { entry, stateOf } from '../api/harness.ts';

/** A device as the API gives it. */
export const device = (
  name: string,
  more: Partial<Device> = {},
  state: Parameters<typeof stateOf>[1] = {},
): Device => ({
  ...entry(name),
  sync: 'in_sync',
  reason: '',
  lease: { runner: 'runner-1', epoch: 1 },
  ageSeconds: 5,
  state: stateOf(name, { bgp: { established: 2, expected: 2, at: '2026-11-30T03:00:00Z' }, ...state }),
  ...more,
});
