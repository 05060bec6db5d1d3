import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPrivateKey } from '../../../../runners/transports/ssh/login/key-file.ts';
import { folderOfAll } from '../../../folder.ts';

const folder = folderOfAll('keys');

let count = 0;
/** What ssh-keygen writes, and the public key in its words. */
const keygen = (options: readonly string[], passphrase = '') => {
  const path = join(folder, `key${++count}`);
  execFileSync('ssh-keygen', ['-q', '-C', 'x', '-a', '1', '-N', passphrase, '-f', path, ...options]);
  return { text: readFileSync(path, 'utf8'), public: readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? '' };
};

const publicOf = (key: ReturnType<typeof readPrivateKey>): string => key.getPublicSSH().toString('base64');

/** It signs, and its own public half takes the signature. */
const signs = (key: ReturnType<typeof readPrivateKey>): boolean => {
  const signature = key.sign('what is signed');
  return Buffer.isBuffer(signature) && key.verify('what is signed', signature) === true;
};

const refusal = (text: string, passphrase?: string) => {
  try {
    readPrivateKey('r1', text, passphrase);
    return undefined;
  } catch (error) {
    return error;
  }
};

const kinds = [
  '-t ed25519',
  '-t ecdsa -b 256',
  '-t ecdsa -b 384',
  '-t ecdsa -b 521',
  '-t rsa -b 1024',
  '-t rsa -b 2048',
];
const formats = ['RFC4716', 'PEM', 'PKCS8']; // RFC4716 is OpenSSH's own for private keys

describe('a private key of ssh-keygen', () => {
  it.each(kinds.flatMap((kind) => formats.map((format) => [kind, format] as const)))(
    'works: %s -m %s',
    (kind, format) => {
      for (const passphrase of ['', 'geheim']) {
        const made = keygen([...kind.split(' '), '-m', format], passphrase);
        const key = readPrivateKey('r1', made.text, passphrase || undefined);
        expect(publicOf(key)).toBe(made.public);
        expect(signs(key)).toBe(true);
      }
    },
  );

  it.each([
    ...['3des-cbc', 'aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    ...['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'],
  ])('works with its passphrase, whatever the cipher, and says that it is wrong or missing: -Z %s', (cipher) => {
    const made = keygen(['-t', 'ed25519', '-Z', cipher], 'geheim');
    expect(publicOf(readPrivateKey('r1', made.text, 'geheim'))).toBe(made.public);
    expect(refusal(made.text, 'falsch')).toMatchObject({ message: expect.stringContaining('passphrase is wrong') });
    expect(refusal(made.text)).toMatchObject({
      code: 'credentials_unavailable',
      message: 'r1: cannot use its private key: it needs a passphrase, and none is given',
      hint: expect.stringContaining('`passphrase`'),
    });
  });

  it('that its cipher makes unreadable to us is refused with what to run, and works then', () => {
    const made = keygen(['-t', 'ed25519', '-Z', 'chacha20-poly1305@openssh.com'], 'geheim');
    expect(refusal(made.text, 'geheim')).toMatchObject({ hint: '`ssh-keygen -p -Z aes256-ctr -f KEY` rewrites it' });
    const path = join(folder, `key${count}`);
    execFileSync('ssh-keygen', ['-q', '-p', '-a', '1', '-Z', 'aes256-ctr', '-P', 'geheim', '-N', 'geheim', '-f', path]);
    expect(publicOf(readPrivateKey('r1', readFileSync(path, 'utf8'), 'geheim'))).toBe(made.public);
  });

  it('works with the line ends of Windows, a mark at its start and blanks around it', () => {
    const made = keygen(['-t', 'ed25519']);
    const text = `\ufeff\r\n${made.text.replaceAll('\n', '\r\n')}\r\n\r\n`;
    expect(publicOf(readPrivateKey('r1', text, undefined))).toBe(made.public);
  });

  it('is not its public half, nor a path, nor nothing', () => {
    const { public: base64 } = keygen(['-t', 'ed25519']);
    expect(refusal(`ssh-ed25519 ${base64} x`)).toMatchObject({
      message: expect.stringContaining('it is a public key or a certificate'),
      hint: 'use the private key: the file without `.pub`',
    });
    for (const text of ['~/.ssh/id_ed25519', 'x', '-----BEGIN RSA PRIVATE KEY-----'])
      expect(refusal(text)).toMatchObject({ message: expect.stringContaining('not a private key') });
  });
});

describe('a private key of OpenSSL', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey;
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  const plain = (key: KeyObject, type: 'pkcs1' | 'sec1' | 'pkcs8') =>
    String(key.export({ type: type as 'pkcs8', format: 'pem' }));

  it.each([
    ['PKCS #1', plain(rsa, 'pkcs1'), 'ssh-rsa'],
    ['PKCS #8, RSA', plain(rsa, 'pkcs8'), 'ssh-rsa'],
    ['SEC 1', plain(ec, 'sec1'), 'ecdsa-sha2-nistp384'],
    [
      'SEC 1 with parameters',
      `-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n${plain(ec, 'sec1')}`,
      'ecdsa-sha2-nistp384',
    ],
    ['PKCS #8, EC', plain(ec, 'pkcs8'), 'ecdsa-sha2-nistp384'],
    ['PKCS #8, Ed25519', plain(ed25519, 'pkcs8'), 'ssh-ed25519'],
  ])('works: %s', (_format, text, type) => {
    const key = readPrivateKey('r1', text, undefined);
    expect(key.type).toBe(type);
    expect(signs(key)).toBe(true);
  });

  it.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc', 'camellia-256-cbc', 'aria-256-cbc'])(
    'works with its passphrase, whatever the cipher: %s',
    (cipher) => {
      const locked = { format: 'pem', cipher, passphrase: 'geheim' } as const;
      for (const type of ['pkcs1', 'pkcs8'] as const) {
        const text = String(rsa.export({ ...locked, type: type as 'pkcs8' }));
        expect(signs(readPrivateKey('r1', text, 'geheim'))).toBe(true);
        expect(refusal(text, 'falsch')).toMatchObject({ message: expect.stringContaining('passphrase is wrong') });
        expect(refusal(text)).toMatchObject({ message: expect.stringContaining('none is given') });
      }
    },
  );

  it.each(['ed448', 'x25519', 'secp256k1', 'rsa-pss'])('of a kind that SSH has not is refused by name: %s', (kind) => {
    const key =
      kind === 'secp256k1'
        ? generateKeyPairSync('ec', { namedCurve: kind }).privateKey
        : kind === 'rsa-pss'
          ? generateKeyPairSync(kind, { modulusLength: 1024 }).privateKey
          : generateKeyPairSync(kind as 'ed448').privateKey;
    expect(refusal(plain(key, 'pkcs8'))).toMatchObject({
      message: `r1: cannot use its private key: SSH does not support keys of the type ${kind}`,
      hint: expect.stringContaining('ssh-keygen -t ed25519'),
    });
  });

  it('whose encryption OpenSSL has given up is refused with what to run', () => {
    expect(refusal(byDes, 'geheim')).toMatchObject({
      message: expect.stringContaining('too old for OpenSSL'),
      hint: expect.stringContaining('openssl pkey -provider legacy -provider default'),
    });
  });
});

