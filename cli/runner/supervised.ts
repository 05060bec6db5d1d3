import { type Avoid, beatEveryMs, supervisorVariable, type Told } from './messages.ts';

/** The channel from a runner to its supervisor, if it has one. */
type Supervisor = Disposable & {
  tell(what: Told): void;
  /** @param avoid called with the devices to leave alone, whenever that changes */
  onAvoid(avoid: (devices: ReadonlySet<string>) => void): void;
};

/** @param lost called when the supervisor is gone: nobody would stop us */
export const supervisor = (lost: () => void): Supervisor | undefined => {
  // others talk to their children this way too: process managers, test runners
  if (!process.connected || process.env[supervisorVariable] !== String(process.ppid)) return undefined;
  const tell = (what: Told) => {
    if (process.connected) process.send?.(what, undefined, {}, () => {}); // it may be gone in this moment
  };
  const beat = setInterval(() => tell({ kind: 'beat' }), beatEveryMs).unref();
  process.on('disconnect', lost);
  const hear: ((message: unknown) => void)[] = [];
  return {
    tell,
    onAvoid: (avoid) => {
      const heard = (message: unknown) => avoid(new Set((message as Avoid).avoid));
      hear.push(heard);
      process.on('message', heard);
    },
    [Symbol.dispose]: () => {
      clearInterval(beat);
      process.off('disconnect', lost);
      for (const one of hear) process.off('message', one);
      if (process.connected) process.disconnect(); // else it keeps us alive
    },
  };
};
