import { BgpDay, streams, subjects } from '../../bus.ts';
import { PlumbError } from '../../errors.ts';
import { parseRecord } from '../records.ts';
import type { Store } from '../store.ts';

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
