import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

// ssh2's defaults, with AES-GCM first (its native binding makes it the fastest) and SHA-1 and CBC by opt-in only.

const hostKeys: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

const modern = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-gcm',
    'aes256-gcm',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
} satisfies Algorithms;

const legacy = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
} satisfies Algorithms;

const algorithmsOf = (type: string): readonly string[] =>
  type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];

/**
 * What we offer a server.
 *
 * @param old also what only old devices speak (SHA-1 key exchange, CBC, ssh-rsa, ssh-dss)
 * @param pinned types of the keys that known_hosts holds for the server: they come first
 */
export const algorithms = (old: boolean, pinned: readonly string[]): Algorithms => {
  const known: ServerHostKeyAlgorithm[] = old ? [...hostKeys, 'ssh-rsa', 'ssh-dss'] : hostKeys;
  const wanted = pinned.flatMap(algorithmsOf);
  return {
    kex: old ? [...modern.kex, ...legacy.kex] : modern.kex,
    cipher: old ? [...modern.cipher, ...legacy.cipher] : modern.cipher,
    hmac: old ? [...modern.hmac, ...legacy.hmac] : modern.hmac,
    compress: ['none'],
    serverHostKey: [
      ...known.filter((name) => wanted.includes(name)),
      ...known.filter((name) => !wanted.includes(name)),
    ],
  };
};
