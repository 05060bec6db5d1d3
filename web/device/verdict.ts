import type { Device, Job } from '../data/types.ts';
import { shownOf } from '../fleet/state.ts';
import { age, clockTime } from '../words/time.ts';
import { count } from '../words/words.ts';

/** The answer of a device's view around its name, and what it rests on. */
type Verdict = { before: string; after: string; rest: string };

const checksOf = (job: Job | undefined): string => {
  if (!job || job.checks.length === 0) return 'No check has run yet.';
  const passed = job.checks.filter(({ ok }) => ok === true).length;
  return `${passed} of ${count(job.checks.length, 'check')} passed; once all have, it is confirmed automatically.`;
};

const fromOf = ({ state, intended }: Device): string => {
  const commit = state?.applied?.commit ?? intended?.commit;
  return [commit && `commit ${commit.slice(0, 7)}`, intended?.path].filter(Boolean).join(', ');
};

/** Does it run what is intended; if a trial runs, when does it undo itself? @param nowMs by the server's clock */
export const verdictOf = (device: Device, job: Job | undefined, nowMs: number): Verdict => {
  const { sync, reason, state, lease } = device;
  switch (sync) {
    case 'in_sync': {
      const since = state?.changed?.at ? `Last changed ${age(state.changed.at, nowMs)} ago. ` : '';
      const from = fromOf(device);
      const held = reason === '' ? '' : ` ${reason}.`;
      return { before: '', after: ' runs what is intended.', rest: `${since}${from && `From ${from}.`}${held}` };
    }
    case 'deploying': {
      if (!state?.trial)
        return {
          before: '',
          after: ' is being deployed to.',
          rest: job ? `It is at step "${job.state.replaceAll('_', ' ')}".` : '',
        };
      const at = clockTime(state.trial.expiresAt);
      const gone = Date.parse(state.trial.expiresAt) < nowMs;
      const after = gone
        ? ` ran a trial until ${at}; how it ended is not known yet.`
        : ` runs a trial and undoes it at ${at}, unless it is confirmed.`;
      return { before: '', after, rest: checksOf(job) };
    }
    case 'awaiting':
      return {
        before: '',
        after: ' is waiting for approval.',
        rest: 'Nothing changes on it until someone approves the difference.',
      };
    case 'out_of_sync': {
      const { word } = shownOf(device, nowMs);
      return {
        before: '',
        after: word === 'out of sync' ? ' is out of sync.' : ` is out of sync: ${word}.`,
        rest: reason,
      };
    }
    case 'unmanaged':
      return { before: '', after: ' has no intended configuration.', rest: reason };
    case 'unknown': {
      const old = state ? ` What is shown is ${age(state.updatedAt, nowMs)} old.` : '';
      return {
        before: 'Nothing is known of ',
        after: lease ? '.' : ': no runner holds it.',
        rest: `${lease ? `${reason}.` : ''}${old}`,
      };
    }
    default:
      return sync satisfies never;
  }
};
