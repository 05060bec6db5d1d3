import type { Pool, Runner } from '../../core/bus.ts';
import type { Keeper } from '../../core/store/leases/pools.ts';
import { age, count } from '../output/text.ts';
import { type Finding, ok } from './checks.ts';

/** What a runner is for, in words: `group=pod1, at most 500`. */
const poolWords = ({ names, select, max, weight }: Pool): string =>
  [
    names && `named ${names.length <= 3 ? names.join(', ') : count(names.length, 'device')}`,
    select,
    max !== undefined && `at most ${max}`,
    weight !== 1 && `weight ${weight}`,
  ]
    .filter(Boolean)
    .join(', ');

/** A live runner: what it holds, and what it is for. */
export const checkRunner = ({ runner, pool, draining, held }: Keeper, record: Runner | undefined): Finding => {
  const parts = [
    `holds ${count(held, 'device')}`,
    record && `up ${age(record.startedAt)}`,
    pool && poolWords(pool),
    draining && 'about to stop',
  ];
  return ok('runner', runner, parts.filter(Boolean).join(', '));
};
