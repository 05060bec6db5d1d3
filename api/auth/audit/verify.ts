import type { AuditRecord } from '../../../core/audit.ts';
import { PlumbError } from '../../../core/errors.ts';
import type { Store } from '../../../core/store/store.ts';
import { auditSpan, readAudit } from './trail.ts';

/** A place that somebody kept elsewhere: whatever is changed at or before it is found. */
type Anchor = { seq: number; hash: string };

/** Written `SEQ:HASH`. @throws PlumbError `invalid_request` */
export const anchorOf = (text: string): Anchor => {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (seq && hash) return { seq: Number(seq), hash };
  throw new PlumbError('invalid_request', `"${text.slice(0, 100)}" is not an anchor`, {
    hint: '`plumb audit verify` prints one: the number of a record, a colon, and its hash',
  });
};

type Verdict = {
  /** How many messages were looked at. */
  records: number;
  /** What is wrong, in order; empty: nothing was found. */
  faults: string[];
  /** What was seen and is no fault of the chain. */
  notes: string[];
  /** The last record, to be kept elsewhere as an anchor; undefined: there is none. */
  head: string | undefined;
};

type Before = { seq: number; n: number; hash: string };

/** Wider gaps are told as one. */
const mostTold = 1_000;

/** Which places nobody was seen at, in words. */
const gone = (gaps: readonly (readonly [number, number])[], seen: ReadonlySet<number>): string[] =>
  gaps.flatMap(([from, to]) => {
    if (to - from >= mostTold) return [`records ${from} to ${to} were removed`];
    const places = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((n) => !seen.has(n));
    return places.map((n) => `record ${n} was removed`);
  });

/** Reads the whole chain. @param anchor kept elsewhere since an earlier look */
export const verifyAudit = async (store: Store, anchor?: Anchor): Promise<Verdict> => {
  const { first, last, days } = await auditSpan(store);
  const verdict: Verdict = { records: 0, faults: [], notes: [], head: undefined };
  const seen = new Set<number>();
  const gaps: [number, number][] = [];
  let before: Before | undefined;
  let anchored = false;

  const begin = (seq: number, { n, prev }: AuditRecord) => {
    if (prev === null && n > 1) verdict.notes.push(`record ${n} starts a new chain: all earlier records had expired`);
    else if (prev !== null && seq > 1)
      verdict.notes.push(`the records before ${n} have expired: records are kept for ${days} days`);
    else if (prev !== null) verdict.faults.push(`the records before ${n} were removed: the stream was recreated`);
  };
  const compare = (seq: number, { n, prev }: AuditRecord, last: Before) => {
    const expected = last.n + seq - last.seq;
    if (n < expected) verdict.faults.push(`record ${n} is out of order: it follows record ${last.n}`);
    else if (n > expected) gaps.push([expected, n - 1]);
    else if (seq === last.seq + 1 && prev !== last.hash)
      verdict.faults.push(
        `record ${last.n} is not the one that record ${n} was written after: it was changed or replaced`,
      );
  };

  for await (const { seq, link } of readAudit(store, first, last)) {
    if (!link) {
      verdict.faults.push(`record ${seq} was removed`);
      continue;
    }
    const { record, hash } = link;
    verdict.records += 1;
    if (!record) verdict.notes.push(`message ${seq} is not a record: someone else wrote to the stream`);
    else if (before) compare(seq, record, before);
    else begin(seq, record);
    if (anchor?.seq === seq) {
      anchored = true;
      if (anchor.hash !== hash)
        verdict.faults.push(`record ${seq} does not match the anchor: the records were rewritten`);
    }
    before = { seq, hash, n: record?.n ?? (before ? before.n + seq - before.seq : seq) };
    seen.add(before.n);
    verdict.head = `${seq}:${hash}`;
  }
  verdict.faults.push(...gone(gaps, seen));
  if (anchor && !anchored) {
    if (anchor.seq > last) verdict.faults.push(`record ${anchor.seq} of the anchor is missing: the end was cut off`);
    else verdict.notes.push(`record ${anchor.seq} of the anchor has expired: it proves nothing any more`);
  }
  return verdict;
};
