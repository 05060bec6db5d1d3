import type { PlatformSecrets } from '../statements.ts';

/** Where BIRD keeps secrets. Source: BIRD User's Guide, "Passwords", BGP and RPKI. */
export const secrets: PlatformSecrets = {
  statements: [{ lines: ['^password <word>', '^secret <word>'] }],
  harmless: [
    'bird private key *',
    'remote public key *',
    'authentication {none|simple|cryptographic|md5|ao}',
    'generate {from|to} ...',
  ],
};
