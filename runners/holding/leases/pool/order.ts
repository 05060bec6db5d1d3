/** A number in (0, 1): the same for everyone who asks. FNV-1a, mixed as MurmurHash3 does at its end. */
const hash = (text: string): number => {
  let mixed = 2_166_136_261;
  for (let at = 0; at < text.length; at++) mixed = Math.imul(mixed ^ text.charCodeAt(at), 16_777_619);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (((mixed ^ (mixed >>> 16)) >>> 0) + 0.5) / 4_294_967_296;
};

/**
 * Weighted rendezvous: whoever has the greatest score about something gets it, so that each gets a share by its weight, and
 * one that comes or goes changes nothing between the others.
 */
export const score = (one: string, weight: number, about: string): number =>
  -weight / Math.log(hash(`${one}\n${about}`));

/** From here on all try at once: a compare-and-set lets one through. */
export const lastRank = 2;

/** How many of the others come before `me` in something that one of us is to do. */
export const rankOf = (me: string, others: Iterable<string>, about: string): number => {
  const mine = score(me, 1, about);
  let rank = 0;
  for (const other of others) {
    if (other === me) continue;
    const theirs = score(other, 1, about);
    if (theirs > mine || (theirs === mine && other < me)) rank++;
    if (rank === lastRank) break;
  }
  return rank;
};
