import type { Device } from '../data/types.ts';
import type { Mark, Tone } from '../parts/marks.ts';
import { left } from '../words/time.ts';

/** Who or what a device waits for; the order of the groups in the table. */
export const needs = ['someone', 'unknown', 'moving', 'sync', 'unmanaged'] as const;
export type Need = (typeof needs)[number];

/** How a device is shown: the same in its row, on the map and on its own view. */
type Shown = {
  mark: Mark;
  tone: Tone;
  word: string;
  need: Need;
  /** A person is asked something. */
  asks: boolean;
};

const blockWords = {
  undone: 'undone',
  stopped: 'stopped',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
  given_up: 'given up',
} as const;

/** The most exact word for what keeps a device from its intended configuration. */
const outWord = ({ state, reason }: Device): string => {
  const intended = state?.intent?.generation.sha256;
  const blocked = state?.blocked.find(({ sha256 }) => sha256 === intended);
  if (blocked) return blockWords[blocked.why];
  if (state?.hold || state?.hand) return 'held';
  if (reason.startsWith('drift')) return 'drift';
  const { outcome = '', generation } = state?.attempt ?? {};
  if (generation?.sha256 !== intended || /^(?:applied|unchanged|started|awaiting|previewed|)$/.test(outcome))
    return 'out of sync';
  return outcome === 'check_failed' ? 'undone' : outcome.replaceAll('_', ' ');
};

/** @param nowMs by the server's clock */
export const shownOf = (device: Device, nowMs: number): Shown => {
  const { sync, state, lease } = device;
  switch (sync) {
    case 'in_sync':
      return { mark: 'sync', tone: 'sync', word: 'in sync', need: 'sync', asks: false };
    case 'out_of_sync':
      return { mark: 'out', tone: 'out', word: outWord(device), need: 'someone', asks: false };
    case 'deploying': {
      const moving = { tone: 'move', need: 'moving', asks: false } as const;
      if (!state?.trial) return { mark: 'move', word: 'deploying', ...moving };
      return { mark: 'trial', word: `trial ${left(Date.parse(state.trial.expiresAt) - nowMs)}`, ...moving };
    }
    case 'awaiting':
      return { mark: 'wait', tone: 'wait', word: 'awaits approval', need: 'someone', asks: true };
    case 'unmanaged':
      return { mark: 'none', tone: 'none', word: 'unmanaged', need: 'unmanaged', asks: false };
    case 'unknown': {
      const word = lease ? 'unknown' : 'unheld';
      return { mark: 'none', tone: 'none', word, need: 'unknown', asks: false };
    }
    default:
      return sync satisfies never;
  }
};

/** Fewer BGP sessions are up than are configured; of what is not known nothing is claimed. */
export const hasBgpDown = ({ sync, state }: Device): boolean =>
  sync !== 'unknown' && state?.bgp !== null && state?.bgp !== undefined && state.bgp.established < state.bgp.expected;
