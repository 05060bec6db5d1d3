import { describe, expect, it } from 'vitest';
import { type FailureCode, failures, PlumbError } from '../../../../core/errors.ts';
import { outcomeOf, type Seen } from '../../../../runners/lifecycle/outcome.ts';

const codes = Object.keys(failures) as FailureCode[];
const runs = ['old', 'new', 'other', 'unknown'] as const satisfies Seen['runs'][];
const startups = ['same', 'differs', 'none', 'unknown'] as const satisfies Seen['startup'][];
const trials = ['pending', 'gone', 'confirmed', 'unknown'] as const satisfies Seen['trial'][];

/** What a trial may be seen as while a deployment is at a step. */
const stepTrials: Record<string, readonly Seen['trial'][]> = {
  guarding: ['none'],
  connecting: ['none'],
  loading: ['none'],
  diffing: ['none'],
  awaiting: ['none'],
  committing: trials,
  checking: trials,
  confirming: trials,
  reading_back: trials,
};

const every = Object.entries(stepTrials).flatMap(([step, seen]) =>
  seen.flatMap((trial) =>
    [undefined, ...codes].flatMap((code) =>
      runs.flatMap((what) => startups.map((startup) => ({ step, code, seen: { runs: what, trial, startup } }))),
    ),
  ),
);

/** Codes that an operator reads as: the device runs what it ran before. */
const nothingHappened = codes.filter((code) => code !== 'undo_failed' && code !== 'not_converged');

const judge = ({ code, seen }: { code: FailureCode | undefined; seen: Seen }) => {
  const { outcome, unseen, left } = outcomeOf('leaf1', code && new PlumbError(code, 'leaf1: it went wrong'), seen);
  const word = outcome.kind === 'failed' ? outcome.code : outcome.kind;
  return { word, unseen, left, detail: outcome.kind === 'failed' ? outcome.detail : '' };
};

describe(`the outcome of a deployment, ${every.length} times over step, failure and what runs`, () => {
  it('never says that nothing happened where the change is in force, or may be', () => {
    for (const one of every) {
      const { trial, runs: what } = one.seen;
      const mayBe = trial === 'confirmed' || (trial !== 'none' && (what !== 'old' || trial !== 'gone'));
      if (mayBe) expect(nothingHappened, JSON.stringify(one)).not.toContain(judge(one).word);
    }
  });

  it('says applied only of a change that was seen to run, to be in force and to be what boots', () => {
    for (const one of every) {
      const { trial, runs: what, startup } = one.seen;
      const good = !one.code && what === 'new' && ['same', 'none'].includes(startup);
      const isIn = trial === 'confirmed' || trial === 'gone';
      expect(judge(one).word === 'applied', JSON.stringify(one)).toBe(good && isIn);
    }
  });

  it('keeps the failure that ended what was not committed, and never claims a commit there', () => {
    for (const one of every.filter(({ seen, code }) => seen.trial === 'none' && code)) {
      const claims = ['commit_failed', 'check_failed', 'undo_failed', 'not_converged'].includes(one.code ?? '');
      expect(judge(one).word, JSON.stringify(one)).toBe(claims ? 'conflict' : one.code);
    }
  });

  it('keeps the failure of what was undone, unless that says that it was not', () => {
    for (const one of every.filter(({ seen }) => seen.trial === 'gone' && seen.runs === 'old')) {
      const denies = !one.code || ['undo_failed', 'not_converged'].includes(one.code);
      expect(judge(one).word, JSON.stringify(one)).toBe(denies ? 'commit_failed' : one.code);
    }
  });

  it('says undo_failed, and what runs, of what is neither in force nor seen to be undone', () => {
    for (const one of every.filter(({ seen }) => seen.trial === 'pending' || seen.trial === 'unknown')) {
      expect(judge(one).word, JSON.stringify(one)).toBe('undo_failed');
      expect(judge(one).detail, JSON.stringify(one)).toMatch(
        /the previous configuration is|change is running|neither|could not be read/,
      );
    }
  });

  it('says that the device was left as it was only where what ran before was seen to run', () => {
    for (const one of every) {
      const { trial, runs: what } = one.seen;
      expect(judge(one).left, JSON.stringify(one)).toBe(trial === 'none' || (trial === 'gone' && what === 'old'));
    }
  });

  it('has what is in force and could not be compared looked at again, with the reason', () => {
    for (const one of every) {
      const { trial, runs: what, startup } = one.seen;
      const isIn = trial === 'confirmed' || (trial === 'gone' && what === 'new');
      const differs = what === 'old' || what === 'other' || startup === 'differs' || one.code === 'not_converged';
      const compared = !one.code && what === 'new' && startup !== 'unknown';
      const { unseen, word, detail } = judge(one);
      expect(unseen, JSON.stringify(one)).toBe(isIn && !differs && !compared);
      if (!unseen) continue;
      expect(word).toBe('not_converged');
      if (one.code) expect(detail).toContain('it went wrong');
    }
  });
});
