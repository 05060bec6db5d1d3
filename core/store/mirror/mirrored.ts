import { buckets, subjects } from '../../bus.ts';

/** What is mirrored, and as what. */
export type Mirrored<T> = {
  stream: string;
  /** All of its subjects; `told`: where `follow` receives them. */
  subjects: string;
  told: string;
  keyOf: (subject: string) => string;
  /** @returns undefined: it is not a record of this kind, and counts as absent */
  parse(data: Uint8Array, key: string): T | undefined;
  /** Whether two records say the same, so that the second is no news; no two do where it is not given. */
  same?(one: T, other: T): boolean;
};

/** `read`: everything was read, for the first time or from a different stream; no keys are reported. */
export type Change<T> =
  | { kind: 'read' }
  | { kind: 'changed'; key: string; value: T | undefined; before: T | undefined };

/** A bucket of the site, as a mirror takes it. */
export const mirrorOf = <T>(
  site: string,
  what: 'state' | 'inventory' | 'lease',
  more: Pick<Mirrored<T>, 'parse' | 'same'>,
): Mirrored<T> => {
  const bucket = buckets[what](site);
  return {
    stream: `KV_${bucket}`,
    subjects: `$KV.${bucket}.>`,
    told: subjects.stored(site, what, '>'),
    keyOf: (subject) => subject.slice(`$KV.${bucket}.`.length),
    ...more,
  };
};
