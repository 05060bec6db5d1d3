import { isIP } from 'node:net';
import { didYouMean } from '../../engines/nearest.ts';
import { PlumbError } from '../errors.ts';
import { registerSecret } from '../redact/redact.ts';

/** Of a process. */
export type Env = NodeJS.ProcessEnv;

const invalid = (message: string): never => {
  throw new PlumbError('invalid_request', message, { hint: 'docs/inventory.md lists flags, variables and keys' });
};

/** One of a few words; undefined where nothing was said. @throws PlumbError `invalid_request` */
export const oneOf = <const T extends string>(
  name: string,
  value: string | undefined,
  words: readonly T[],
): T | undefined => {
  if (!value) return undefined;
  const known = words.find((word) => word === value);
  return known ?? invalid(`${name}: expected one of ${words.join(', ')}, found "${value}"${didYouMean(value, words)}`);
};

/** A port; undefined where nothing was said. @throws PlumbError `invalid_request` */
export const portFrom = (name: string, value: number | string | undefined): number | undefined => {
  if (value === undefined || value === '') return undefined;
  const port = Number(value);
  if (/^\d+$/.test(`${value}`) && port <= 65_535) return port;
  return invalid(`${name}: expected a port from 0 to 65535, found "${value}"`);
};

const minSecretChars = 16;

/** A secret that others sign with; undefined where nothing was said. @throws PlumbError `invalid_request` for a short one */
export const secretFrom = (name: string, value: string | undefined): string | undefined => {
  if (!value) return undefined;
  registerSecret(value);
  return value.length >= minSecretChars ? value : invalid(`${name}: expected ${minSecretChars} characters or more`);
};

/** An address or a network, as `10.0.0.0/8`. @throws PlumbError `invalid_request` */
export const networkFrom = (name: string, text: string): string => {
  const [address = '', bits] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return most > 0 && Number(bits ?? 0) <= most
    ? text
    : invalid(`${name}: "${text}" is neither an address nor a network`);
};
