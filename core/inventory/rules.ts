import { didYouMean } from '../../engines/nearest.ts';
import { devicePattern } from '../bus.ts';
import { named } from '../by-name.ts';
import { defaultPlatform, platformNames, transportsOf } from '../platform-names.ts';
import { checkSchema } from './check.ts';
import { type DeviceEntry, type GroupEntry, type InventoryFile, inventoryFile } from './schema.ts';
import type { Problem } from './yaml.ts';

/** Names that every template has, whatever the inventory says. */
const reservedVars: Record<string, string> = {
  device: 'the device itself',
  devices: 'all devices',
  site: 'the site',
};

const secretNames = ['password', 'key', 'passphrase', 'enable'] as const;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameProblem = (name: string): string | undefined => {
  if (new RegExp(devicePattern).test(name)) return undefined;
  const reason = name.includes('.')
    ? `a host name with dots goes into host: name it "${name.split('.')[0]}" and give it host: ${name}`
    : 'expected letters, digits, "_" and "-" only, 63 at most';
  return `not a device name: ${reason}`;
};

/**
 * The layers of a device, farthest first: defaults, the groups in the order that the device names them, the device.
 */
export const layersOf = (file: InventoryFile, device: DeviceEntry): GroupEntry[] => [
  file.defaults ?? {},
  ...(device.groups ?? []).map((name) => named(file.groups ?? {}, name) ?? {}),
  device,
];

/**
 * What a schema cannot express: names, groups that exist, secrets that are not written down, patterns that compile.
 */
const checkEntry = (file: InventoryFile, at: readonly string[], entry: GroupEntry): Problem[] => {
  const problems: Problem[] = [];
  for (const name of secretNames) {
    const secret = entry.credentials?.[name];
    if (secret && 'literal' in secret && !file.lab) {
      const text = 'a literal secret is refused outside a lab: use env, file or command, or say lab: true at the top';
      problems.push({ path: [...at, 'credentials', name, 'literal'], text, on: 'key' });
    }
  }
  const agent = entry.credentials?.agent;
  if (typeof agent === 'string' && !/^SHA256:[A-Za-z0-9+/]{43}$/.test(agent)) {
    const text = 'expected true, or the fingerprint of a key as `ssh-add -l` shows it: SHA256:…';
    problems.push({ path: [...at, 'credentials', 'agent'], text });
  }
  for (const name of Object.keys(entry.vars ?? {})) {
    const taken = Object.hasOwn(reservedVars, name) ? reservedVars[name] : undefined;
    if (taken)
      problems.push({
        path: [...at, 'vars', name],
        text: `the name is reserved: templates use it for ${taken}`,
        on: 'key',
      });
  }
  for (const [index, probe] of (entry.policy?.probes ?? []).entries()) {
    const path = [...at, 'policy', 'probes', index];
    if (probe.contains === undefined && probe.matches === undefined) {
      problems.push({ path, text: 'expected contains or matches: a probe without them checks nothing' });
    }
    try {
      new RegExp(probe.matches ?? '', 'm');
    } catch (error) {
      problems.push({ path: [...path, 'matches'], text: `expected a regular expression: ${(error as Error).message}` });
    }
  }
  return problems;
};

/** Otherwise a transport that the platform does not have would be ignored, or noticed only at the first login. */
const checkTransport = (file: InventoryFile, name: string, device: DeviceEntry): Problem[] => {
  const layers = layersOf(file, device);
  const nearest = layers.findLastIndex((layer) => layer.transport !== undefined);
  const transport = layers[nearest]?.transport;
  const platform = layers.findLast((layer) => layer.platform)?.platform ?? '';
  const known = transportsOf(platform);
  if (transport === undefined || known.length === 0 || known.includes(transport)) return [];
  const own = nearest === layers.length - 1;
  const guess = didYouMean(transport, known) || `, expected ${known.length > 1 ? 'one of ' : ''}${known.join(', ')}`;
  const text = `${platform} has no transport "${transport}"${guess}`;
  return [own ? { path: ['devices', name, 'transport'], text } : { path: ['devices', name], text, on: 'key' }];
};

