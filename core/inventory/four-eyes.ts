import type { Policy } from './schema.ts';

/** Whether each diff waits for a person's word: four eyes are of no use to one that nobody sees. */
export const asksFirst = ({ approval, fourEyes }: Pick<Policy, 'approval' | 'fourEyes'>): boolean =>
  approval === 'manual' || fourEyes;

/**
 * What somebody is known by: `user:ann <ann@example.net>`, `Ann Example <ann@example.net>` of a commit, `ann@laptop` of a
 * command line. Nothing of it is case-sensitive.
 */
const namesOf = (identity: string): Set<string> => {
  const [before = '', ...rest] = identity
    .trim()
    .replace(/^(?:user|oidc|terminal|claimed):/i, '')
    .split('<');
  const [email] = rest.map((after) => after.split('>')[0]);
  const name = before.trim();
  const login = email === undefined ? name.split('@')[0] : undefined;
  return new Set([identity, name, email, login].flatMap((each) => (each ? [each.trim().toLowerCase()] : [])));
};

/** Whether two texts may name the same person, as far as they tell: rather once too often than once too seldom. */
export const maybeSame = (one: string, other: string): boolean => {
  const names = namesOf(other);
  return [...namesOf(one)].some((name) => names.has(name));
};
