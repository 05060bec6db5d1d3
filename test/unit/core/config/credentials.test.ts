import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resolveCredentials } from '../../../../core/config/credentials.ts';
import type { PlumbError } from '../../../../core/errors.ts';
import { loadInventory } from '../../../../core/inventory/inventory.ts';
import { forgetSecrets, redact } from '../../../../core/redact/redact.ts';
import { folderOfTest } from '../../../folder.ts';

const canary = 'S3cret(canary)*';
let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('credentials');
});
afterEach(async () => {
  forgetSecrets();
  vi.unstubAllEnvs();
});

const resolve = async (credentials: string) => {
  const path = join(folder, 'inventory.yml');
  await writeFile(
    path,
    `site: dc1\nlab: true\ndevices: {leaf1: {platform: frr${credentials && `, credentials: ${credentials}`}}}`,
  );
  const inventory = await loadInventory(path);
  const leaf = inventory.devices.get('leaf1');
  if (!leaf) throw new Error('no leaf1');
  return resolveCredentials(inventory, leaf);
};

const failure = async (credentials: string): Promise<PlumbError> => {
  const error = await resolve(credentials).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'credentials_unavailable', message: expect.stringMatching(/^leaf1: no /) });
  return error as PlumbError;
};

describe('credentials', () => {
  it('come from the environment, a file beside the inventory, a command or a literal, and are masked from then on', async () => {
    vi.stubEnv('LEAF1_PASSWORD', `${canary}env`);
    await writeFile(join(folder, 'key'), `${canary}line one\n${canary}line two\n`);
    const found = await resolve(
      `{username: joe, password: {env: LEAF1_PASSWORD}, key: {file: key}, passphrase: {command: [printf, "%s\\n", "${canary}cmd"]}, enable: {literal: "${canary}lit"}}`,
    );
    expect(found).toEqual({
      username: 'joe',
      password: `${canary}env`,
      key: `${canary}line one\n${canary}line two`,
      passphrase: `${canary}cmd`,
      enable: `${canary}lit`,
    });
    for (const secret of [`${canary}env`, `${canary}cmd`, `${canary}lit`, `${canary}line two`]) {
      expect(redact(`the device said ${secret}!`)).toBe('the device said <secret>!');
    }
  });

  it('come from a command without a shell in between', async () => {
    expect(await resolve('{username: joe, password: {command: [echo, "$HOME; `id`"]}}')).toMatchObject({
      password: '$HOME; `id`',
    });
  });

  it('are named, with the place, where they are not there', async () => {
    const where = async (secret: string) => (await failure(`{username: joe, password: ${secret}}`)).message;
    expect(await where('{env: NOT_THERE}')).toBe(
      'leaf1: no password from environment variable NOT_THERE: it is not set',
    );
    expect(await where('{file: gone}')).toBe(
      `leaf1: no password from file ${join(folder, 'gone')}: there is no such file`,
    );
    expect(await where('{file: .}')).toContain('it cannot be read (EISDIR)');
    vi.stubEnv('PATH', '/usr/bin:/bin'); // a folder there that may not be entered is told as such
    expect(await where('{command: [no-such-program-here]}')).toContain(
      'command "no-such-program-here": there is no such program',
    );
    expect(await where('{command: ["true"]}')).toContain('it is empty');
    expect((await failure('')).message).toBe('leaf1: no credentials in the inventory');
    vi.stubEnv('SSH_AUTH_SOCK', '');
    expect((await failure('{username: joe, agent: true}')).message).toContain('SSH_AUTH_SOCK is not set');
  });

  it('are never shown by the failure of the command that gives them', async () => {
    const script = join(folder, 'vault');
    await writeFile(script, `#!/bin/sh\necho "${canary}"\necho "have ${canary}" >&2\nexit 3\n`);
    await chmod(script, 0o755);
    const error = await failure(`{username: joe, password: {command: [./vault]}}`);
    expect(error.message).toContain('it ended with 3');
    expect(JSON.stringify([error.message, error.hint, String(error.cause)])).not.toContain(canary);
  });

  it('tell what the command complained of', async () => {
    const error = await failure(
      '{username: joe, password: {command: [sh, -c, "echo leaf1 is not in the store >&2; exit 1"]}}',
    );
    expect(error.message).toContain('it ended with 1: leaf1 is not in the store');
  });

  it('take the agent that is there', async () => {
    vi.stubEnv('SSH_AUTH_SOCK', '/run/agent.sock');
    expect(await resolve('{username: joe, agent: true}')).toEqual({ username: 'joe', agent: '/run/agent.sock' });
  });

  it('give up on a command that hangs, with its children, after 10 s', async () => {
    const error = await failure('{username: joe, password: {command: [sh, -c, "sleep 60; echo x"]}}');
    expect(error.message).toContain('it did not end within 10 s');
  });
});
