import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plumbParse } from '../plumb-parse.ts';
import { captured } from './folder.ts';

const fixtures = fileURLToPath(new URL('napalm/', captured));
type Case = { driver: string; getter: string; case: string; path: string };
const { cases }: { cases: Case[] } = JSON.parse(readFileSync(`${fixtures}index.json`, 'utf8'));

/** By NAPALM's rules: `...` stands for anything, and what is missing is null. */
const agree = (actual: unknown, expected: unknown, path = ''): string[] => {
  if (expected === '...') return [];
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
    return actual === expected || (actual === undefined && expected === null)
      ? []
      : [`${path}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`];
  }
  const [ours, theirs] = [actual as Record<string, unknown>, expected as Record<string, unknown>];
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) =>
    Object.hasOwn(theirs, key) ? agree(ours[key], theirs[key], `${path}.${key}`) : [`${path}.${key}: is too much`],
  );
};

describe('plumb parse --shape napalm gives what NAPALM gives', () => {
  it.each(cases.map((each) => [`${each.driver} ${each.getter} ${each.case}`, each] as const))('%s', async (_, each) => {
    const folder = `${fixtures}${each.path}`;
    const printed = await plumbParse('--platform', each.driver, '--getter', each.getter, '--shape', 'napalm', folder);
    const expected: unknown = JSON.parse(readFileSync(`${folder}/expected_result.json`, 'utf8'));
    expect(agree(printed, expected)).toEqual([]);
  });
});
