import { randomBytes } from 'node:crypto';

const string = (bytes: Buffer | string): Buffer => {
  const content = Buffer.from(bytes as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
};

/**
 * An ed25519 key as OpenSSH keeps it, not encrypted. Source: OpenSSH, PROTOCOL.key.
 *
 * @returns `public`: a line of authorized_keys
 */
export const openSshKey = (seed: Buffer, point: Buffer): { private: string; public: string } => {
  const blob = Buffer.concat([string('ssh-ed25519'), string(point)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, blob, string(Buffer.concat([seed, point])), string('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1));
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(string),
    Buffer.from([0, 0, 0, 1]),
    string(blob),
    string(Buffer.concat([secret, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return {
    private: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    public: `ssh-ed25519 ${blob.toString('base64')}`,
  };
};
