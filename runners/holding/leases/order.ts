import { createHash } from 'node:crypto';

const scores = new Map<string, number>();
const mostScores = 200_000;

/** The same for everyone who asks: who of some comes first is settled without a word. */
const score = (one: string, about: string): number => {
  const key = `${one}\n${about}`;
  const known = scores.get(key);
  if (known !== undefined) return known;
  if (scores.size >= mostScores) scores.clear();
  const made = createHash('sha256').update(key).digest().readUIntBE(0, 6);
  scores.set(key, made);
  return made;
};

/** From here on all try at once: a compare-and-set lets one through. */
const lastRank = 2;

/** How many of the others come before `me` in something that one of us is to do. */
export const rankOf = (me: string, others: Iterable<string>, about: string): number => {
  const mine = score(me, about);
  let rank = 0;
  for (const other of others) {
    if (other === me) continue;
    const theirs = score(other, about);
    if (theirs > mine || (theirs === mine && other < me)) rank++;
    if (rank === lastRank) break;
  }
  return rank;
};
