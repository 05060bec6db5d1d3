import { describe, expect, it } from 'vitest';
import { planTried } from '../../../runners/drivers/frr/difference/plan.ts';
import { readTree } from '../../../runners/drivers/frr/difference/tree.ts';
import type { FrrScratch } from '../../../runners/drivers/frr/scratch/scratch.ts';

const held = 'interface eth1\n ip multicast boundary oil L\n ip pim\nexit\n';
const without = 'interface eth1\n ip pim\nexit\n';
const route = 'ip route 198.51.100.0/24 Null0\n';

/** A scratch that does not take the boundary, in whatever it is given. */
const scratch = () => {
  let runs = '';
  return {
    enter: async (lines: string) => {
      const said = lines.includes(' boundary')
        ? 'line 2: Failure to communicate[1] to pimd, line:  ip multicast\n'
        : '';
      if (lines.includes('interface')) runs = without;
      if (lines.includes(route)) runs += lines.includes(`no ${route}`) ? '' : route;
      if (lines.includes(`no ${route}`)) runs = without;
      return { said, runs: readTree(runs) };
    },
    anew: async () => {
      runs = '';
    },
  } as unknown as FrrScratch;
};

describe('a plan', () => {
  it('keeps off a line that the router runs and its scratch does not take', async () => {
    const wanted = {
      name: 'leaf1',
      mode: 'replace',
      running: held,
      now: readTree(held),
      interfaces: new Set(['eth1']),
    } as const;
    const plan = await planTried({ ...wanted, text: held + route }, scratch());
    expect(plan.want).toEqual(readTree(held + route));
    expect([plan.forth, plan.back]).toEqual([route, `no ${route}`]);
  });
});
