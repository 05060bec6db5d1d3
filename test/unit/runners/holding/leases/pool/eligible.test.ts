import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../../../../core/inventory/schema.ts';
import { eligibleIn } from '../../../../../../runners/holding/leases/pool/eligible.ts';
import { deviceForTest } from '../../../../../runner.ts';

const devices = ['leaf1', 'leaf2', 'spine1'].map((name) => ({
  ...deviceForTest({}, name),
  groups: name.startsWith('leaf') ? ['pod1'] : [],
  vars: { row: name.at(-1) },
}));
const inventory: Inventory = {
  site: 'dc1',
  lab: true,
  path: '/dev/null',
  devices: new Map(devices.map((device) => [device.name, device])),
};
const terms = { slot: 's1', since: '', weight: 1 };
const of = (more: { names?: string[]; select?: string }) => {
  const takes = eligibleIn(inventory);
  return ['leaf1', 'leaf2', 'spine1', 'gone'].filter((device) => takes({ ...terms, ...more }, device));
};

describe('a runner', () => {
  it('may have every device of the inventory where it says nothing else', () => {
    expect(of({})).toEqual(['leaf1', 'leaf2', 'spine1']);
  });

  it('may have what its selector picks: group, site, name, label', () => {
    expect(of({ select: 'group=pod1' })).toEqual(['leaf1', 'leaf2']);
    expect(of({ select: 'site=dc1, row=1' })).toEqual(['leaf1', 'spine1']);
    expect(of({ select: 'site=dc2' })).toEqual([]);
  });

  it('may have what it names, as far as the inventory has it', () => {
    expect(of({ names: ['leaf2', 'gone'] })).toEqual(['leaf2']);
  });

  it('may have nothing by a selector that nobody can read', () => {
    expect(of({ select: 'row=(' })).toEqual([]);
  });
});
