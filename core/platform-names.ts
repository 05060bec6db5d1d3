import { platforms } from './bus.ts';

/** How each platform that comes with Plumbline is logged in to; the first one is used where the inventory names none. */
export const transports = {
  bird: ['ssh'],
  eos: ['ssh', 'eapi'],
  frr: ['ssh'],
  generic: ['ssh', 'telnet'],
  hp_comware: ['ssh', 'telnet'],
  huawei_vrp: ['ssh', 'telnet'],
  ios: ['ssh', 'telnet'],
  iosxr: ['ssh', 'telnet'],
  junos: ['netconf', 'ssh', 'telnet'],
  linux: ['ssh'],
  netconf: ['netconf'],
  nxos: ['ssh', 'telnet'],
} as const satisfies Record<(typeof platforms)[number], readonly string[]>;

/** Of this process: drivers are loaded from files once, when it starts. */
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