/** A name of a host as it is compared. */
const hostOf = (name: string): string => (name === 'localhost' ? '127.0.0.1' : name);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Two entries for one device, or for one file of a server, would each undo what the other deploys. */
const checkTwice = (file: InventoryFile): Problem[] => {
  const seen = new Map<string, string>();
  return Object.entries(file.devices).flatMap(([name, device]): Problem[] => {
    const layers = layersOf(file, device ?? {});
    const last = (key: 'platform' | 'transport' | 'port') =>
      layers.findLast((layer) => layer[key] !== undefined)?.[key];
    const host = device?.host ?? name;
    const [platform, port] = [last('platform'), last('port')];
    // at their usual ports, all transports lead to one device; a port may lead to another behind the same address
    const at = [hostOf(host), platform, port, port === undefined ? undefined : last('transport')];
    const options: Record<string, unknown> = Object.assign({}, ...layers.map((layer) => layer.options));
    const whole = JSON.stringify([...at, Object.entries(options).sort()]);
    const files = listOf(options.files).map((path) => [path, JSON.stringify([...at, options.jump, path])] as const);
    const twin = seen.get(whole);
    const [shared, key = ''] = files.find(([, part]) => seen.has(part)) ?? [];
    for (const each of [whole, ...files.map(([, part]) => part)]) if (!seen.has(each)) seen.set(each, name);
    const what = twin === undefined ? `has ${shared} like` : 'the same device as';
    const other = twin ?? seen.get(key);
    if (other === undefined) return [];
    const text = `${what} "${other}" (${platform} at ${host}): each would undo what the other deploys`;
    return [{ path: ['devices', name], text, on: 'key' }];
  });
};

const checkFile = (file: InventoryFile): Problem[] => {
  const groups = Object.keys(file.groups ?? {});
  const problems = [
    ...checkEntry(file, ['defaults'], file.defaults ?? {}),
    ...Object.entries(file.groups ?? {}).flatMap(([name, group]) => checkEntry(file, ['groups', name], group ?? {})),
  ];
  for (const [name, device] of Object.entries(file.devices)) {
    const path = ['devices', name];
    const wrong = nameProblem(name);
    if (wrong) problems.push({ path, text: wrong, on: 'key' });
    problems.push(...checkEntry(file, path, device ?? {}));
    for (const [index, group] of (device?.groups ?? []).entries()) {
      if (groups.includes(group)) continue;
      const known = groups.length > 0 ? `, expected one of ${groups.join(', ')}` : ': there are no groups';
      const text = `unknown group "${group}"${didYouMean(group, groups) || known}`;
      problems.push({ path: [...path, 'groups', index], text });
    }
    problems.push(...checkTransport(file, name, device ?? {}));
    if (!layersOf(file, device ?? {}).some((layer) => layer.platform)) {
      const text = `no platform: the device, one of its groups or the defaults must say platform: one of ${platformNames().join(', ')}`;
      problems.push({ path, text, on: 'key' });
    }
  }
  return [...problems, ...checkTwice(file)];
};

/** Removes what the schema refused, so that everything else is checked in the same pass. */
const soundEntry = (entry: unknown, wrong: readonly (string | undefined)[]): unknown => {
  if (!isRecord(entry) || wrong.includes(undefined)) return { platform: defaultPlatform };
  const kept = Object.entries(entry).filter(([key]) => !wrong.includes(key));
  return { ...Object.fromEntries(kept), ...(wrong.includes('platform') ? { platform: defaultPlatform } : {}) };
};

const soundPart = (value: unknown, problems: readonly Problem[]): InventoryFile => {
  const file = isRecord(value) ? value : {};
  const paths = problems.map(({ path }) => path.map(String));
  const wrongAt = (...at: string[]) =>
    paths.filter((path) => at.every((key, index) => path[index] === key)).map((path) => path[at.length]);
  const section = (name: string) => {
    const entries = Object.entries(isRecord(file[name]) ? file[name] : {});
    return Object.fromEntries(entries.map(([key, entry]) => [key, soundEntry(entry ?? {}, wrongAt(name, key))]));
  };
  const defaults = soundEntry(file.defaults ?? {}, wrongAt('defaults'));
  return { ...file, defaults, groups: section('groups'), devices: section('devices') } as InventoryFile;
};

/** Everything that is wrong with an inventory's contents. */
export const inventoryProblems = (value: unknown): Problem[] => {
  const problems = checkSchema(inventoryFile(platformNames()), value ?? {});
  const sound = problems.length > 0 ? soundPart(value, problems) : (value as InventoryFile);
  return [...problems, ...checkFile(sound)];
};
