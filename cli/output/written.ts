import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a reader that takes nothing may delay a process that was told to stop. */
const graceMs = 2_000;

/**
 * A pipe takes 64 KiB at a time and the rest stays in this process: waits until the reader has all of it, or has gone.
 */
export const written = async (streams: readonly Writable[], signal: AbortSignal): Promise<void> => {
  const flushed = Promise.all(streams.map((stream) => new Promise((resolve) => stream.write('', resolve))));
  const stopped = async () => {
    if (!signal.aborted) await once(signal, 'abort');
    await wait(graceMs);
  };
  await Promise.race([flushed, stopped()]);
};
