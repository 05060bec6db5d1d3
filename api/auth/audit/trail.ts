import { type AuditEntry, AuditRecord } from '../../../core/audit.ts';
import { limits, streams, subjects } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { oneAtATime } from '../../../core/one-at-a-time.ts';
import { sha256 } from '../../../core/store/payload.ts';
import { parseRecord } from '../../../core/store/records.ts';
import type { Store } from '../../../core/store/store.ts';

/** How often another instance may be quicker. */
const tries = 50;

/** A message of the stream: a record, or something that is none and has its place in the chain all the same. */
type Link = { seq: number; hash: string; record: AuditRecord | undefined };

const linkOf = ({ seq, data }: { seq: number; data: Uint8Array }): Link => ({
  seq,
  hash: sha256(data),
  record: parseRecord(AuditRecord, data),
});

type Last = { seq: number; hash: string | null };

const newest = async ({ jsm, site }: Store): Promise<Last> => {
  const message = await jsm.streams.getMessage(streams.audit(site), { last_by_subj: subjects.audit(site) });
  if (message) return linkOf(message);
  const { state } = await jsm.streams.info(streams.audit(site));
  return { seq: state.last_seq, hash: null };
};

/** Writes records to the audit, in the order in which it is asked to. @throws PlumbError `conflict`, what NATS answers */
export type Trail = (entry: AuditEntry) => Promise<void>;

/**
 * The end of the chain, as one instance writes to it. A record is stored only behind the one whose hash it holds, so that several
 * instances make one chain.
 */
export const openTrail = (store: Store): Trail => {
  const inOrder = oneAtATime();
  let last: Last | undefined;
  const write = async (entry: AuditEntry): Promise<void> => {
    const at = new Date().toISOString();
    let tried: string | undefined;
    for (let count = 0; count < tries; count++) {
      last ??= await newest(store);
      if (tried === last.hash && tried !== undefined) return; // it was stored, and the answer was lost
      const record: AuditRecord = { n: last.seq + 1, prev: last.hash, at, ...entry };
      const bytes = Buffer.from(JSON.stringify(record));
      tried = sha256(bytes);
      try {
        const lastSubjectSequence = last.hash === null ? 0 : last.seq;
        const { seq } = await store.js.publish(subjects.audit(store.site), bytes, { expect: { lastSubjectSequence } });
        last = { seq, hash: tried };
        return;
      } catch (error) {
        last = undefined;
        if (!(error instanceof Error && /wrong last sequence/i.test(error.message))) throw error;
      }
    }
    throw new PlumbError('conflict', 'the record could not be added to the busy audit; nothing was done');
  };
  return (entry) => inOrder(() => write(entry));
};

/** How many records are fetched at a time. */
const together = 128;

/** What the stream holds now: the first and the last place, and how long it keeps a record. */
export const auditSpan = async ({ jsm, site }: Store): Promise<{ first: number; last: number; days: number }> => {
  const { state } = await jsm.streams.info(streams.audit(site));
  return {
    first: state.messages === 0 ? state.last_seq + 1 : state.first_seq,
    last: state.last_seq,
    days: limits.auditDays,
  };
};

/** The messages from one place to another, in order; `undefined` where none is stored. */
export const readAudit = async function* (
  { jsm, site }: Store,
  from: number,
  to: number,
): AsyncGenerator<{ seq: number; link: Link | undefined }> {
  for (let start = from; start <= to; start += together) {
    const places = Array.from({ length: Math.min(together, to - start + 1) }, (_, index) => start + index);
    const found = await Promise.all(places.map((seq) => jsm.streams.getMessage(streams.audit(site), { seq })));
    for (const [index, message] of found.entries()) {
      yield { seq: start + index, link: message ? linkOf(message) : undefined };
    }
  }
};
