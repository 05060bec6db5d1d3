// The one list of platforms that is not a driver's: the watcher and the API read inventories, and import no runner.

/** The transports of each platform that comes with Plumbline; the first is used if the inventory names none. */
export const transports = {
  eos: ['ssh', 'eapi'],
  junos: ['netconf', 'ssh', 'telnet'],
  iosxr: ['ssh', 'telnet'],
  nxos: ['ssh', 'telnet'],
  ios: ['ssh', 'telnet'],
  frr: ['ssh'],
  bird: ['ssh'],
  linux: ['ssh'],
  netconf: ['netconf'],
  huawei_vrp: ['ssh', 'telnet'],
  hp_comware: ['ssh', 'telnet'],
  generic: ['ssh', 'telnet'],
} as const satisfies Record<string, readonly string[]>;

type Own = keyof typeof transports;
/** One of ours, or one from a driver loaded from a file. */
export type Platform = Own | (string & Record<never, never>);
export const platformPattern = '^[a-z][a-z0-9_]{1,31}$';

/** Those that come with Plumbline. */
export const platforms = Object.keys(transports) as readonly Own[];

/** For a device whose inventory names none. */
export const defaultPlatform = 'generic' satisfies Own;

/** For this process: drivers are loaded from files once, when it starts. */
const loaded = new Map<string, readonly string[]>();

/** Lets the inventory name a platform whose driver was loaded from a file. */
export const admitPlatform = (name: string, ways: readonly string[]): void => {
  loaded.set(name, ways);
};

/** The transports of a platform; [] for one that is not known. */
export const transportsOf = (platform: string): readonly string[] =>
  new Map<string, readonly string[]>([...Object.entries(transports), ...loaded]).get(platform) ?? [];

/** Every platform that a device may have: those that come with Plumbline, and those that were loaded. */
export const platformNames = (): string[] => [...platforms, ...loaded.keys()];
