import { BgpDay, limits, streams, subjects } from '../../bus.ts';
import { PlumbError } from '../../errors.ts';
import { lastOf, readMany } from '../mirror/read-many.ts';
import { parseRecord } from '../records.ts';
import type { Store } from '../store.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Whoever writes has this long: the next look comes soon, and a runner that stops does not wait for NATS. */
const writeMs = 2_000;

/** The day (UTC) of a moment, as subjects name it. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A record as it is stored; `day` undefined: there is none, or one of another form. `seq` 0: there is none. */
type StoredDay = { day: BgpDay | undefined; seq: number };

export const getBgpDay = async (store: Store, device: string, day: string): Promise<StoredDay> => {
  const message = await store.jsm.streams.getMessage(streams.bgp(store.site), {
    last_by_subj: subjects.bgpDay(store.site, device, day),
  });
  return message ? { day: parseRecord(BgpDay, message.data), seq: message.seq } : { day: undefined, seq: 0 };
};

/**
 * @param seq of the stored record that this one replaces; 0: there is none
 * @returns the sequence under which it is stored
 * @throws PlumbError `conflict` when someone else wrote in between, and what NATS answers
 */
export const putBgpDay = async (store: Store, day: string, record: BgpDay, seq: number): Promise<number> => {
  const subject = subjects.bgpDay(store.site, record.device, day);
  try {
    const expect = { lastSubjectSequence: seq };
    return (await store.js.publish(subject, JSON.stringify(record), { expect, timeout: writeMs })).seq;
  } catch (cause) {
    if (cause instanceof Error && /wrong last sequence/i.test(cause.message))
      throw new PlumbError('conflict', `${subject} was written by someone else at the same time`, { cause });
    throw cause;
  }
};

/** What is stored of a device since then, the oldest day first: one read for each day that may be kept. */
export const readBgpDays = async (store: Store, device: string, sinceMs: number): Promise<BgpDay[]> => {
  const names: string[] = [];
  const lastMs = Date.now() + dayMs; // the writer's clock may be ahead of ours
  const firstMs = Math.max(sinceMs, lastMs - (limits.bgpDays + 2) * dayMs);
  for (let ms = firstMs; dayOf(ms) <= dayOf(lastMs); ms += dayMs) names.push(dayOf(ms));
  const found: [string, BgpDay][] = [];
  const wanted = names.map((name) => subjects.bgpDay(store.site, device, name));
  await readMany(store.js, streams.bgp(store.site), lastOf(wanted), ({ subject, data }) => {
    const day = parseRecord(BgpDay, data);
    if (day) found.push([subject, day]);
  });
  return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, day]) => day);
};
