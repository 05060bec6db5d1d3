import type { JobSummary } from '../data/types.ts';
import type { Mark, Tone } from '../parts/marks.ts';

type Ended = Pick<JobSummary, 'state' | 'outcome'>;

/** How a job ended, or where it is: a mark and a word. */
export const outcomeOf = ({ state, outcome }: Ended): { mark: Mark; tone: Tone; word: string } => {
  if (state === 'awaiting') return { mark: 'wait', tone: 'wait', word: 'awaits approval' };
  if (state !== 'finished') return { mark: 'move', tone: 'move', word: state.replaceAll('_', ' ') };
  if (!outcome) return { mark: 'none', tone: 'none', word: 'unknown' };
  switch (outcome.kind) {
    case 'failed': {
      const word = outcome.code.replaceAll('_', ' ');
      // these left the device as it was, and nobody has to do anything
      const isQuiet = ['superseded', 'cancelled', 'stale_intent', 'expired'].includes(outcome.code);
      return isQuiet ? { mark: 'later', tone: 'later', word } : { mark: 'out', tone: 'out', word };
    }
    case 'applied':
    case 'unchanged':
    case 'previewed':
    case 'done':
      return { mark: 'sync', tone: 'sync', word: outcome.kind };
    default:
      return outcome satisfies never;
  }
};