describe('a private key of another kind', () => {
  it('PuTTY: is refused with what to run where its format is not known', () => {
    expect(refusal(ofPutty)).toMatchObject({
      message: expect.stringContaining('this PuTTY format is not supported'),
      hint: '`puttygen KEY.ppk -O private-openssh -o KEY` converts it',
    });
  });

  it('a security key is refused: nobody is there to touch it', () => {
    const string = (text: string | Buffer) => {
      const bytes = Buffer.from(text as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const type = 'sk-ssh-ed25519@openssh.com';
    const point = Buffer.alloc(32, 1);
    const blob = Buffer.concat([type, point, 'ssh:'].map(string));
    const handle = Buffer.concat([Buffer.of(1), string('handle'), string('')]);
    const secret = Buffer.concat([Buffer.alloc(8, 7), blob, handle, string('')]);
    const padded = Buffer.concat([secret, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (secret.length % 8)) % 8))]);
    const one = Buffer.from([0, 0, 0, 1]);
    const head = [Buffer.from('openssh-key-v1\0'), ...['none', 'none', ''].map(string), one];
    const body = Buffer.concat([...head, string(blob), string(padded)]).toString('base64');
    const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(refusal(text)).toMatchObject({
      message: 'r1: cannot use its private key: a security key must be touched at each login',
    });
  });
});

/** Made by `openssl pkcs8 -v1 PBE-MD5-DES`, for this test. */
const byDes = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGwMBsGCSqGSIb3DQEFAzAOBAg2YMMn28ZNGAICCAAEgZCG/wrZtm4tbIppUFG+
ZTnWVfrd8wIHH7GenPev7DM6wlqJG+x39cT17l9rL8NesRIPuwAvmZ8B9qTbHqlm
imeBm6ySTLIWmeYLBoM2byeWGWY1RJ/KzjrRU9PkTkEGRdjBuUZREmb6ESovsWhj
2TPQrR1/0RaZ7jvlgHaBBqPKFYs5u/3PkGS5AZ42M0yjfRA=
-----END ENCRYPTED PRIVATE KEY-----`;

/** Made by puttygen 0.78, for this test. */
const ofPutty = `PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: ed25519-key-20261130
Public-Lines: 2
AAAAC3NzaC1lZDI1NTE5AAAAIO9zum3LfmECU80bJGUXndUh4Dvq4o8obwG+J02f
+4eQ
Private-Lines: 1
AAAAIBthm/HhZcazDgTBO4QZcQIp8XzM5ZA/T+IhZDorNapl
Private-MAC: 0d4024e5c6314d57f49a306a8666f1e8caf0d7b6ae4208b322bfee120017695b`;
