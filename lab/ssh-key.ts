import { generateKeyPairSync } from 'node:crypto';
import { openSshKey } from '../runners/transports/ssh/login/ed25519.ts';

/** A new ed25519 key, as files of OpenSSH. ssh2 makes some, too, of which nobody can read 1 in 100 (seen with 1.17). */
export const newSshKey = (): { private: string; public: string } => {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return openSshKey(Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url'));
};
