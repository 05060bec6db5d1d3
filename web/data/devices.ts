import { signal } from '@preact/signals';
import type { Device } from './types.ts';

/** All devices, by name; undefined until they were read once. */
export const devices = signal<ReadonlyMap<string, Device> | undefined>(undefined);

/** What came since it was shown last; undefined: the device is gone. */
const news = new Map<string, Device | undefined>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** A large fleet is drawn less often, so that it can be read and scrolled while much changes. */
const pauseMs = (size: number): number => (size > 500 ? 500 : 50);

const byName = (one: string, other: string): number => (one < other ? -1 : 1);

const show = (): void => {
  timer = undefined;
  const before = devices.peek() ?? new Map<string, Device>();
  const added = [...news].some(([name, device]) => device && !before.has(name));
  const after = new Map(before);
  for (const [name, device] of news) {
    if (device) after.set(name, device);
    else after.delete(name);
  }
  news.clear();
  devices.value = added ? new Map([...after].sort(([one], [other]) => byName(one, other))) : after;
};

/** Takes the whole list in place of what was known. */
export const setDevices = (items: readonly Device[]): void => {
  clearTimeout(timer);
  timer = undefined;
  news.clear();
  devices.value = new Map(items.map((item) => [item.device, item]));
};

/** Takes one device anew; undefined: it is gone. */
export const setDevice = (name: string, device: Device | undefined): void => {
  news.set(name, device);
  timer ??= setTimeout(show, pauseMs(devices.peek()?.size ?? 0));
};
