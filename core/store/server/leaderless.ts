import { type Msg, type NatsConnection, RequestError, type RequestOptions } from '@nats-io/transport-node';

// While a cluster chooses another leader for a stream, a request to it is dropped without a word, or nobody takes it.

/** When a read that nobody has answered is asked once more. */
const askedAgainMs = [1_000, 3_000];
/** How often a write that nobody has taken is sent again. */
const sentAgainMs = 250;

/** Requests that change nothing, whoever hears them twice. */
const read = /^\$JS(?:\.[^.]+)?\.API\.(?:STREAM\.(?:INFO|MSG\.GET)|DIRECT\.GET)\./;
/** A write to a stream says what it replaces. */
const isWrite = ({ headers }: RequestOptions) => headers?.has('Nats-Expected-Last-Subject-Sequence') ?? false;

type Ask = (timeoutMs: number) => Promise<Msg>;

/** The first answer counts, within the time that there was for the first question. */
const askedAgain = async (ask: Ask, timeoutMs: number): Promise<Msg> => {
  const timers: NodeJS.Timeout[] = [];
  const again = (ms: number) =>
    new Promise<Msg>((resolve) => {
      timers.push(setTimeout(() => ask(timeoutMs - ms).then(resolve, () => {}), ms).unref());
    });
  const asked = [ask(timeoutMs), ...askedAgainMs.filter((ms) => ms < timeoutMs).map(again)];
  try {
    return await Promise.race(asked);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
};

const sentAgain = async (send: Ask, timeoutMs: number): Promise<Msg> => {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await send(Math.max(1, endMs - performance.now()));
    } catch (error) {
      const isUntaken = error instanceof RequestError && error.isNoResponders();
      if (!isUntaken || performance.now() + sentAgainMs > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, sentAgainMs));
    }
  }
};

/**
 * Bridges the time in which a stream of a cluster has no leader, for all that asks on this connection: a read is asked
 * again where no answer comes, a write sent again where nobody took it. One that may have been taken never is.
 */
export const bridgeElections = (nc: NatsConnection): NatsConnection => {
  const request = nc.request.bind(nc);
  nc.request = (subject, payload, options) => {
    if (!options || nc.info?.cluster === undefined) return request(subject, payload, options);
    const ask: Ask = (timeout) => request(subject, payload, { ...options, timeout });
    if (read.test(subject)) return askedAgain(ask, options.timeout);
    return isWrite(options) ? sentAgain(ask, options.timeout) : request(subject, payload, options);
  };
  return nc;
};
