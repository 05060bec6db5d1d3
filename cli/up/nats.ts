import { readdir, rm, stat, statfs, utimes, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setInterval as each, setTimeout as wait } from 'node:timers/promises';
import { buckets } from '../../core/bus.ts';
import { explain } from '../../core/errors.ts';
import { listHolders } from '../../core/store/leases/holders.ts';
import { type NatsServer, startNatsServer } from '../../core/store/server/nats-server.ts';
import type { Store } from '../../core/store/store.ts';

/** A nats-server that is started again on the same port when it dies. */
type KeptServer = AsyncDisposable & { url: string; kill(): void };

/** A holder in a store that was not written to for so long no longer holds anything. */
const settledMs = 10_000;

/** When a bucket in the store of a nats-server was last written to; -Infinity: never. */
const writtenMs = async (folder: string, bucket: string): Promise<number> => {
  const files = await readdir(join(folder, 'jetstream'), { recursive: true, withFileTypes: true }).catch(() => []);
  const ours = files.filter((file) => file.isFile() && file.parentPath.split(sep).includes(`KV_${bucket}`));
  const times = await Promise.all(
    ours.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs),
  );
  return Math.max(-Infinity, ...times);
};

const freeFile = (folder: string): string => join(folder, 'no-device-is-held');

/** Before the server is stopped: releases what was held, so that the next start need not wait. */
export const noteFree = async (folder: string, store: Store): Promise<void> => {
  const held = await listHolders(store).catch(() => undefined); // NATS may stop before us
  if (held?.size === 0) await writeFile(freeFile(folder), '');
};

/**
 * Whether, according to this folder, no runner can still hold a device: its server does not run, and every holder was
 * its client.
 */
export const isSettled = async (folder: string, site: string): Promise<boolean> => {
  const isFree = await rm(freeFile(folder)).then(
    () => true,
    () => false,
  );
  return isFree || Date.now() - (await writtenMs(folder, buckets.lease(site))) > settledMs;
};

/** Below the first a disk counts as full, above the second as having room again. */
const fullBytes = 1024 * 1024;
const roomBytes = 4 * fullBytes;
const lookMs = 2_000;

const roomIn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** `read-only`: the kernel no longer allows writes, as after a disk error. `away`: unmounted. */
const diskOf = async (folder: string): Promise<'fine' | 'read-only' | 'away'> => {
  const now = new Date();
  try {
    await utimes(join(folder, 'nats.conf'), now, now); // the mount still claims to be writable: only a write shows it
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EROFS') return 'read-only';
    if (code === 'ENOENT') return 'away';
  }
  return 'fine';
};

/**
 * @param users the `accounts` block of its configuration
 * @param say called when it died and was started again
 */
export const keepNatsServer = async (
  folder: string,
  users: string,
  say: (text: string) => void,
): Promise<KeptServer> => {
  let server: NatsServer = await startNatsServer(folder, 0, users);
  const { url } = server;
  const port = Number(new URL(url).port);
  const stop = new AbortController();
  let told = '';
  let isMended: Promise<void> | undefined;
  /**
   * Without a server the file system can be unmounted; a server started before it is back would begin an empty store.
   */
  const untilFine = async () => {
    say(
      `warning: the file system of ${folder} is read-only: nothing is deployed or recorded. nats-server is stopped, ` +
        'so that it can be unmounted, repaired (`dmesg` says why) and mounted again\n',
    );
    while (!stop.signal.aborted && (await diskOf(folder)) !== 'fine')
      await wait(1_000, undefined, { signal: stop.signal }).catch(() => {});
    if (!stop.signal.aborted) say(`warning: the file system of ${folder} can be written to again\n`);
    isMended = undefined;
  };
  const keep = async () => {
    while (!stop.signal.aborted) {
      const code = await server.exited;
      await isMended;
      if (stop.signal.aborted) return;
      say(`warning: nats-server ended (${code ?? 'killed'}), starting it again\n`);
      try {
        server = await startNatsServer(folder, port, users);
      } catch (error) {
        if (explain(error) !== told) say(`warning: ${explain(error)}\n`);
        told = explain(error);
        await wait(1_000, undefined, { signal: stop.signal }).catch(() => {});
      }
    }
  };
  const kill = () => {
    try {
      process.kill(server.pid, 'SIGKILL');
    } catch {} // gone already
  };
  /** A server that found its disk full no longer answers, even when there is room again. */
  const watchRoom = async () => {
    let full = false;
    for await (const _ of each(lookMs, undefined, { signal: stop.signal })) {
      if ((await diskOf(folder)) === 'read-only' && !isMended) {
        isMended = untilFine();
        kill();
      }
      const room = await roomIn(folder).catch(() => roomBytes);
      if (!full && room < fullBytes) {
        full = true;
        say(`warning: the disk of ${folder} is full: nothing is deployed or recorded until there is room\n`);
      } else if (full && room >= roomBytes) {
        full = false;
        say('warning: there is room on the disk again\n');
        kill();
      }
    }
  };
  const kept = Promise.all([keep(), watchRoom().catch(() => {})]);
  return {
    url,
    kill,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server[Symbol.asyncDispose]();
      await kept;
    },
  };
};
