import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { loadInventory } from '../../core/inventory/inventory.ts';
import type { Inventory } from '../../core/inventory/schema.ts';
import { forever } from '../../lab/proof/target.ts';
import type { Session } from '../../runners/driver.ts';
import { certificatePins, pinCertificate } from '../../runners/transports/tls/pins.ts';
import { Gate } from './gate.ts';
import { birdSubject, linuxSubject, missing, netconfSubject } from './real.ts';
import { simulatedSubject } from './simulated.ts';
import type { Subject } from './subject.ts';

/** Every platform and transport that has a trial, simulated or real. */
export const subjectTable = {
  'eos-ssh': () => simulatedSubject('eos', 'ssh'),
  'eos-eapi': () => simulatedSubject('eos', 'eapi'),
  'junos-netconf': () => simulatedSubject('junos', 'netconf'),
  'junos-ssh': () => simulatedSubject('junos', 'ssh'),
  'iosxr-ssh': () => simulatedSubject('iosxr', 'ssh'),
  'nxos-ssh': () => simulatedSubject('nxos', 'ssh'),
  'ios-ssh': () => simulatedSubject('ios', 'ssh'),
  'ios-telnet': () => simulatedSubject('ios', 'telnet'),
  ...(missing && !process.env.CI ? {} : { bird: birdSubject, netconf: netconfSubject, linux: linuxSubject }),
} as const satisfies Record<string, () => Promise<Subject>>;

/** Why real daemons are not among them; '' where they are. */
export const lacks = missing && !process.env.CI ? ` (without real ones: no ${missing})` : '';

/** Names of the subjects that are tested: all, or those of PLUMB_SUBJECTS, separated by commas. */
export const subjectNames = Object.keys(subjectTable).filter((name) =>
  (process.env.PLUMB_SUBJECTS ?? name).split(',').includes(name),
);

/** The number of the text that a check finds bad once it runs. */
export const poison = 166;

export type Subjects = AsyncDisposable & {
  /** Holds inventory.yml and .plumb/known_hosts, as a user's repository does. */
  folder: string;
  inventory: Inventory;
  knownHosts: string;
  all: readonly Subject[];
  get(name: string): Subject;
  gate(name: string): Gate;
  /** Logs in by our own driver. */
  open(name: string): Promise<Session>;
  /** Pins the host key or certificate that a device has now, as `plumb trust` does. */
  pin(name: string): void;
};

/** Starts devices and writes the repository that names them, each behind a gate. */
export const startSubjects = async (
  names: readonly string[],
  policy: Record<string, unknown> = {},
): Promise<Subjects> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-subjects-'));
  const knownHosts = join(folder, '.plumb', 'known_hosts');
  const table: Record<string, () => Promise<Subject>> = subjectTable;
  const all = await Promise.all(names.flatMap((name) => table[name]?.() ?? []));
  const gates = new Map<string, Gate>();
  for (const subject of all) gates.set(subject.name, await new Gate(() => subject.port).listen());
  const get = (name: string): Subject => {
    const found = all.find((subject) => subject.name === name);
    if (!found) throw new Error(`no subject ${name}`);
    return found;
  };
  const gate = (name: string): Gate => {
    const found = gates.get(name);
    if (!found) throw new Error(`no gate for ${name}`);
    return found;
  };
  const pins = new Map<string, { key: string | undefined; certificate: string | undefined }>();
  const pin = (...named: string[]): void => {
    for (const name of named) {
      const subject = get(name);
      pins.set(name, { key: subject.hostKey(), certificate: subject.certificate?.() });
    }
    const keys = [...pins].map(([name, { key }]) => (key ? `[127.0.0.1]:${gate(name).port} ${key}\n` : ''));
    const certificates = [...pins].reduce(
      (text, [name, { certificate }]) =>
        certificate ? pinCertificate(text, '127.0.0.1', gate(name).port, certificate, '') : text,
      '',
    );
    for (const [path, text] of [
      [knownHosts, keys.join('')],
      [certificatePins(knownHosts), certificates],
    ] as const) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path); // who reads it meanwhile sees all of it
    }
  };
  const devices = Object.fromEntries(
    all.map(({ name, entry, probe: command, mark }) => {
      const probes = [{ name: 'poison', command, contains: mark(poison), not: true }];
      return [name, { ...entry, port: gate(name).port, policy: { probes } }];
    }),
  );
  const inventory = { site: 'dc1', lab: true, defaults: { policy: { firstDeployment: 'auto', ...policy } }, devices };
  await writeFile(join(folder, 'inventory.yml'), JSON.stringify(inventory, undefined, 2));
  await mkdir(join(folder, '.plumb'), { mode: 0o700 });
  pin(...all.map(({ name }) => name));
  const loaded = await loadInventory(join(folder, 'inventory.yml'));
  const open = async (name: string): Promise<Session> => {
    const device = loaded.devices.get(name);
    if (!device) throw new Error(`no device ${name}`);
    const credentials = await resolveCredentials(loaded, device);
    return get(name).driver.open({ device, credentials, knownHosts }, forever);
  };
  return {
    folder,
    inventory: loaded,
    knownHosts,
    all,
    get,
    gate,
    open,
    pin,
    [Symbol.asyncDispose]: async () => {
      for (const each of gates.values()) await each[Symbol.asyncDispose]();
      await Promise.all(all.map((subject) => subject[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
