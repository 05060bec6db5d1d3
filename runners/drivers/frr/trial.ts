import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { Trial } from '../../driver.ts';
import { type FrrRouter, records } from './router.ts';
import * as scripts from './scripts.ts';

type TrialFacts = Omit<Trial, 'confirm' | 'undo'> & { job: string };

// A reload of a long list takes minutes, and is tried five times.
const undoTimeoutMs = 30 * 60_000;
const confirmTimeoutMs = 120_000;

/** The script's verdict, and what it printed after it. */
const said = (output: string): [string, string] => {
  const [first = '', ...rest] = output.trim().split('\n');
  const lines = rest.map((line) => line.trim()).filter(Boolean);
  return [first, redact(lines.slice(-3).join(' '))];
};

const hints: Readonly<Record<string, string>> = {
  unsaved: 'is there space on the router? `write memory` there shows the error',
  down: '`show daemons` and the log on the router show what happened; the router undoes the trial by itself',
};

/** A trial of ours on one router; the folder there is the truth, this only speaks of it. */
export const frrTrial = (router: FrrRouter, facts: TrialFacts): Trial => {
  const { name: id, job } = facts;
  const { name } = router;
  return {
    ...facts,
    confirm: async () => {
      const output = await router.script('confirm the trial', scripts.confirm, [id, job], {
        timeoutMs: confirmTimeoutMs,
      });
      const [verdict, rest] = said(output);
      if (verdict === 'confirmed' || verdict === 'gone applied') return;
      const why = {
        undoing: 'the router is already undoing it',
        rebooted: 'the router has rebooted since, into the previous configuration',
        unsaved: `it is in force, but startup differs from running after "write memory": ${rest}`,
        down: `a daemon stopped or started since; running are ${rest}`,
        'gone undone': 'the router has undone it',
      }[verdict];
      throw new PlumbError('commit_failed', `${name}: cannot confirm trial ${id}: ${why ?? 'it is gone'}`, {
        hint: hints[verdict] ?? 'deploy it again',
      });
    },
    undo: async () => {
      const output = await router.script('undo the trial', scripts.undo, [id, job], { timeoutMs: undoTimeoutMs });
      const [verdict, rest] = said(output);
      if (verdict === 'gone undone') return;
      if (verdict === 'failed') {
        throw new PlumbError(
          'undo_failed',
          `${name}: lines still differ from the configuration before trial ${id}: ${rest}`,
          {
            hint: `/run/plumbline on the router has the text from before the trial`,
          },
        );
      }
      const why = verdict === 'confirmed' || verdict === 'gone applied' ? 'it was confirmed' : 'it is not known';
      throw new PlumbError('undo_failed', `${name}: cannot undo trial ${id}: ${why}`);
    },
  };
};

/** The trial that waits on the router, ours or not; undefined: none. */
export const pendingTrial = async (router: FrrRouter): Promise<Trial | undefined> => {
  const [found] = records(await router.script('look for a trial', scripts.pending), '');
  if (!found) return undefined;
  const get = (key: string) => found.get(key) ?? '';
  const ageSeconds = Number(get('now')) - Number(get('at'));
  const expires = Date.now() + Number(get('left')) * 1000;
  // nobody undoes it any more: the router rebooted, or the dead-man switch was killed
  const abandoned = get('phase') === 'armed' && (get('watched') !== 'yes' || get('rebooted') === 'yes');
  const phase = abandoned ? 'undoing' : get('phase');
  const trial = frrTrial(router, {
    name: get('id'),
    job: get('job'),
    epoch: Number(get('epoch')),
    owner: `${get('user')} from ${get('from') || 'the console'}, ${ageSeconds} s ago`,
    expiresAt: phase === 'armed' && found.has('left') ? new Date(expires) : undefined,
    phase: phase === 'confirmed' || phase === 'undoing' ? phase : 'armed',
  });
  return get('id') === '' ? { ...trial, name: 'unknown', job: undefined, epoch: undefined } : trial;
};
