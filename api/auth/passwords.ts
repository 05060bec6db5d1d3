import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { oneAtATime } from '../../core/one-at-a-time.ts';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const bytes = 32;

/** As OWASP's Password Storage Cheat Sheet has it for 32 MiB. */
const cost = { log2: 15, r: 8, p: 3 } as const;

/** One at a time: each takes 32 MiB, and whoever asks for many must not take all of it. */
const inTurn = oneAtATime();

const derived = (password: string, salt: Buffer, log2: number, r: number, p: number): Promise<Buffer> => {
  const N = 2 ** log2;
  return inTurn(() => derive(password.normalize('NFKC'), salt, bytes, { N, r, p, maxmem: 256 * N * r }));
};

/** What is kept of a password: how it was derived, salt and hash. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const hash = await derived(password, salt, cost.log2, cost.r, cost.p);
  return ['scrypt', cost.log2, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
};

/** What a password of a user that there is not is compared with: no sooner told than a wrong one. */
let ofNobody: Promise<string> | undefined;

/** @param kept undefined: there is no such user */
export const isPassword = async (password: string, kept: string | undefined): Promise<boolean> => {
  ofNobody ??= hashPassword(randomBytes(16).toString('hex'));
  const [kind, log2, r, p, salt = '', hash = ''] = (kept ?? (await ofNobody)).split('$');
  const found = await derived(password, Buffer.from(salt, 'base64url'), Number(log2), Number(r), Number(p));
  const wanted = Buffer.from(hash, 'base64url');
  return kind === 'scrypt' && wanted.length === bytes && timingSafeEqual(found, wanted) && kept !== undefined;
};
