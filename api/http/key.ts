import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ApiKey } from '../../core/bus.ts';
import { makeStateFolder } from '../../core/config/state-folder.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import { registerSecret } from '../../core/redact/redact.ts';
import { sha256 } from '../../core/store/payload.ts';
import { casRecord, getRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';

const entry = 'key';
const minChars = 32;

/** @returns the API key that this machine has; undefined where it has none */
const readApiKey = async (keyFile: string): Promise<string | undefined> => {
  const text = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new PlumbError('credentials_unavailable', `${keyFile}: cannot be read: ${error.message}`, { cause: error });
  });
  if (text === undefined) return undefined;
  const key = text.trim();
  if (key.length < minChars || /\s/.test(key)) {
    throw new PlumbError('credentials_unavailable', `${keyFile}: contains no valid API key`, {
      hint: `an API key is one line of at least ${minChars} characters; without the file, a new key is created`,
    });
  }
  registerSecret(key);
  return key;
};

/** Puts a new key into the file; where another process was quicker, its key stands. */
const makeKey = async (keyFile: string): Promise<{ key: string; made: boolean }> => {
  const key = `plumb_${randomBytes(32).toString('base64url')}`;
  const fresh = `${keyFile}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await makeStateFolder(dirname(keyFile));
  await writeFile(fresh, `${key}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(fresh, keyFile); // whole or not at all, and never over one that is there
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const other = await readApiKey(keyFile);
    if (other) return { key: other, made: false };
    throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  registerSecret(key);
  return { key, made: true };
};

/**
 * The hash of the site's API key. On the first start the key is made, kept in `keyFile` for this machine's
 * own command line, and only its hash is stored in NATS, where every other instance finds it.
 *
 * @param say shows a line to the operator
 * @param isTty what is said goes to a terminal, not into a log: a key that was just made is shown
 */
export const openApiKey = async (
  store: Store,
  keyFile: string,
  say: (text: string) => void,
  isTty: boolean,
): Promise<string> => {
  const stored = async () => (await getRecord(store.api, ApiKey, entry))?.value.sha256;
  const mine = await readApiKey(keyFile);
  const known = await stored();
  if (known) {
    if (mine !== undefined && sha256(mine) !== known)
      say(`warning: ${keyFile} does not contain the API key of this site\n`);
    return known;
  }
  const { key, made } = mine === undefined ? await makeKey(keyFile) : { key: mine, made: false };
  const hash = sha256(key);
  try {
    await casRecord(store.api, entry, { sha256: hash, createdAt: new Date().toISOString() } satisfies ApiKey, 0);
  } catch (error) {
    if (!isOutcome(error, 'conflict')) throw error;
    const winner = await stored();
    if (!winner) throw error;
    if (winner !== hash && made) await rm(keyFile, { force: true });
    if (winner !== hash) return winner;
  }
  if (made)
    say(
      isTty
        ? `API key, shown only once and stored in ${keyFile}:\n  ${key}\n`
        : `wrote the new API key to ${keyFile}\n`,
    );
  return hash;
};
