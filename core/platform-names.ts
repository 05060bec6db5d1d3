import { platforms } from './bus.ts';

/** Of this process: drivers are loaded from files once, when it starts. */
const loaded = new Set<string>();

/** Lets the inventory name a platform whose driver was loaded from a file. */
export const admitPlatform = (name: string): void => {
  loaded.add(name);
};

/** Every platform that a device may have: those that come with Plumbline, and those that were loaded. */
export const platformNames = (): string[] => [...platforms, ...loaded];
