import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { newSshKey } from '../../../../lab/ssh-key.ts';
import {
  checkHostKey,
  fingerprint,
  keyType,
  parseKnownHosts,
  pinHostKey,
  pinnedTypes,
} from '../../../../runners/transports/ssh/known-hosts.ts';
import { folderOfAll } from '../../../folder.ts';

const publicKey = (type: 'ed25519' | 'ecdsa' | 'rsa') => {
  const { utils } = ssh2;
  const made =
    type === 'ed25519'
      ? newSshKey()
      : type === 'rsa'
        ? utils.generateKeyPairSync('rsa', { bits: 2048 })
        : utils.generateKeyPairSync('ecdsa', { bits: 256 });
  const [name = '', base64 = ''] = made.public.split(' ');
  return { name, base64, key: Buffer.from(base64, 'base64') };
};
const ed25519 = publicKey('ed25519');
const other = publicKey('ed25519');
const ecdsa = publicKey('ecdsa');
const rsa = publicKey('rsa');
const folder = folderOfAll('keys');

const verdict = (text: string, host: string, port: number, key: Buffer) =>
  checkHostKey(parseKnownHosts(text), host, port, key).kind;

describe('known_hosts', () => {
  it('knows a host by name, by one of several names, by pattern, and not by a negated one', () => {
    const line = (hosts: string) => `${hosts} ssh-ed25519 ${ed25519.base64} a comment\n`;
    expect(verdict(line('leaf1'), 'leaf1', 22, ed25519.key)).toBe('known');
    expect(verdict(line('leaf1,192.0.2.1'), '192.0.2.1', 22, ed25519.key)).toBe('known');
    expect(verdict(line('Leaf1'), 'LEAF1', 22, ed25519.key)).toBe('known');
    expect(verdict(line('*.example.net'), 'leaf1.example.net', 22, ed25519.key)).toBe('known');
    expect(verdict(line('leaf?'), 'leaf12', 22, ed25519.key)).toBe('unknown');
    expect(verdict(line('*.example.net,!leaf1.example.net'), 'leaf1.example.net', 22, ed25519.key)).toBe('unknown');
    expect(verdict('', 'leaf1', 22, ed25519.key)).toBe('unknown');
  });

  it('tells the ports of one address apart', () => {
    const text = `[192.0.2.1]:2222 ssh-ed25519 ${ed25519.base64}\n`;
    expect(verdict(text, '192.0.2.1', 2222, ed25519.key)).toBe('known');
    expect(verdict(text, '192.0.2.1', 22, ed25519.key)).toBe('unknown');
    expect(verdict(text, '192.0.2.1', 2223, ed25519.key)).toBe('unknown');
  });

  it('knows hosts that ssh-keygen has hashed', () => {
    const path = join(folder, 'known_hosts');
    writeFileSync(path, `leaf1,192.0.2.1 ssh-ed25519 ${ed25519.base64}\n[leaf2]:830 ssh-rsa ${rsa.base64}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^\|1\|/);
    expect(verdict(text, 'leaf1', 22, ed25519.key)).toBe('known');
    expect(verdict(text, '192.0.2.1', 22, ed25519.key)).toBe('known');
    expect(verdict(text, 'leaf2', 830, rsa.key)).toBe('known');
    expect(verdict(text, 'leaf2', 830, other.key)).toBe('changed');
    expect(verdict(text, 'leaf3', 22, ed25519.key)).toBe('unknown');
  });

  it('calls a host changed that shows another key, also one of another type', () => {
    const text = `leaf1 ssh-ed25519 ${ed25519.base64}\n`;
    expect(checkHostKey(parseKnownHosts(text), 'leaf1', 22, other.key)).toEqual({
      kind: 'changed',
      pinned: [`ssh-ed25519 ${fingerprint(ed25519.key)}`],
    });
    expect(verdict(text, 'leaf1', 22, rsa.key)).toBe('changed');
  });

  it('accepts any of several keys, and says which types to ask for first', () => {
    const text = `leaf1 ecdsa-sha2-nistp256 ${ecdsa.base64}\nleaf1 ssh-rsa ${rsa.base64}\n`;
    expect(verdict(text, 'leaf1', 22, ecdsa.key)).toBe('known');
    expect(verdict(text, 'leaf1', 22, rsa.key)).toBe('known');
    expect(pinnedTypes(parseKnownHosts(text), 'leaf1', 22)).toEqual(['ecdsa-sha2-nistp256', 'ssh-rsa']);
  });

  it('never accepts a revoked key, even where another line holds it', () => {
    const text = `@revoked * ssh-ed25519 ${ed25519.base64}\nleaf1 ssh-ed25519 ${ed25519.base64}\n`;
    expect(verdict(text, 'leaf1', 22, ed25519.key)).toBe('revoked');
    expect(verdict(text, 'leaf1', 22, other.key)).toBe('changed');
  });

  it('passes over comments, authorities and broken lines', () => {
    const text = `# leaf1 ssh-ed25519 ${other.base64}\n@cert-authority leaf1 ssh-ed25519 ${other.base64}\nleaf1\n\nleaf1 ssh-ed25519 ${ed25519.base64}\n`;
    expect(verdict(text, 'leaf1', 22, ed25519.key)).toBe('known');
  });

  it('prints fingerprints as ssh-keygen does', () => {
    const path = join(folder, 'key.pub');
    writeFileSync(path, `${ecdsa.name} ${ecdsa.base64}\n`);
    expect(execFileSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' })).toContain(fingerprint(ecdsa.key));
    expect(keyType(ecdsa.key)).toBe('ecdsa-sha2-nistp256');
  });

  it('pins a new key in the place of the old one and keeps every other line', () => {
    const text = `# ours\nleaf2 ssh-ed25519 ${other.base64}\nleaf1 ssh-ed25519 ${other.base64}\n@revoked leaf1 ssh-rsa ${rsa.base64}\n`;
    const pinned = pinHostKey(text, 'leaf1', 22, ed25519.key);
    expect(pinned).toBe(
      `# ours\nleaf2 ssh-ed25519 ${other.base64}\n@revoked leaf1 ssh-rsa ${rsa.base64}\nleaf1 ssh-ed25519 ${ed25519.base64}\n`,
    );
    expect(verdict(pinned, 'leaf1', 22, ed25519.key)).toBe('known');
    expect(verdict(pinned, 'leaf1', 22, other.key)).toBe('changed');
  });

  it('pins a new key of one host and keeps what the same line says about others', () => {
    const text = `leaf1,leaf2 ssh-ed25519 ${other.base64}\n*.dc1,leaf1.dc1 ssh-ed25519 ${other.base64} by hand\n`;
    const pinned = pinHostKey(pinHostKey(text, 'leaf1', 22, ed25519.key), 'leaf1.dc1', 22, ed25519.key);
    for (const moved of ['leaf1', 'leaf1.dc1']) expect(verdict(pinned, moved, 22, ed25519.key)).toBe('known');
    for (const moved of ['leaf1', 'leaf1.dc1']) expect(verdict(pinned, moved, 22, other.key)).toBe('changed');
    for (const same of ['leaf2', 'leaf2.dc1']) {
      expect(verdict(pinned, same, 22, other.key)).toBe('known');
      expect(verdict(pinned, same, 22, ed25519.key)).toBe('changed');
    }
    expect(pinned).toContain(`*.dc1,!leaf1.dc1 ssh-ed25519 ${other.base64} by hand\n`);
  });
});
