import { setTimeout as wait } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { LogLine, LogQuery, type LogRole, subjects } from '../bus.ts';
import { explain } from '../errors.ts';
import { log } from '../log.ts';
import { parseRecord } from '../store/records.ts';
import type { Kept, KeptLines } from './kept-lines.ts';
import { isAsked, isWanted } from './wanted-line.ts';

/** The most lines in flight to NATS; the next ones are sent when it has taken those. */
const together = 200;
/** How long to wait after NATS refused a line. */
const againMs = 1_000;
/** How many queries may wait; further ones are not answered. */
const mostQueries = 16;
/** Answering takes at most a fifth of a process's CPU time, however often it is queried. */
const restShare = 4;
/** How long the last lines of a process have to be sent. */
const lastWordsMs = 1_000;

/**
 * On a busy machine, the time until an answer is ready includes that of other processes: pausing for it as well would
 * make the answer late.
 */
const workedMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const dropped = (seq: number, lines: number): Kept => {
  const about = { level: 40, time: new Date().toISOString(), dropped: lines };
  const msg = `${lines === 1 ? '1 line is' : `${lines} lines are`} missing here: NATS was slow or unreachable`;
  return { seq, line: JSON.stringify({ ...about, msg }) };
};

/**
 * Publishes a process's log on the bus, and answers queries for earlier lines. Nothing here delays, or throws into, the
 * code that logs: lines stay in `kept` until NATS has taken them, and those that are pushed out are counted.
 *
 * @returns ends when it is disposed, when what was said last is told, or NATS takes nothing
 */
export const tellLog = (
  { nc, site }: { nc: NatsConnection; site: string },
  role: LogRole,
  name: string,
  kept: KeptLines,
): AsyncDisposable => {
  const queries: LogQuery[] = [];
  let rest: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let refused = false;
  let wake = () => {};
  kept.onLine = () => wake();

  /** As on stderr, with its origin appended, so that it overrides what the line itself holds. */
  const message = ({ seq, line }: Kept) => `${line.slice(0, -1)},${JSON.stringify({ role, name, seq }).slice(1)}`;
  const publish = (to: string, text: string) => {
    if (!nc.info) throw new Error('no connection'); // what is published now would be lost
    if (Buffer.byteLength(text) <= nc.info.max_payload) nc.publish(to, text);
  };
  const subject = subjects.log(site, role, name);

  const answer = async (query: LogQuery) => {
    const to = subjects.logAnswer(site, role, name, query.token);
    const { last } = kept;
    const beforeMs = workedMs();
    const lines = kept.after(0).flatMap((each) => {
      const text = message(each);
      const line = parseRecord(LogLine, Buffer.from(text));
      return line && isWanted(line, query) ? [text] : [];
    });
    rest = wait((workedMs() - beforeMs) * restShare, undefined, { ref: false });
    const { tail = lines.length } = query;
    const chosen = lines.slice(lines.length - Math.min(tail, lines.length));
    for (let at = 0; at < chosen.length; at += together) {
      for (const text of chosen.slice(at, at + together)) publish(to, text);
      await nc.flush();
    }
    publish(to, JSON.stringify({ role, name, end: last }));
    await nc.flush();
  };

  const pump = async () => {
    let told = 0;
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (nc.isClosed() || refused) return;
      try {
        const query = queries.shift();
        if (query) {
          await rest;
          await answer(query);
        }
        const missing = kept.first - 1 - told;
        const batch = [...(missing > 0 ? [dropped(kept.first - 1, missing)] : []), ...kept.after(told, together)];
        for (const each of batch) publish(subject, message(each));
        const last = batch.at(-1);
        if (last) {
          await nc.flush(); // rejects when the connection is lost meanwhile: then they are sent again
          told = last.seq;
        }
      } catch {
        if (stopped) return;
        await wait(againMs, undefined, { ref: false });
      }
      if (kept.last > told || queries.length > 0) continue;
      if (stopped) return;
      await woken;
    }
  };

  const heard = nc.subscribe(subjects.logRecent(site), {
    callback: (error, { data }) => {
      const query = error ? undefined : parseRecord(LogQuery, data);
      if (!query || !isAsked({ role, name }, query) || queries.length >= mostQueries) return;
      queries.push(query);
      wake();
    },
  });
  /**
   * Without the permission, as on a server that was set up for an earlier release, this is logged once and given up.
   */
  const watchRefusals = async () => {
    for await (const status of nc.status()) {
      if (refused || status.type !== 'error' || !explain(status.error).includes(`"log.${site}.`)) continue;
      refused = true;
      wake();
      log.warn(
        `\`plumb logs\` does not show this process: ${explain(status.error)}; docs/subjects.md lists the permissions`,
      );
    }
  };
  void watchRefusals();
  const ended = pump();
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      heard.unsubscribe();
      wake();
      await Promise.race([ended, wait(lastWordsMs, undefined, { ref: false })]);
      kept.onLine = () => {};
    },
  };
};
