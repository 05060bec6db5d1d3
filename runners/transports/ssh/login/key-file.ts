import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { PlumbError } from '../../../../core/errors.ts';
import { withLf } from '../../../../core/text/line-ends.ts';
import { said } from '../../../dialogue/one-line.ts';
import { openSshKey } from './ed25519.ts';

/** Why a key cannot be used, and what to do. */
type Refusal = { why: string; hint: string };

const rewrite = '`ssh-keygen -p -f KEY` rewrites it in the OpenSSH format';
const another = 'create a supported one: `ssh-keygen -t ed25519 -f KEY`';
const refused = (why: string, hint: string): Refusal => ({ why, hint });

const wrongPassphrase = refused('its passphrase is wrong, or the file is damaged', 'try it: `ssh-keygen -y -f KEY`');
const noPassphrase = refused(
  'it needs a passphrase, and none is given',
  'add `passphrase` to `key` in the credentials',
);

/** What ssh2 says of a key, in our words. */
const bySsh2 = (message: string): Refusal => {
  if (/no passphrase given/i.test(message)) return noPassphrase;
  if (/integrity check failed|bad passphrase|unable to authenticate data|bad decrypt/i.test(message))
    return wrongPassphrase;
  if (/: sk-/.test(message))
    return refused(
      'a security key must be touched at each login',
      'use a key that needs no touch: `ssh-keygen -t ed25519`',
    );
  if (/initialization vector|Unsupported cipher/i.test(message))
    return refused('its encryption is not supported', '`ssh-keygen -p -Z aes256-ctr -f KEY` rewrites it');
  return refused(said(message), rewrite);
};

const parse = (text: string, passphrase: string | undefined): ParsedKey | Refusal => {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const [first] = Array.isArray(parsed) ? parsed : [parsed];
  if (!first || first instanceof Error) return bySsh2(first?.message ?? 'it is empty');
  if (first.isPrivateKey()) return first;
  return refused('it is a public key or a certificate', 'use the private key: the file without `.pub`');
};

/** What OpenSSL says of a key, in our words. */
const byOpenSsl = (error: Error & { code?: string }, passphrase: string | undefined): Refusal => {
  const { code = '' } = error;
  if (passphrase === undefined && /INTERRUPTED|MISSING_PASSPHRASE|BAD_PASSWORD/.test(code)) return noPassphrase;
  if (code === 'ERR_OSSL_EVP_UNSUPPORTED')
    return refused(
      'its encryption is too old for OpenSSL',
      '`openssl pkey -provider legacy -provider default -in KEY -out NEW -aes256` rewrites it',
    );
  return wrongPassphrase;
};

const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** A key of OpenSSL's as ssh2 reads it. */
const forSsh2 = (key: KeyObject): string | Refusal => {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'rsa') return key.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
  if (type === 'ec' && curves.has(details?.namedCurve ?? ''))
    return key.export({ type: 'sec1', format: 'pem' }).toString().trim();
  if (type === 'ed25519') {
    const { d = '', x = '' } = key.export({ format: 'jwk' });
    return openSshKey(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')).private;
  }
  if (type === 'dsa') return refused('a DSA key in this format is not supported', rewrite);
  return refused(`SSH does not support keys of the type ${details?.namedCurve ?? type}`, another);
};

const readPem = (text: string, passphrase: string | undefined): ParsedKey | Refusal => {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    return byOpenSsl(error as Error, passphrase);
  }
  const found = forSsh2(key);
  return typeof found === 'string' ? parse(found, undefined) : found;
};

const readPutty = (text: string, passphrase: string | undefined): ParsedKey | Refusal => {
  const key = parse(text, /^Encryption: none$/m.test(text) ? undefined : passphrase);
  if (!('why' in key) || key === noPassphrase) return key;
  const convert = '`puttygen KEY.ppk -O private-openssh -o KEY` converts it';
  return refused(key === wrongPassphrase ? key.why : 'this PuTTY format is not supported', convert);
};

const read = (text: string, passphrase: string | undefined): ParsedKey | Refusal => {
  // what stands before it, the parameters of a curve or attributes, is left out
  const [block, kind] = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\n[\s\S]*?-----END \1-----/.exec(text) ?? [];
  if (text.startsWith('PuTTY-User-Key-File-')) return readPutty(text, passphrase);
  if (/^---- BEGIN SSH2/.test(text))
    return refused('the ssh.com format is not supported', '`ssh-keygen -i -f KEY` converts it');
  if (kind === 'OPENSSH PRIVATE KEY' || kind === 'DSA PRIVATE KEY') return parse(block ?? '', passphrase);
  if (block !== undefined) return readPem(block, passphrase);
  if (/^(?:ssh-|ecdsa-|sk-)/.test(text)) return parse(text.split('\n')[0] ?? '', undefined);
  return refused(
    'it is not a private key in PEM or OpenSSH format',
    '`key` takes the content of a file from `ssh-keygen`, by `file`, `env` or `command`; `openssl pkey -inform DER -in KEY -out NEW` converts DER',
  );
};

/** Keys that were read: taking a passphrase off takes a second, in which nothing else runs, and each login needs the key. */
const known = new Map<string, ParsedKey>();
const mostKnown = 1_000;

/**
 * A private key in any format that OpenSSH and OpenSSL write.
 *
 * @throws PlumbError `credentials_unavailable` saying what is wrong with it, and what to run
 */
export const readPrivateKey = (name: string, file: string, passphrase: string | undefined): ParsedKey => {
  const text = `${withLf(file.replace(/^\ufeff/, '')).trim()}\n`;
  const id = createHash('sha256')
    .update(JSON.stringify([text, passphrase]))
    .digest('hex');
  const before = known.get(id);
  if (before) return before;
  const key = read(text, passphrase);
  if ('why' in key)
    throw new PlumbError('credentials_unavailable', `${name}: cannot use its private key: ${key.why}`, {
      hint: key.hint,
    });
  if (known.size >= mostKnown) known.clear();
  known.set(id, key);
  return key;
};
