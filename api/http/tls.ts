import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsFiles } from '../../core/config/api-config.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { log } from '../../core/log.ts';
import { sha256 } from '../../core/store/payload.ts';

/** How often the files are looked at. */
const lookMs = 10_000;

/** What the API shows to its callers, and whom of them it believes. */
export type Shown = Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>;

const readOne = (path: string): Promise<Buffer> =>
  readFile(path).catch((cause: unknown) => {
    throw new PlumbError('credentials_unavailable', `api.tls: ${path} cannot be read: ${explain(cause)}`, { cause });
  });

/** @throws PlumbError `credentials_unavailable` where a file is missing, or they do not belong together */
export const readTls = async ({ cert, key, clientCa }: TlsFiles): Promise<Shown> => {
  const shown: Shown = {
    cert: await readOne(cert),
    key: await readOne(key),
    ...(clientCa === undefined ? {} : { ca: await readOne(clientCa) }),
  };
  try {
    createSecureContext(shown);
    return shown;
  } catch (cause) {
    throw new PlumbError('credentials_unavailable', `api.tls: ${cert} with ${key}: ${explain(cause)}`, {
      cause,
      hint: 'both are PEM; the certificate comes first in its file, those of its issuers after it; the key has no passphrase',
    });
  }
};

const hashOf = ({ cert, key, ca }: Shown): string => sha256([cert, key, ca].map(String).join('\0'));

/**
 * Takes new files as they come, for connections that come after that. Where they are not fit, as while one of two is replaced,
 * those from before stay.
 *
 * @param everyMs how often they are looked at
 */
export const followTls = (
  server: Server,
  files: TlsFiles,
  first: Shown,
  signal: AbortSignal,
  everyMs = lookMs,
): void => {
  let shown = hashOf(first);
  let said = '';
  const look = async () => {
    try {
      const now = await readTls(files);
      said = '';
      const hash = hashOf(now);
      if (hash === shown || signal.aborted) return;
      server.setSecureContext(now);
      shown = hash;
      log.info({ cert: files.cert }, 'the API has another certificate now');
    } catch (error) {
      const text = explain(error);
      if (text !== said) log.warn(`${text}; the API goes on with the one from before`);
      said = text;
    }
  };
  const timer = setInterval(look, everyMs).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
};
