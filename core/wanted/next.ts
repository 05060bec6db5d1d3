import { type Blocked, limits } from '../bus.ts';
import { blockOf, type Held, isStopped, type Newest, type Source } from './held.ts';

// Which text a device should run: one state machine for attempts, blocked texts and manually published texts. `next` is
// what an event makes of the record, `decide` what follows from record and newest text; nothing else decides it.

type Person = { by: string; at: string };

/** What a rollback takes back; undefined if not known. */
export type Taken = {
  /** The texts that were applied since. */
  since: readonly string[];
  newest: string | undefined;
  source: string | undefined;
  /** The text that ran before. */
  backTo: string | undefined;
};

export type Event =
  | { kind: 'began'; newest: Newest; source: Source; job: string; count: number; at: string }
  /** @param outcome an outcome's kind or failure code, or `awaiting`, or `started` where the same job goes on later */
  | { kind: 'ended'; job: string; outcome: string; at: string; unseen?: boolean }
  /** The runner stops and has undone what it did: as if this had not been tried. */
  | { kind: 'let go'; job: string; before: Pick<Held, 'attempt' | 'said'> }
  /** @param sha256 of the text whose deployment is given up */
  | ({ kind: 'cancel'; job: string; sha256: string } & Person)
  | ({ kind: 'rollback'; job: string; taken: Taken } & Person)
  /** The rollback left the device as it was. */
  | { kind: 'rollback failed'; job: string }
  | ({ kind: 'hold'; reason: string } & Person)
  /** @param source undefined: it is not known, or holds no text */
  | ({ kind: 'resume'; newest: string | undefined; source: string | undefined } & Person)
  | ({ kind: 'retry'; newest: string } & Person)
  | { kind: 'looked'; newest: Newest | undefined; source: Source; at: string };

/** Reasons are independent: taking one back leaves the others. */
const block = (blocked: readonly Blocked[], entries: readonly Blocked[]): Blocked[] => {
  const isNew = (entry: Blocked) =>
    !blocked.some(({ sha256, why, job }) => sha256 === entry.sha256 && why === entry.why && job === entry.job);
  return [...blocked, ...entries.filter(isNew)].slice(-limits.blocked);
};

const free = (blocked: readonly Blocked[], sha256: string): Blocked[] =>
  blocked.filter((entry) => entry.sha256 !== sha256);

/** Whether the newest text was published manually, was tried, and differs from the source's text. */
const handOf = (state: Held, { generation, ...newest }: Newest, source: Source, since: string): Held['hand'] => {
  const { sha256 } = generation;
  const { attempt, hand } = state;
  const against = typeof source === 'string' && source !== sha256 && !newest.fromSource && !newest.dryRun;
  if (!against || attempt?.generation.sha256 !== sha256 || blockOf(state, sha256)) return null;
  return hand?.sha256 === sha256 ? hand : { sha256, job: attempt.job, since };
};

/** @returns what the event changes in the record */
export const next = (state: Held, event: Event): Partial<Held> => {
  const { attempt, blocked, hand } = state;
  switch (event.kind) {
    case 'began': {
      const { newest, source, job, count, at } = event;
      const begun = { generation: newest.generation, job, at, outcome: 'started', count };
      return { attempt: begun, said: null, hand: handOf({ ...state, attempt: begun }, newest, source, at) };
    }
    case 'ended': {
      const { job, outcome, at, unseen = false } = event;
      const wentIn = outcome === 'applied' || outcome === 'unchanged';
      const isTooLate = (entry: Blocked) => wentIn && entry.why === 'cancelled' && entry.job === job;
      const left = { blocked: blocked.filter((entry) => !isTooLate(entry)) };
      // someone may meanwhile have asked to try it again
      if (attempt?.job !== job) return left;
      const { unseen: _, ...tried } = attempt;
      return { ...left, attempt: { ...tried, outcome, at, ...(unseen ? { unseen } : {}) } };
    }
    case 'let go':
      return attempt?.job === event.job ? event.before : {};
    case 'cancel': {
      const { sha256, job, by, at } = event;
      return { blocked: block(blocked, [{ sha256, why: 'cancelled', job, by, since: at }]) };
    }
    case 'rollback': {
      const { job, by, at } = event;
      const { since, newest, source, backTo } = event.taken;
      // the sync is to put nothing over it: not the newest text, nor the source's, unless that is what it went back to
      const texts = new Set([...since, newest, source === backTo ? undefined : source]);
      const entries = [...texts].flatMap((sha256): Blocked[] =>
        sha256 ? [{ sha256, why: 'rolled_back', job, by, since: at }] : [],
      );
      return { blocked: block(blocked, entries) };
    }
    case 'rollback failed':
      return { blocked: blocked.filter(({ why, job }) => why !== 'rolled_back' || job !== event.job) };
    case 'hold': {
      const { reason, by, at } = event;
      return { hold: { reason, by, at } };
    }
    case 'resume': {
      const { newest = event.source, source, by, at } = event;
      const said: Held['said'] = { did: 'resume', by, at, ...(source === undefined ? {} : { sha256: source }) };
      const ended = isStopped(state) ? { hold: null, said } : {};
      if (source === undefined) return ended;
      const givesUp = newest !== undefined && newest !== source;
      // no text was held: what was tried and failed is not tried again by this
      if (!givesUp && !blockOf(state, source)) return ended;
      const gaveUp: Blocked[] = givesUp ? [{ sha256: newest, why: 'given_up', by, since: at }] : [];
      return {
        ...ended,
        attempt: null,
        blocked: block(free(blocked, source), gaveUp),
        hand: null,
        said,
      };
    }
    case 'retry': {
      const { newest, by, at } = event;
      return { attempt: null, blocked: free(blocked, newest), said: { did: 'retry', by, at, sha256: newest } };
    }
    case 'looked': {
      const stands = event.newest ? handOf(state, event.newest, event.source, event.at) : null;
      return stands?.sha256 === hand?.sha256 ? {} : { hand: stands };
    }
    default:
      return event satisfies never;
  }
};
