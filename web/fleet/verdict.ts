import type { Device } from '../data/types.ts';
import { count, inWords, listed, sentence } from '../words/words.ts';
import { hasBgpDown } from './state.ts';

type Counts = Record<Device['sync'] | 'all' | 'bgp', number>;

/** How many devices are in each state. */
export const countsOf = (devices: readonly Device[]): Counts => {
  const counts: Counts = {
    all: devices.length,
    in_sync: 0,
    out_of_sync: 0,
    deploying: 0,
    awaiting: 0,
    unmanaged: 0,
    unknown: 0,
    bgp: 0,
  };
  for (const device of devices) {
    counts[device.sync]++;
    if (hasBgpDown(device)) counts.bgp++;
  }
  return counts;
};

const is = (number: number): string => (number === 1 ? 'is' : 'are');
const sentences = (parts: readonly string[]): string => parts.map((part) => `${sentence(part)}.`).join(' ');

/** What stands beside the answer: what moves, what is not known, and what is left. */
const restOf = ({ all, in_sync, deploying, unknown, unmanaged, bgp }: Counts, said: Device['sync'][]): string => {
  const parts: string[] = [];
  if (deploying > 0 && !said.includes('deploying')) parts.push(`${deploying} ${is(deploying)} being deployed to`);
  if (unknown > 0 && !said.includes('unknown')) parts.push(`nothing is known of ${unknown}`);
  if (unmanaged > 0) parts.push(`${unmanaged} ${unmanaged === 1 ? 'has' : 'have'} no intended configuration`);
  if (bgp > 0) parts.push(`BGP sessions are down on ${count(bgp, 'device')}`);
  if (in_sync > 0 && in_sync < all) parts.push(`${in_sync} ${in_sync === 1 ? 'runs' : 'run'} what is intended`);
  return sentences(parts);
};

/** The answer of the view in one sentence, and what it rests on. */
export const verdictOf = (counts: Counts): { answer: string; rest: string } => {
  const { all, out_of_sync: out, awaiting, unknown, deploying, unmanaged } = counts;
  const asks: string[] = [];
  if (out > 0) asks.push(`${count(out, 'device')} ${is(out)} out of sync`);
  if (awaiting > 0) asks.push(`${inWords(awaiting, 'approval')} ${is(awaiting)} waiting`);
  if (asks.length > 0) return { answer: `${sentence(asks.join(', and '))}.`, rest: restOf(counts, []) };
  if (unknown > 0) {
    const of = unknown === all ? 'any device' : count(unknown, 'device');
    return { answer: `Nothing is known of ${of}.`, rest: restOf(counts, ['unknown']) };
  }
  if (deploying > 0)
    return {
      answer: `${count(deploying, 'device')} ${is(deploying)} being deployed to.`,
      rest: restOf(counts, ['deploying']),
    };
  if (unmanaged === all) return { answer: 'No device has an intended configuration.', rest: '' };
  const managed = all - unmanaged;
  const answer =
    managed === 1 ? 'The one device runs what is intended.' : `All ${managed} devices run what is intended.`;
  return { answer, rest: restOf({ ...counts, in_sync: 0 }, []) || 'Nothing is waiting for anyone.' };
};

/** What a group of tiles holds, for those who do not see it: `40 devices: 31 in sync, 1 out of sync`. */
export const toldCounts = (devices: readonly Device[]): string => {
  const { all, bgp: _, ...syncs } = countsOf(devices);
  const parts = Object.entries(syncs).filter(([, number]) => number > 0);
  return `${count(all, 'device')}: ${listed(parts.map(([sync, number]) => `${number} ${sync.replaceAll('_', ' ')}`))}`;
};
