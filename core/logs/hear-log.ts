import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { NatsConnection } from '@nats-io/transport-node';
import { LogEnd, LogLine, type LogQuery, subjects } from '../bus.ts';
import { explain, PlumbError } from '../errors.ts';
import { parseRecord } from '../store/records.ts';
import { isWanted, processOf } from './wanted-line.ts';

/** How long the first answer to a query may take, and how long the gap between answers may be. */
const firstMs = 1_000;
const nextMs = 300;
const longestMs = 5_000;
/** How many new lines wait for a slow reader; earlier ones are limited by what processes keep. */
const mostWaiting = 20_000;

/** What is heard; `caught up`, once: what processes had kept is all told, by so many of them. */
export type Heard =
  | { kind: 'line'; line: LogLine }
  | { kind: 'caught up'; processes: number }
  | { kind: 'left out'; lines: number };

/** Without what is generated for each query. */
export type Wanted = Omit<LogQuery, 'token' | 'after'>;

/**
 * The recent log of a site's processes, in order of time, and then each new line, until the signal aborts. After a lost
 * connection they are queried again for what they have kept meanwhile.
 *
 * @throws PlumbError `nats_unavailable` where our user may not listen
 */
export const hearLog = async function* (
  { nc, site }: { nc: NatsConnection; site: string },
  wanted: Wanted,
  signal: AbortSignal,
): AsyncGenerator<Heard> {
  if (signal.aborted) return;
  const bell = new EventEmitter();
  const waiting: Heard[] = [];
  let leftOut = 0;
  let failure: PlumbError | undefined;
  const tell = (heard: Heard) => {
    waiting.push(heard);
    bell.emit('heard');
  };
  const fail = (cause: Error) => {
    failure ??= new PlumbError('nats_unavailable', `cannot listen to the log of ${site}: ${explain(cause)}`, {
      cause,
      hint: 'a server set up for an earlier release lacks this permission: docs/subjects.md lists them all',
    });
    bell.emit('heard');
  };

  /** The number of the last line passed on, by process. */
  const told = new Map<string, number>();
  const lastOf = (of: Pick<LogLine, 'role' | 'name'>) => told.get(processOf(of)) ?? 0;
  let asked: { token: string; tail: number | undefined; lines: Map<string, LogLine>; ended: LogEnd[] } | undefined;
  let isFirst = true;
  let quiet: NodeJS.Timeout | undefined;
  let latest: NodeJS.Timeout | undefined;

  const caughtUp = () => {
    clearTimeout(quiet);
    clearTimeout(latest);
    if (!asked) return;
    const { lines, ended, tail } = asked;
    asked = undefined;
    const sorted = [...lines.values()].sort((one, other) =>
      one.time < other.time ? -1 : one.time > other.time ? 1 : 0,
    );
    for (const line of sorted.slice(tail === undefined ? 0 : Math.max(0, sorted.length - tail)))
      tell({ kind: 'line', line });
    for (const line of sorted) told.set(processOf(line), Math.max(line.seq, lastOf(line)));
    for (const each of ended) told.set(processOf(each), Math.max(each.end, lastOf(each)));
    if (isFirst) tell({ kind: 'caught up', processes: ended.length });
    isFirst = false;
  };
  /** Lines that have arrived but were not read because we were busy do not count as silence. */
  const whenSilentFor = (ms: number) => {
    clearTimeout(quiet);
    const timer = setTimeout(() => setImmediate(() => quiet === timer && caughtUp()), ms);
    quiet = timer;
  };
  const ask = () => {
    const token = randomBytes(12).toString('hex');
    const { tail, ...others } = wanted;
    asked = { token, tail: isFirst ? tail : undefined, lines: new Map(), ended: [] };
    const query: LogQuery = isFirst ? { ...wanted, token } : { ...others, token, after: Object.fromEntries(told) };
    nc.publish(subjects.logRecent(site), JSON.stringify(query));
    clearTimeout(latest);
    whenSilentFor(firstMs);
    latest = setTimeout(caughtUp, longestMs);
  };
  const take = (line: LogLine) => {
    if (line.seq <= lastOf(line) || !isWanted(line, wanted)) return;
    if (asked) return void asked.lines.set(`${processOf(line)} ${line.seq}`, line);
    told.set(processOf(line), line.seq);
    if (waiting.length < mostWaiting) tell({ kind: 'line', line });
    else leftOut++;
  };

  /** Whoever may publish for one role may not publish for another: NATS checks only the subject. */
  const isOwn = (subject: string, { role, name }: Pick<LogLine, 'role' | 'name'>) =>
    `${subject}.`.startsWith(`${subjects.log(site, role, name)}.`);

  const subscription = nc.subscribe(subjects.logs(site), {
    callback: (error, message) => {
      if (error) return fail(error);
      const [, , , , isAnswer, token] = message.subject.split('.');
      if (isAnswer && token !== asked?.token) return;
      if (isAnswer) whenSilentFor(nextMs);
      const line = parseRecord(LogLine, message.data);
      const end = isAnswer ? parseRecord(LogEnd, message.data) : undefined;
      const who = line ?? end;
      if (!who || !isOwn(message.subject, who)) return;
      if (line) take(line);
      else if (end) asked?.ended.push(end);
    },
  });
  const watchConnection = async () => {
    for await (const status of nc.status()) {
      if (status.type === 'reconnect') ask();
      if (status.type === 'error' && explain(status.error).includes(`"${subjects.logRecent(site)}"`))
        fail(status.error);
    }
    bell.emit('heard'); // closed for good
  };
  void watchConnection();
  ask();
  try {
    while (!signal.aborted && !nc.isClosed()) {
      if (failure) throw failure;
      const next = waiting.shift();
      if (next) yield next;
      else if (leftOut > 0) {
        const lines = leftOut;
        leftOut = 0;
        yield { kind: 'left out', lines };
      } else await once(bell, 'heard', { signal }).catch(() => {});
    }
  } finally {
    clearTimeout(quiet);
    clearTimeout(latest);
    subscription.unsubscribe();
  }
};
