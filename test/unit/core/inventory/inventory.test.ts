import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PlumbError } from '../../../../core/errors.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { inventorySchema } from '../../../../core/inventory/published.ts';
import { defaultPolicy } from '../../../../core/inventory/schema.ts';
import { folderOfAll } from '../../../folder.ts';

const folder = folderOfAll('inventory');

const load = async (text: string, options?: Parameters<typeof loadInventory>[1]) => {
  const path = join(folder, 'inventory.yml');
  await writeFile(path, text);
  return loadInventory(path, options);
};

const problems = async (text: string): Promise<string[]> => {
  const error = await load(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlumbError);
  expect(error).toMatchObject({ code: 'invalid_inventory' });
  return (error as PlumbError).message.split('\n');
};

const device = async (text: string, name = 'leaf1') => {
  const found = (await load(text)).devices.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('a device', () => {
  it('gets what defaults say, then its groups in order, then itself; the nearest wins', async () => {
    const leaf = await device(`
site: dc1
defaults: {platform: frr, port: 22, role: base, policy: {pollSeconds: 60, maxLossPercent: 10}, options: {a: 1, b: 1}}
groups:
  leaves: {role: leaf, options: {b: 2, c: 2}, policy: {pollSeconds: 5}}
  old: {port: 2222, options: {c: 3}}
devices:
  leaf1: {groups: [leaves, old], options: {d: 4}, policy: {approval: manual}}
`);
    expect(leaf).toMatchObject({
      name: 'leaf1',
      host: 'leaf1',
      platform: 'frr',
      port: 2222,
      role: 'leaf',
      groups: ['leaves', 'old'],
    });
    expect(leaf.options).toEqual({ a: 1, b: 2, c: 3, d: 4 });
    expect(leaf.policy).toEqual({ ...defaultPolicy, pollSeconds: 5, maxLossPercent: 10, approval: 'manual' });
  });

  it('gets vars merged at every depth, lists replaced, and the order of numbered maps kept', async () => {
    const leaf = await device(`
site: dc1
defaults: {platform: frr, vars: {ntp: {servers: [a, b], key: {id: 1}}, vlans: {30: x, 10: y}}}
groups: {g: {vars: {ntp: {key: {type: md5}}, vlans: {20: z, 10: w}}}}
devices: {leaf1: {groups: [g], vars: {ntp: {servers: [c]}, "__proto__": {bad: true}}}}
`);
    expect(leaf.vars.ntp).toEqual({ servers: ['c'], key: { id: 1, type: 'md5' } });
    expect([...(leaf.vars.vlans as Map<number, string>)]).toEqual([
      [30, 'x'],
      [10, 'w'],
      [20, 'z'],
    ]);
    expect(Object.getPrototypeOf(leaf.vars)).toBe(Object.prototype);
    expect(({} as { bad?: boolean }).bad).toBeUndefined();
  });

  it('may be empty, be named by a number, and take anchors and merge keys', async () => {
    const inventory = await load(`
site: dc1
defaults: {platform: frr}
groups:
  base: &base {role: leaf, vars: {a: 1}}
  more: {<<: *base, vars: {b: 2}}
devices: {leaf1: , 12: {groups: [more]}}
`);
    expect(inventory.devices.get('leaf1')).toMatchObject({ platform: 'frr', host: 'leaf1' });
    expect(inventory.devices.get('12')).toMatchObject({ role: 'leaf', vars: { b: 2 } });
  });

  it('is reached where a lab says that it is', async () => {
    const inventory = await load(
      'site: dc1\ndevices: {leaf1: {platform: frr, host: a, port: 1}, leaf2: {platform: frr}}',
      {
        hosts: { leaf1: { host: '127.0.0.1', port: 2201 } },
      },
    );
    expect(inventory.devices.get('leaf1')).toMatchObject({ host: '127.0.0.1', port: 2201 });
    expect(inventory.devices.get('leaf2')).toMatchObject({ host: 'leaf2', port: undefined });
  });
});

describe('what is wrong with an inventory', () => {
  it('is told all at once, a line each, with file, line, column and key path', async () => {
    const told = await problems(`site: dc.1
labs: true
defaults:
  platform: cisco
  port: "22"
  policy: {approval: maybe, foo: 1, confirmSeconds: 1.5}
groups:
  spines: {rôle: spine}
devices:
  leaf1.example.net: {platform: frr}
  leaf2: {platform: frr, groups: [spine, spines]}
  leaf3: {platform: frr, prot: 22, credentials: {username: x, password: {literal: hunter2}}}
  leaf4: {platform: frr, groups: leaves}
`);
    expect(told).toEqual([
      'inventory.yml:1:7: site: expected letters, digits, "_" and "-" only, 63 at most, found "dc.1"',
      'inventory.yml:2:1: labs: unknown key; did you mean "lab"?',
      expect.stringMatching(/^inventory\.yml:4:13: defaults\.platform: expected one of eos, .*, found "cisco"/),
      'inventory.yml:5:9: defaults.port: expected a whole number, found a text',
      'inventory.yml:6:22: defaults.policy.approval: expected one of auto, manual, found "maybe"',
      expect.stringMatching(/^inventory\.yml:6:29: defaults\.policy\.foo: unknown key, expected one of approval, /),
      'inventory.yml:6:53: defaults.policy.confirmSeconds: expected a whole number, found 1.5',
      'inventory.yml:8:12: groups.spines["rôle"]: unknown key; did you mean "role"?',
      'inventory.yml:10:3: devices["leaf1.example.net"]: not a device name: a host name with dots goes into host: name it "leaf1" and give it host: leaf1.example.net',
      'inventory.yml:11:35: devices.leaf2.groups[0]: unknown group "spine"; did you mean "spines"?',
      'inventory.yml:12:26: devices.leaf3.prot: unknown key; did you mean "port"?',
      'inventory.yml:12:74: devices.leaf3.credentials.password.literal: a literal secret is refused outside a lab: use env, file or command, or say lab: true at the top',
      'inventory.yml:13:34: devices.leaf4.groups: expected a list, found a text',
    ]);
    expect(told.join()).not.toContain('hunter2');
  });

  it.each([
    ['a missing site', 'devices: {}', '1:1: missing key "site" (first subject token)'],
    [
      'a text that could not be read back',
      'site: a\ndefaults: {policy: {maxBytes: 8388609}}\ndevices: {}',
      '2:31: defaults.policy.maxBytes: expected 8388608 or less, found 8388609',
    ],
    ['an empty file', '', '1:1: missing key "site" (first subject token)'],
    ['a duplicate key', 'site: a\ndevices:\n  x: {platform: frr}\n  x: {platform: eos}', '4:3: duplicate key "x"'],
    ['broken YAML', 'site: a\ndevices: {x: {platform: frr}\n', 'not YAML: '],
    ['a tag that nobody knows', 'site: !vault a\ndevices: {}', 'not YAML: Unresolved tag'],
    [
      'no platform',
      'site: a\ndevices: {leaf1: {role: x}}',
      '2:11: devices.leaf1: no platform: the device, one of its groups or the defaults must say platform: one of eos, ',
    ],
    [
      'a transport that the platform does not have',
      'site: a\ndevices: {xr1: {platform: iosxr, transport: netconf}}',
      '2:45: devices.xr1.transport: iosxr has no transport "netconf", expected one of ssh, telnet',
    ],
    [
      'a transport of the defaults that the platform of a device does not have',
      'site: a\ndefaults: {transport: telnet}\ndevices: {r1: {platform: frr}}',
      '3:11: devices.r1: frr has no transport "telnet", expected ssh',
    ],
    [
      'a misspelt transport',
      'site: a\ndevices: {r1: {platform: eos, transport: eap}}',
      'devices.r1.transport: eos has no transport "eap"; did you mean "eapi"?',
    ],
    [
      'a device under two names',
      'site: a\ndefaults: {platform: frr}\ndevices:\n  r1: {host: 10.0.0.1}\n  r2: {host: 10.0.0.1, options: {}}\n  l1: {host: 10.0.0.1, platform: linux}\n  r3: {host: 10.0.0.1, port: 2222}',
      '5:3: devices.r2: the same device as "r1" (frr at 10.0.0.1): each would undo what the other deploys',
    ],
    [
      'a device under two names of its host, whatever the way in',
      'site: a\ndefaults: {platform: eos}\ndevices:\n  e1: {host: localhost}\n  e2: {host: 127.0.0.1, transport: eapi}',
      '5:3: devices.e2: the same device as "e1" (eos at 127.0.0.1): each would undo what the other deploys',
    ],
    [
      'a file of a server under two names',
      'site: a\ndefaults: {platform: linux}\ndevices:\n  l1: {host: s, options: {files: [/a, /b]}}\n  l2: {host: s, options: {files: [/c]}}\n  l3: {host: s, options: {files: [/d, /b], reload: x}}',
      '6:3: devices.l3: has /b like "l1" (linux at s): each would undo what the other deploys',
    ],
    [
      'a secret that is no reference',
      'site: a\ndevices: {x: {platform: frr, credentials: {username: u, password: hunter2}}}',
      'devices.x.credentials.password: expected {env: …} or {file: …} or {command: …} or {literal: …}, found a text',
    ],
    [
      'a misspelt reference',
      'site: a\ndevices: {x: {platform: frr, credentials: {username: u, password: {evn: A}}}}',
      'found a map of keys; did you mean "env"?',
    ],
    [
      'a reference that is not filled',
      'site: a\ndevices: {x: {platform: frr, credentials: {username: u, password: {command: []}}}}',
      'devices.x.credentials.password.command: expected at least 1 item',
    ],
    ['a YAML 1.1 truth', 'site: a\nlab: yes\ndevices: {}', '2:6: lab: expected true or false, found the text "yes"'],
    [
      'a probe that checks nothing',
      'site: a\ndevices: {x: {platform: frr, policy: {probes: [{command: show x}]}}}',
      'devices.x.policy.probes[0]: expected contains or matches',
    ],
    [
      'a pattern that does not compile',
      'site: a\ndevices: {x: {platform: frr, policy: {probes: [{command: c, matches: "("}]}}}',
      'devices.x.policy.probes[0].matches: expected a regular expression',
    ],
    [
      'a name that templates have already',
      'site: a\ndevices: {x: {platform: frr, vars: {device: 1}}}',
      'devices.x.vars.device: the name is reserved: templates use it for the device itself',
    ],
    [
      'a port out of range',
      'site: a\ndevices: {x: {platform: frr, port: 70000}}',
      'devices.x.port: expected 65535 or less, found 70000',
    ],
    ['a list for a map', 'site: a\ndevices: [x]', 'devices: expected a map of keys, found a list'],
    [
      'a device name with a blank',
      'site: a\ndevices: {"a b": {platform: frr}}',
      'devices["a b"]: not a device name: expected letters, digits',
    ],
    [
      'a bomb of aliases',
      `site: a\ndevices: {}\nx: &x [${'1,'.repeat(50)}]\n${Array.from({ length: 9 }, (_, i) => `y${i}: &y${i} [${`*${i === 0 ? 'x' : `y${i - 1}`},`.repeat(20)}]`).join('\n')}`,
      'cannot be read: ',
    ],
  ])('names %s', async (_what, text, expected) => {
    expect((await problems(text)).join('\n')).toContain(expected);
  });

  it('waits for nothing that is no regular file', async () => {
    const pipe = join(folder, 'pipe.yml');
    execFileSync('mkfifo', [pipe]);
    await expect(loadInventory(pipe)).rejects.toThrow('pipe.yml: cannot be read: it is not a regular file');
  });

  it('says so where there is no file', async () => {
    await expect(loadInventory(join(folder, 'nowhere.yml'))).rejects.toMatchObject({
      code: 'invalid_inventory',
      message: 'nowhere.yml: cannot be read: there is no such file',
      hint: expect.stringContaining('plumb init'),
    });
  });
});

describe('limits', () => {
  it('are those of the site, of each runner and of groups', async () => {
    const { limits } = await load(`
site: dc1
limits: {site: {logins: 20}, runner: {deployments: 50}}
groups: {edge: {limits: {logins: 0.5, deployments: 5}}, leaves: {role: leaf}, empty: }
devices: {r1: {platform: eos, groups: [edge]}}
`);
    expect(limits).toEqual({
      site: { logins: 20 },
      runner: { deployments: 50 },
      groups: new Map([['edge', { logins: 0.5, deployments: 5 }]]),
    });
  });

  it('are of no single device, and none of them is 0', async () => {
    expect(
      await problems(`site: dc1
limits: {runner: {deployments: 0}, site: {logins: 0}}
devices:
  r1: {platform: eos, limits: {logins: 1}}
`),
    ).toEqual([
      expect.stringMatching(/^inventory\.yml:2:\d+: limits\.runner\.deployments: /),
      expect.stringMatching(/^inventory\.yml:2:\d+: limits\.site\.logins: /),
      expect.stringMatching(/^inventory\.yml:4:\d+: devices\.r1\.limits: unknown key/),
    ]);
  });
});

describe('the published files', () => {
  const root = new URL('../../../../', import.meta.url);

  it('have the JSON Schema that the code checks by (npm run schema writes it)', async () => {
    const published = await readFile(new URL('inventory.schema.json', root), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(inventorySchema()));
  });

  it("let editors complete our platforms and take those of one's own, of which the code wants the driver", async () => {
    const valid = new Ajv({ strict: false }).compile(JSON.parse(inventorySchema()));
    const text = (platform: string) => `site: dc1\ndevices: { r1: { platform: ${platform} } }\n`;
    for (const [platform, fine] of [
      ['eos', true],
      ['acme_os', true],
      ['Acme OS', false],
    ] as const)
      expect(valid(parse(text(platform))), platform).toBe(fine);
    expect(inventorySchema()).toMatch(/"platform": \{\s*"anyOf": \[\s*\{\s*"enum": \[\s*"eos"/);
    await writeFile(join(folder, 'own.yml'), text('eoss'));
    await expect(loadInventory(join(folder, 'own.yml'))).rejects.toMatchObject({
      message: expect.stringMatching(/platform: expected one of .*did you mean "eos"\?/),
    });
  });

  it('have an inventory for the lab, with three routers in two roles', async () => {
    const inventory = await loadInventory(new URL('inventory.yml', root).pathname);
    expect(inventory).toMatchObject({ site: 'dc1', lab: true });
    expect(
      [...inventory.devices.values()].map(({ name, host, platform, role, options }) => ({
        name,
        host,
        platform,
        role,
        options,
      })),
    ).toEqual([
      {
        name: 'spine1',
        host: '172.31.255.11',
        platform: 'frr',
        role: 'spine',
        options: { pathspace: 'plumb0-spine1' },
      },
      { name: 'leaf1', host: '172.31.255.21', platform: 'frr', role: 'leaf', options: { pathspace: 'plumb0-leaf1' } },
      { name: 'leaf2', host: '172.31.255.22', platform: 'frr', role: 'leaf', options: { pathspace: 'plumb0-leaf2' } },
    ]);
  });
});

describe('the checks of a policy', () => {
  it('merge key by key, the nearest wins, and a share is a number or off', async () => {
    const text = `site: a
defaults: { platform: frr, policy: { checks: { rib: 25, lldp: off } } }
groups: { g: { policy: { checks: { rib: off, ospf: off } } } }
devices: { r1: { groups: [g], policy: { checks: { ospf: on } } }, r2: {} }
`;
    await writeFile(join(folder, 'checks.yml'), text);
    const { devices } = await loadInventory(join(folder, 'checks.yml'));
    expect(devices.get('r1')?.policy.checks).toMatchObject({
      sent: 10,
      rib: 'off',
      ospf: 'on',
      lldp: 'off',
      isis: 'on',
    });
    expect(devices.get('r2')?.policy.checks).toMatchObject({ rib: 25, ospf: 'on', lldp: 'off' });
  });

  it.each([
    ['checks: { ribs: 1 }', 'unknown key; did you mean "rib"?'],
    ['checks: { rib: on }', 'expected a number or one of off, found'],
    ['checks: { ospf: 5 }', 'expected one of on, off, found 5'],
    ['checks: { fib: 101 }', 'expected a number or one of off, found 101'],
  ])('are refused where they mean nothing: %s', async (policy, expected) => {
    const found = await problems(`site: a\ndevices: { x: { platform: frr, policy: { ${policy} } } }`);
    expect(found.join('\n')).toContain(expected);
  });
});
