import type { JetStreamClient } from '@nats-io/jetstream';
import type { JetStreamClientImpl } from '@nats-io/jetstream/internal';
import { createInbox, type Msg } from '@nats-io/transport-node';

/** A message as a stream holds it. */
export type Held = {
  subject: string;
  seq: number;
  /** RFC 3339, by the server's clock. */
  at: string;
  /** It marks that a key of a bucket was deleted. */
  deleted: boolean;
  data: Uint8Array;
};

/** Which message is requested. */
type Wanted = { last_by_subj: string } | { seq: number };

/** How many requests are in flight: enough to keep both ends busy, and too few for the server to drop one. */
const window = 512;
/** How long until an unanswered request is repeated, and after how many of these the server counts as away. */
const silentMs = 2_500;
const mostSilences = 3;

/** NATS's own code for: the stream holds no such message. */
const noMessage = 10_037;

type Answer = {
  error?: { err_code?: number; description?: string };
  message?: { subject: string; seq: number; time: string; hdrs?: string; data?: string };
};

const read = ({ subject, seq, time, hdrs = '', data = '' }: NonNullable<Answer['message']>): Held => ({
  subject,
  seq,
  at: time,
  deleted: hdrs !== '' && /^KV-Operation:/m.test(Buffer.from(hdrs, 'base64').toString('latin1')),
  data: Buffer.from(data, 'base64'),
});

/**
 * Hands each of these messages to `take`, in no order; what the stream does not hold is left out. Many are requested at
 * a time and answered to one inbox, which costs a fifth of separate requests; no consumer is created.
 *
 * @throws what NATS answers, or if it answers nothing for ten seconds
 */
export const readMany = async (
  js: JetStreamClient,
  stream: string,
  wanted: Iterable<Wanted>,
  take: (held: Held) => void,
): Promise<void> => {
  const { nc, apiPrefix } = js as JetStreamClientImpl;
  const queue = wanted[Symbol.iterator]();
  const inbox = createInbox(nc.options.inboxPrefix);
  const open = new Map<string, Wanted>();
  let asked = 0;
  let silences = 0;
  let end = (_failure?: unknown): void => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  const send = (reply: string, what: Wanted) =>
    nc.publish(`${apiPrefix}.STREAM.MSG.GET.${stream}`, JSON.stringify(what), { reply });
  const silent = setInterval(() => {
    silences += 1;
    if (silences > mostSilences) return end(new Error(`${stream}: no answer within ${(silentMs * silences) / 1000} s`));
    for (const [reply, what] of open) send(reply, what); // a busy server leaves some out
  }, silentMs);
  const ask = (): void => {
    const next = queue.next();
    if (next.done) {
      if (open.size === 0) end();
      return;
    }
    asked += 1;
    const reply = `${inbox}.${asked}`;
    open.set(reply, next.value);
    send(reply, next.value);
  };
  const answered = (message: Msg): void => {
    if (message.headers?.code) throw new Error(`${stream}: ${message.headers.description || 'no responders'}`);
    if (!open.delete(message.subject)) return; // it was requested again meanwhile
    const { error, message: found } = message.json<Answer>();
    if (error && error.err_code !== noMessage) throw new Error(`${stream}: ${error.description}`);
    if (found) take(read(found));
    silences = 0;
    silent.refresh();
    ask();
  };
  const subscription = nc.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      try {
        if (error) throw error;
        answered(message);
      } catch (failure) {
        end(failure);
      }
    },
  });
  void nc.closed().then(() => end(new Error('the connection is closed')));
  try {
    for (let some = 0; some < window; some += 1) ask();
    await ended;
  } finally {
    clearInterval(silent);
    if (!nc.isClosed()) subscription.unsubscribe();
  }
};

/** The last message of each of these subjects, for `readMany`. */
export const lastOf = function* (subjects: Iterable<string>): Generator<Wanted> {
  for (const subject of subjects) yield { last_by_subj: subject };
};

/** The messages from one sequence to another, both included, for `readMany`. */
export const between = function* (from: number, to: number): Generator<Wanted> {
  for (let seq = from; seq <= to; seq += 1) yield { seq };
};
