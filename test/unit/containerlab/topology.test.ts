import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadInventory } from '../../../core/inventory/inventory.ts';
import type { Inventory } from '../../../core/inventory/schema.ts';
import { hostname as eosHostname } from '../../../runners/drivers/eos/config.ts';
import { frr } from '../../../runners/drivers/frr/platform.ts';
import { topologySchema } from './schema.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, 'containerlab');

type Node = {
  group?: string;
  kind?: string;
  image?: string;
  cmd?: string;
  binds?: string[];
  env?: Record<string, unknown>;
  'mgmt-ipv4'?: string;
};
type Topology = {
  name: string;
  mgmt: { network: string; 'ipv4-subnet': string };
  topology: { groups: Record<string, Node>; nodes: Record<string, Node>; links: { endpoints: string[] }[] };
};

const labs = [
  { lab: 'frr', inventory: 'frr/inventory.yml', repository: '/repo', hostname: frr.hostname },
  { lab: 'ceos', inventory: 'ceos/inventory.yml', repository: '/repo/containerlab/ceos', hostname: eosHostname },
];

describe.each(labs)('the topology $lab.clab.yml', ({ lab, inventory: inventoryPath, repository, hostname }) => {
  const path = join(folder, `${lab}.clab.yml`);
  const text = readFileSync(path, 'utf8');
  const file = parse(text) as Topology;
  const { groups, nodes, links } = file.topology;
  const settings = Object.values(nodes).map((node): Node => {
    const group = groups[node.group ?? ''] ?? {};
    return {
      ...group,
      ...node,
      binds: [...(group.binds ?? []), ...(node.binds ?? [])],
      env: { ...group.env, ...node.env },
    };
  });
  const runners = settings.filter(({ cmd }) => cmd === 'runner');
  let inventory: Inventory;
  beforeAll(async () => {
    inventory = await loadInventory(join(folder, inventoryPath));
  });

  it('says nothing that containerlab would not take', () => {
    expect([...Value.Errors(topologySchema, file)]).toEqual([]);
    const wrong: [Partial<Topology['topology']>, string][] = [
      [{ nodes: { ...nodes, leaf1: { imagge: 'x' } as Node } }, '/topology/nodes/leaf1'],
      [{ nodes: { ...nodes, leaf1: { kind: 'arista_eos' } } }, '/topology/nodes/leaf1/kind'],
      [{ nodes: { ...nodes, leaf1: { binds: ['nats.conf'] } } }, '/topology/nodes/leaf1/binds/0'],
      [{ nodes: { ...nodes, leaf1: { 'mgmt-ipv4': '172.31.100.0/24' } } }, '/topology/nodes/leaf1/mgmt-ipv4'],
      [{ links: [{ endpoints: ['spine1:eth1'] }] }, '/topology/links/0/endpoints'],
      [{ links: [{ endpoints: ['spine1:eth0', 'leaf1:eth1'] }] }, '/topology/links/0/endpoints/0'],
    ];
    for (const [part, where] of wrong) {
      const found = [...Value.Errors(topologySchema, { ...file, topology: { ...file.topology, ...part } })];
      expect(found.map(({ instancePath }) => instancePath)).toContain(where);
    }
  });

  it('gives each node an address of its own, a group that there is, and each interface one link', () => {
    for (const { group } of Object.values(nodes)) if (group) expect(groups).toHaveProperty(group);
    const addresses = Object.values(nodes).flatMap((node) => node['mgmt-ipv4'] ?? []);
    const ends = links.flatMap(({ endpoints }) => endpoints);
    for (const each of [addresses, ends]) expect(new Set(each).size).toBe(each.length);
  });

  it('binds only what is there', () => {
    const binds = settings.flatMap(({ binds }) => binds ?? []);
    expect(binds.length).toBeGreaterThan(0);
    for (const bind of binds) expect(existsSync(resolve(dirname(path), bind.split(':')[0] ?? '')), bind).toBe(true);
  });

  it('has one runner for each device of its inventory', () => {
    expect(runners.map(({ env }) => env?.DEVICE).sort()).toEqual([...inventory.devices.keys()].sort());
  });

  it('reaches each device where the inventory says it is, in the management network', () => {
    for (const { name, host } of inventory.devices.values()) {
      expect(nodes[name]?.['mgmt-ipv4']).toBe(host);
      expect(host.startsWith(file.mgmt['ipv4-subnet'].replace(/0\/24$/, ''))).toBe(true);
    }
  });

  it('gives each process a NATS user of its role, and no other password', () => {
    for (const { cmd, env } of settings.filter(({ group }) => group === 'plumbline')) {
      const role = { watch: 'watcher', runner: 'runner', api: 'api' }[cmd?.split(' ')[0] ?? ''];
      expect(env).toMatchObject({ NATS_USER: role, NATS_PASSWORD: `\${NATS_${role?.toUpperCase()}_PASSWORD}` });
      const url = `nats://${nodes.nats?.['mgmt-ipv4']}:4222`;
      expect(env?.NATS_URL).toBe(url);
      const secrets = Object.keys(env ?? {}).filter((name) => name.endsWith('_PASSWORD') && name !== 'NATS_PASSWORD');
      expect(secrets).toEqual(lab === 'frr' && role === 'runner' ? ['ROUTER_PASSWORD'] : []);
    }
  });

  it('asks for no password that containerlab/up does not make', () => {
    const up = readFileSync(join(folder, 'up'), 'utf8');
    const made = /for name in ([A-Z_ ]+); do/
      .exec(up)?.[1]
      ?.split(' ')
      .map((name) => `${name}_PASSWORD`);
    for (const [, name] of text.matchAll(/\$\{(\w+)\}/g)) expect(made).toContain(name);
  });

  it('has an intended configuration for each device, that names it', () => {
    const intended = join(root, repository.replace(/^\/repo\/?/, ''), 'intended/configs');
    for (const name of inventory.devices.keys()) {
      expect(hostname(readFileSync(join(intended, `${name}.cfg`), 'utf8'))).toBe(name);
    }
  });

  it('links only nodes that it has', () => {
    for (const { endpoints } of links) {
      for (const endpoint of endpoints) expect(nodes).toHaveProperty(endpoint.split(':')[0] ?? '');
    }
  });
});

describe('the images', () => {
  const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');

  it('copy only what is there and what the build may see', () => {
    const seen = readFileSync(join(folder, 'Dockerfile.dockerignore'), 'utf8').match(/^!.+$/gm) ?? [];
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(?:--\S+ )?(.+) \S+$/gm)].flatMap(
      ([, paths]) => paths?.split(' ') ?? [],
    );
    expect(sources.length).toBeGreaterThan(8);
    for (const source of sources) {
      expect(existsSync(join(root, source)), source).toBe(true);
      expect(
        seen.some((pattern) => source.startsWith(pattern.slice(1))),
        source,
      ).toBe(true);
    }
  });

  it('hold every folder that is compiled', () => {
    const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
    for (const source of include) expect(dockerfile).toContain(`\nCOPY ${source} ${source}\n`);
  });

  it('run Plumbline as a plain user', () => {
    const plumb = dockerfile.slice(dockerfile.indexOf('AS plumb'), dockerfile.indexOf('AS frr'));
    expect(plumb).toMatch(/^USER node$/m);
  });

  it.each(['up', 'frr/entrypoint.sh'])('%s can be run', (script) => {
    expect(statSync(join(folder, script)).mode & 0o111).toBe(0o111);
  });
});
