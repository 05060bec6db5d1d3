import { createHash, randomBytes } from 'node:crypto';

const alphabet = /[^A-Za-z0-9./]/g;

/** A plain password as a device keeps it: salted anew each time, so that the same text never looks the same. */
export const salted = (plain: string, kind: '6' | '5' | '9'): string => {
  const salt = randomBytes(9).toString('base64').replace(alphabet, '.').slice(0, 12);
  return `$${kind}$${salt}$${createHash('sha512').update(salt).update(plain).digest('base64').replace(alphabet, '.').slice(0, 43)}`;
};
