import { explain, isBug, isOutcome, PlumbError, storeRepair, whyNotStored } from '../../core/errors.ts';
import type { Store } from '../../core/store/store.ts';
import { HttpProblem } from './problem.ts';

const missing = /stream not found|no responders/i;

/** The way to NATS: every use of it ends in time, with `nats_unavailable` where NATS does not answer. */
export type Bus = Disposable & {
  /**
   * @param times as often as usual may it take, where much is read
   * @throws PlumbError `nats_unavailable`
   */
  reach<T>(work: () => Promise<T>, times?: number): Promise<T>;
};

const unavailable = (cause: unknown): PlumbError => {
  const unstored = whyNotStored(cause);
  if (unstored) return new PlumbError('nats_unavailable', unstored, { cause, hint: storeRepair });
  const denied = /permissions violation/i.test(explain(cause));
  return new PlumbError('nats_unavailable', denied ? 'NATS denies this user the permission' : `NATS does not answer`, {
    cause,
    hint: denied ? 'give the API the permissions in docs/subjects.md' : 'try again; `plumb doctor` shows what is wrong',
  });
};

/** @param timeoutMs after which NATS counts as away */
export const openBus = (store: Store, timeoutMs = 5_000): Bus => {
  let up = true;
  const statuses = store.nc.status();
  void (async () => {
    for await (const { type } of statuses) {
      if (type === 'disconnect' || type === 'close') up = false;
      else if (type === 'reconnect') up = true;
    }
  })();
  const inTime = async <T>(work: () => Promise<T>, times: number): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const ms = timeoutMs * times;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
    });
    const working = work();
    working.catch(() => {}); // it may fail after nobody waits for it any more
    try {
      return await Promise.race([working, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  const reach: Bus['reach'] = async (work, times = 1) => {
    if (!up || store.nc.isClosed()) throw unavailable(new Error('the connection is lost'));
    try {
      return await inTime(work, times).catch(async (error: unknown) => {
        if (!missing.test(explain(error)) || isOutcome(error) || error instanceof HttpProblem) throw error;
        await inTime(() => store.ensure(), 1); // someone deleted the store: what is missing is made, as everyone does
        return inTime(work, times);
      });
    } catch (error) {
      if (isOutcome(error) || isBug(error) || error instanceof HttpProblem) throw error;
      throw unavailable(error);
    }
  };
  return {
    reach,
    [Symbol.dispose]: () => {
      up = false;
    },
  };
};
