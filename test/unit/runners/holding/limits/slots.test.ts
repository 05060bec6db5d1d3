import { describe, expect, it } from 'vitest';
import type { Limits, SiteLimits } from '../../../../../core/inventory/limits.ts';
import type { Inventory } from '../../../../../core/inventory/schema.ts';
import { limitsOn } from '../../../../../runners/holding/limits/limit.ts';
import { Slots } from '../../../../../runners/holding/limits/slots.ts';
import { deviceForTest } from '../../../../runner.ts';

/** Slots for `edge1` … in the group edge and `core1` … in none. */
const slotsWith = ({ groups = {}, ...limits }: Omit<SiteLimits, 'groups'> & { groups?: Record<string, Limits> }) => {
  const names = ['edge1', 'edge2', 'edge3', 'core1', 'core2'];
  const devices = names.map((name) => {
    const entry = { ...deviceForTest({}, name), groups: name.startsWith('edge') ? ['edge'] : [] };
    return [name, entry] as const;
  });
  const inventory: Inventory = {
    site: 'dc1',
    lab: true,
    path: '/dev/null',
    devices: new Map(devices),
    limits: { ...limits, groups: new Map(Object.entries(groups)) },
  };
  const of = { runners: 1 };
  const woken: string[] = [];
  const slots = new Slots(
    (device) => limitsOn('deployments', inventory, device, of.runners),
    (device) => woken.push(device),
  );
  return { slots, woken, of };
};

describe('a limit of deployments at once', () => {
  it('lets a device wait, says for which limit, and wakes the first who waits when a slot is free', () => {
    const { slots, woken } = slotsWith({ groups: { edge: { deployments: 1 } } });
    expect(slots.take('edge1')).toBe('');
    expect(slots.take('edge2')).toBe('waiting for a free slot (limit 1 of group edge)');
    expect(slots.take('edge3')).toBe('waiting for a free slot (limit 1 of group edge)');
    slots.giveBack('edge1');
    expect(woken).toEqual(['edge2']);
    expect(slots.take('edge1')).not.toBe(''); // the slot is kept for who was woken
    expect(slots.take('edge2')).toBe('');
    slots.giveBack('edge2');
    slots.giveBack('edge3'); // it was woken, and has nothing to deploy any more
    expect(woken).toEqual(['edge2', 'edge3', 'edge1']);
  });

  it('of one group delays no device of another', () => {
    const { slots } = slotsWith({ groups: { edge: { deployments: 1 } } });
    expect(slots.take('edge1')).toBe('');
    expect(slots.take('edge2')).not.toBe('');
    expect([slots.take('core1'), slots.take('core2')]).toEqual(['', '']);
  });

  it('holds for the runner whatever the group', () => {
    const { slots } = slotsWith({ runner: { deployments: 2 } });
    expect([slots.take('edge1'), slots.take('core1')]).toEqual(['', '']);
    expect(slots.take('core2')).toBe('waiting for a free slot (limit 2 of this runner)');
  });

  it('of the site is divided among its runners, each of which has one at least', () => {
    const { slots, of } = slotsWith({ site: { deployments: 5 } });
    of.runners = 2;
    expect([slots.take('edge1'), slots.take('core1')]).toEqual(['', '']);
    expect(slots.take('core2')).toBe('waiting for a free slot (limit 5 of site dc1, divided among 2 runners)');
    of.runners = 1; // the other one has left
    expect(slots.take('core2')).toBe('');
    for (const device of ['edge1', 'core1', 'core2']) slots.giveBack(device);
    of.runners = 9;
    expect(slots.take('edge1')).toBe('');
    expect(slots.take('core1')).not.toBe('');
  });
});
