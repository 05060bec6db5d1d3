import { explain } from '../core/errors.ts';
import { log as defaultLog, type Log } from '../core/log.ts';
import type { Store } from '../core/store/store.ts';
import { lookWhenAsked } from './asked.ts';
import type { Announce, WatcherEvent } from './events.ts';
import { Work } from './publishing/keep-published.ts';
import type { Source } from './source.ts';

type WatcherOptions = {
  store: Store;
  /** From `openFiles` or `openGit`; belongs to the watcher from now on and is closed with it. */
  source: Source;
  /** Ends the watcher; so does disposing of it. */
  signal?: AbortSignal;
  /** Told of everything that happens. */
  onEvent?: Announce;
  /** Each event is a line in it; that of the process where neither is given. */
  log?: Log;
  /** How often everything is compared without an event. */
  reconcileMs?: number;
};

export type Watcher = AsyncDisposable & {
  /** Resolves when everything that the source holds was compared, and published where it differed, once. */
  readonly ready: Promise<void>;
  /** Resolves when the watcher was stopped; rejects with what it cannot go on after. */
  readonly ended: Promise<void>;
};

/** Publishes what a source holds, now and whenever it changes, until it is stopped. */
export const startWatcher = (options: WatcherOptions): Watcher => {
  const { store, source, signal, onEvent, reconcileMs = 60_000 } = options;
  const log = options.log ?? (onEvent ? undefined : defaultLog);
  const logged = log && toLog(log);
  const stop = new AbortController();
  const parts = {
    store,
    source,
    announce: (event: WatcherEvent) => {
      onEvent?.(event);
      logged?.(event);
    },
    reconcileMs,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  };
  let caughtUp = () => {};
  const first = new Promise<void>((resolve) => {
    caughtUp = resolve;
  });
  const deaf = lookWhenAsked(store, source);
  const ended = new Work(parts, caughtUp).run().finally(() => {
    deaf();
    return source[Symbol.asyncDispose]();
  });
  ended.catch(() => {}); // told to whoever awaits it
  return {
    ready: Promise.race([first, ended]),
    ended,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended.catch(() => {});
    },
  };
};

const toLog =
  (log: Log): Announce =>
  (event: WatcherEvent) => {
    switch (event.kind) {
      case 'noticed':
        return log.info(event, `${event.path} changed`);
      case 'published':
        return log.info(event, `published ${event.path}`);
      case 'rendered':
        return log.info(event, 'rendered anew');
      case 'unmanaged':
        return log.info(event, 'its file is gone; the device keeps what it has');
      case 'solved':
        return log.info(event, `${event.about}: mended`);
      case 'held':
        return log.warn(event, `${event.device}: ${event.detail}`);
      case 'problem': {
        const { problem, about, device } = event;
        return log.error({ about, device, code: problem.code, hint: problem.hint }, explain(problem));
      }
      default:
        return event satisfies never;
    }
  };
