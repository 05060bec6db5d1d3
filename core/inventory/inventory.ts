import { basename, resolve } from 'node:path';
import { defaultPlatform } from '../platform-names.ts';
import type { SiteLimits } from './limits.ts';
import { mergeDeep } from './merge.ts';
import { inventoryProblems, layersOf } from './rules.ts';
import {
  type Device,
  type DeviceEntry,
  defaultPolicy,
  type GroupEntry,
  type Inventory,
  type InventoryFile,
} from './schema.ts';
import { readYaml } from './yaml.ts';

type Hosts = Readonly<Record<string, { host: string; port?: number }>>;

const toDevice = (file: InventoryFile, name: string, entry: DeviceEntry, hosts: Hosts): Device => {
  const layers = layersOf(file, entry);
  const last = <K extends keyof GroupEntry>(key: K) => layers.findLast((layer) => layer[key] !== undefined)?.[key];
  const at = Object.hasOwn(hosts, name) ? hosts[name] : undefined;
  return {
    name,
    host: at?.host ?? entry.host ?? name,
    platform: last('platform') ?? defaultPlatform,
    transport: last('transport'),
    port: at?.port ?? last('port'),
    credentials: last('credentials'),
    role: last('role'),
    groups: entry.groups ?? [],
    vars: layers.reduce<Record<string, unknown>>((vars, layer) => mergeDeep(vars, layer.vars ?? {}), {}),
    policy: {
      ...Object.assign({}, defaultPolicy, ...layers.map((layer) => layer.policy)),
      checks: Object.assign({}, defaultPolicy.checks, ...layers.map((layer) => layer.policy?.checks)),
    },
    options: Object.fromEntries(layers.flatMap((layer) => Object.entries(layer.options ?? {}))),
  };
};

const limitsOf = (file: InventoryFile): SiteLimits => ({
  ...file.limits,
  groups: new Map(
    Object.entries(file.groups ?? {}).flatMap(([name, group]) => (group?.limits ? [[name, group.limits]] : [])),
  ),
});

/**
 * Reads the inventory and adds to each device what defaults and its groups provide.
 *
 * @param options.hosts where devices are reached, instead of the hosts in the file (a lab that just came up)
 * @throws PlumbError `invalid_inventory` with all problems, a line each: file, line, column, key path, what is expected
 */
export const loadInventory = async (path: string, options: { hosts?: Hosts } = {}): Promise<Inventory> => {
  const hint = 'run `plumb init` for a new repository, or name the file with --inventory';
  const yaml = await readYaml(path, basename(path), 'invalid_inventory', hint);
  yaml.refuse(inventoryProblems(yaml.value));
  const file = (yaml.value ?? {}) as InventoryFile;
  const devices = Object.entries(file.devices).map(([name, entry]) => {
    return [name, toDevice(file, name, entry ?? {}, options.hosts ?? {})] as const;
  });
  const { site, lab = false } = file;
  return { site, lab, path: resolve(path), devices: new Map(devices), limits: limitsOf(file) };
};
