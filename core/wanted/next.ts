import { type Blocked, type DeviceState, type Generation, type Hold, limits } from '../bus.ts';
import { failureOf } from '../errors.ts';
import { whyUnclear } from '../intent/meta.ts';
import type { Intent } from '../store/intents.ts';
import { isOlderThanTried, isSameMessage } from './generation.ts';

// Which text a device is to run: one machine for attempts, for texts that are blocked, and for texts published by hand.
// `next` is what an event makes of the record, `decide` what follows from record and newest text; nothing else decides it.

/** The part of a device's record that this machine keeps. */
export type Held = Pick<DeviceState, 'attempt' | 'blocked' | 'hand' | 'said' | 'hold'>;

/** The newest text on a device's subject. `unclear`: why its headers are not taken, '' where they are. */
export type Newest = {
  generation: Generation;
  fromSource: boolean;
  dryRun: boolean;
  forced: boolean;
  unclear?: string;
};

export const newestOf = ({ generation, meta }: Intent): Newest => ({
  generation,
  fromSource: meta.fromSource ?? false,
  dryRun: meta.dryRun ?? false,
  forced: meta.force !== undefined,
  unclear: whyUnclear(meta),
});

/** SHA-256 of what the source holds; null: no text, undefined: not known. */
export type Source = string | null | undefined;

type Person = { by: string; at: string };

/** What a rollback takes back; undefined where it is not known. */
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

/** The entry that keeps this text from being deployed. */
export const blockOf = ({ blocked }: Pick<Held, 'blocked'>, sha256: string | undefined): Blocked | undefined =>
  blocked.find((entry) => entry.sha256 === sha256);

/** Whether someone said `hold`: then nothing is deployed, whatever its text. */
export const isStopped = ({ hold }: Pick<DeviceState, 'hold'>): boolean => hold !== undefined && hold !== null;

/**
 * Of a device that is held: by whom, since when, why, and what ends it.
 *
 * @param beside the reason that is told with it: a `resume` which that names already is not named twice
 */
export const whyStopped = ({ reason, by, at }: Hold, device: string, beside = ''): string => {
  const resume = `\`plumb resume ${device}\``;
  const held = `held by ${by} since ${at.slice(0, 19)}Z: ${reason}`;
  return beside.includes(resume) ? held : `${held}; ${resume} ends it`;
};

/** Whether someone must say a word before the newest text, or the source's text, is deployed. */
export const isHeld = (state: Pick<DeviceState, 'blocked' | 'hand' | 'hold' | 'intent'>): boolean =>
  isStopped(state) || state.hand !== null || blockOf(state, state.intent?.generation.sha256) !== undefined;

/** Reasons stand beside each other: who takes one back takes back no other. */
const block = (blocked: readonly Blocked[], entries: readonly Blocked[]): Blocked[] => {
  const isNew = (entry: Blocked) =>
    !blocked.some(({ sha256, why, job }) => sha256 === entry.sha256 && why === entry.why && job === entry.job);
  return [...blocked, ...entries.filter(isNew)].slice(-limits.blocked);
};

const free = (blocked: readonly Blocked[], sha256: string): Blocked[] =>
  blocked.filter((entry) => entry.sha256 !== sha256);

/** Whether the newest text was published by hand, tried, and stands against what the source holds. */
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
      // someone may have said meanwhile that it is to be tried again
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

/** What the newest text of a device asks for, given what was tried before and what people said. */
export type Decision =
  | { kind: 'deploy'; count: number }
  | { kind: 'nothing' }
  /** Older than what was tried last: a restored store or a replayed message. Never deployed. */
  | { kind: 'stale' }
  /** Someone took this text back, and nobody has named it since. */
  | { kind: 'blocked'; by: Blocked }
  /** Someone stopped all deployments to the device. */
  | { kind: 'stopped'; by: Hold }
  /** How it is meant is not understood, or it is not the text that was published: as if nobody had tried it. */
  | { kind: 'unclear'; why: string }
  /** The source gave the device up. */
  | { kind: 'unmanaged' }
  /** Crashes cut this text off as often as we allow. */
  | { kind: 'abandoned' };

/** An outcome that another try of the same text would only repeat. */
const isFinal = (outcome: string) => failureOf(outcome)?.again === 'never';

/** Ended well, or in a way that only another text or a person changes. */
const settled = (outcome: string) => ['applied', 'unchanged', 'previewed'].includes(outcome) || isFinal(outcome);

/** Level-triggered: looks only at the newest text and the record, never at events. */
export const decide = (state: Held, newest: Newest | undefined, source: Source): Decision => {
  const decision = newest ? decideText(state, newest, source) : ({ kind: 'nothing' } as const);
  return decision.kind === 'deploy' && state.hold && !newest?.dryRun ? { kind: 'stopped', by: state.hold } : decision;
};

const decideText = (state: Held, newest: Newest, source: Source): Decision => {
  const { generation, fromSource, forced, unclear = '' } = newest;
  const { attempt } = state;
  if (source === null && fromSource) return { kind: 'unmanaged' };
  if (isOlderThanTried(generation, attempt)) return { kind: 'stale' };
  const by = blockOf(state, generation.sha256);
  if (by) return { kind: 'blocked', by };
  if (unclear !== '') return { kind: 'unclear', why: unclear };
  if (!attempt || attempt.generation.sha256 !== generation.sha256) return { kind: 'deploy', count: 1 };
  const same = isSameMessage(attempt.generation, generation);
  // published anew with a reason for overriding the guards is a person's word, like a retry
  if (isFinal(attempt.outcome)) return forced && !same ? { kind: 'deploy', count: 1 } : { kind: 'nothing' };
  if (same && settled(attempt.outcome)) return { kind: 'nothing' };
  if (attempt.outcome !== 'started') return { kind: 'deploy', count: attempt.count };
  return attempt.count < limits.crashTries ? { kind: 'deploy', count: attempt.count + 1 } : { kind: 'abandoned' };
};

/** What `resume` names: the text of the source, or undefined where none is known. */
export const sourceText = (newest: Newest | undefined, source: Source): string | undefined =>
  source ?? (newest?.fromSource && source === undefined ? newest.generation.sha256 : undefined);
