import { allows, hostKey, legacy, lines, noSsh, pinned, type Row } from './row.ts';

/** What only old or new clients speak. */
export const algorithms: Row[] = [
  ...['diffie-hellman-group1-sha1', 'diffie-hellman-group14-sha1'].map(
    (name): Row => ({
      option: `KexAlgorithms ${name}`,
      server: lines(`KexAlgorithms ${name}`),
      ...noSsh(`key exchange by ${name}`),
      hint: allows(name),
      mended: legacy,
    }),
  ),
  {
    option: 'KexAlgorithms sntrup761x25519-sha512@openssh.com',
    server: lines('KexAlgorithms sntrup761x25519-sha512@openssh.com'),
    ...noSsh('key exchange by sntrup761x25519-sha512@openssh.com'),
    hint: /make it offer one that Plumbline supports: curve25519-sha256, /,
    mended: { server: lines('KexAlgorithms +curve25519-sha256') },
  },
  ...['3des-cbc', 'aes128-cbc'].map(
    (name): Row => ({
      option: `Ciphers ${name}`,
      server: lines(`Ciphers ${name}`),
      ...noSsh(`cipher by ${name}`),
      hint: allows(name),
      mended: legacy,
    }),
  ),
  ...[
    ['ssh-rsa', 'rsa'],
    ['ssh-dss', 'dsa'],
  ].map(
    ([name = '', type = '']): Row => ({
      option: `HostKeyAlgorithms ${name}`,
      server: lines(`HostKeyAlgorithms ${name}`, `HostKey ${hostKey(type)}`),
      prepare: pinned(type),
      ...noSsh(`host key by ${name}`),
      hint: allows(name),
      mended: legacy,
    }),
  ),
  {
    option: '`HostKeyAlgorithms` of certificates',
    server: lines(
      'HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com',
      `HostKey ${hostKey('ed25519')}`,
      `HostCertificate ${hostKey('ed25519-cert.pub')}`,
    ),
    prepare: pinned('ed25519'),
    ...noSsh('host key by ssh-ed25519-cert-v01@openssh.com'),
    hint: /make it offer one that Plumbline supports: ssh-ed25519, /,
    mended: {
      server: lines(
        'HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519',
        `HostKey ${hostKey('ed25519')}`,
        `HostCertificate ${hostKey('ed25519-cert.pub')}`,
      ),
    },
  },
  {
    option: 'MACs hmac-sha1',
    server: lines('MACs hmac-sha1', 'Ciphers aes128-ctr'),
    ...noSsh('MAC by hmac-sha1'),
    hint: allows('hmac-sha1'),
    mended: legacy,
  },
  {
    option: 'MACs umac-64@openssh.com',
    server: lines('MACs umac-64@openssh.com', 'Ciphers aes128-ctr'),
    ...noSsh('MAC by umac-64@openssh.com'),
    hint: /make it offer one that Plumbline supports: hmac-sha2-256-etm@openssh.com, /,
    mended: { server: lines('MACs +hmac-sha2-256', 'Ciphers aes128-ctr') },
  },
];
