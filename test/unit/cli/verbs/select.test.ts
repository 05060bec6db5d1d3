import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { siteForTest } from '../site.ts';

const inventory = `site: dc1
lab: true
defaults: { platform: frr, credentials: { username: admin, password: { literal: admin } } }
groups:
  leaves: { role: leaf, vars: { rack: { row: 7 } } }
devices:
  leaf1: { host: 127.0.0.1, groups: [leaves] }
  leaf2: { host: 127.0.0.2, groups: [leaves], vars: { rack: { row: 8 } } }
  spine1: { host: 127.0.0.3, role: spine }
`;

let site: Awaited<ReturnType<typeof siteForTest>>;
beforeAll(async () => {
  site = await siteForTest(inventory);
  await site.hold({ facts: () => ({ facts: { hostname: 'x', interface_list: [], uptime: null } }) }, [
    'leaf1',
    'leaf2',
    'spine1',
  ]);
});
afterAll(() => site[Symbol.asyncDispose]());

/** The devices that a verb says something of. */
const named = (text: string) => [...new Set(text.match(/\b(?:leaf|spine)\d\b/g))].sort();

describe('devices on the command line', () => {
  it.each([
    [
      ['status', 'leaf*'],
      ['leaf1', 'leaf2'],
    ],
    [
      ['status', 'spine1', 'rack.row=8'],
      ['leaf2', 'spine1'],
    ],
    [['status', '-l', 'role=leaf, !leaf1'], ['leaf2']],
    [['status', 'leaf*', '-l', 'rack.row=7'], ['leaf1']],
    [
      ['facts', '-l', 'group=leaves'],
      ['leaf1', 'leaf2'],
    ],
    [['doctor', '--select', 'role=spine'], ['spine1']],
    [['diff', '-l', 'rack.row=7'], ['leaf1']],
    [
      ['bgp', 'leaf?'],
      ['leaf1', 'leaf2'],
    ],
    [['interfaces', '!leaf*'], ['spine1']],
  ])('%j are %j', async (argv, devices) => {
    const { out, err } = await site.run(argv);
    expect(named(out + err), out + err).toEqual(devices);
  });

  it.each([
    [['status', 'tor*'], 'plumb: "tor*" selects no device\n'],
    [['bgp', 'leaf1', '-l', 'role=spine'], 'plumb: --select "role=spine" selects none of the named devices: leaf1\n'],
    [['push', '-l', 'role=laef'], 'plumb: "role=laef" selects no device\n  → role is one of leaf, spine\n'],
    [['jobs', '-l', 'rol=leaf'], 'plumb: no device has "rol" in the inventory; did you mean "role"?\n'],
    [['render', '-l', 'site=dc2'], 'plumb: "site=dc2" selects no device\n  → site is one of dc1\n'],
    [['history', 'leaf*'], 'plumb: "leaf*" selects leaf1, leaf2: one device is expected here\n'],
  ])('%j is wrong use, and says so', async (argv, message) => {
    const { code, out, err } = await site.run(argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(out).toBe('');
  });
});
