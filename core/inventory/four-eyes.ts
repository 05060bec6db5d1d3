import type { Policy } from './schema.ts';

/** Whether each diff waits for approval: four eyes are no use for a diff that nobody sees. */
export const asksFirst = ({ approval, fourEyes }: Pick<Policy, 'approval' | 'fourEyes'>): boolean =>
  approval === 'manual' || fourEyes;

/**
 * The names by which a person is known: `user:ann <ann@example.net>`, `Ann Example <ann@example.net>` of a commit,
 * `ann@laptop` of a command line. Case is ignored.
 */
const namesOf = (identity: string): Set<string> => {
  const [before = '', ...rest] = identity
    .trim()
    .replace(/^(?:user|key|oidc|terminal|claimed):/i, '')
    .split('<');
  const [email] = rest.map((after) => after.split('>')[0]);
  const name = before.trim();
  const login = email === undefined ? name.split('@')[0] : undefined;
  return new Set([identity, name, email, login].flatMap((each) => (each ? [each.trim().toLowerCase()] : [])));
};

/** Whether two texts may name the same person, as far as they show: better a match too many than one too few. */
export const maybeSame = (one: string, other: string): boolean => {
  const names = namesOf(other);
  return [...namesOf(one)].some((name) => names.has(name));
};
