import { limits } from '../core/bus.ts';
import { PlumbError } from '../core/errors.ts';
import { refusalOfText } from '../core/text/utf8.ts';

const lfs = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\//;
const annex = /^\/annex\/objects\//;
const ciphertexts: readonly [RegExp, string][] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git-crypt's magic number begins with a zero byte
  [/^\u0000GITCRYPT\u0000/, 'git-crypt'],
  [/^[ \t]*\$ANSIBLE_VAULT;/m, 'ansible-vault'],
  [/^age-encryption\.org\/v1/, 'age'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/m, 'age'],
  [/^-----BEGIN PGP MESSAGE-----/m, 'PGP'],
  [/\bENC\[AES256_GCM,data:/, 'sops'],
];

/** Why a blob is a stand-in for a configuration and not one; undefined where it may be one. */
export const refusalOf = (path: string, body: Uint8Array): PlumbError | undefined => {
  const refuse = (message: string, hint: string) => new PlumbError('source_failed', `${path}: ${message}`, { hint });
  if (body.length > limits.textBytes) return refuse(tooLarge(body.length), tooLargeHint);
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1');
  if (lfs.test(text) && text.length < 1024)
    return refuse('a Git LFS pointer, not the file itself', 'commit the configuration itself: `git lfs untrack`');
  if (annex.test(text)) return refuse('a git-annex pointer, not the file itself', 'commit the configuration itself');
  const cipher = ciphertexts.find(([pattern]) => pattern.test(text))?.[1];
  if (!cipher) return refusalOfText(body, path, 'source_failed');
  return refuse(`encrypted with ${cipher}`, 'a device needs the clear text; unlock the repository for the watcher');
};

/** What is said of a file above `limits.textBytes`. */
export const tooLarge = (bytes: number): string =>
  `${bytes} bytes, more than the ${limits.textBytes} (${limits.textBytes / 1024 / 1024} MiB) that an intent may have`;

export const tooLargeHint =
  'is this really a configuration? a larger one could not be read back from the device: leave out what need not be in it';
