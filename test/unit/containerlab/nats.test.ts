import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { serverEnv } from '../../../core/store/server/nats-server.ts';
import { natsAccounts, roles } from '../../../core/store/server/permissions.ts';

const path = fileURLToPath(new URL('../../../containerlab/nats.conf', import.meta.url));
const env = (role: string) => `NATS_${role.toUpperCase()}_PASSWORD`;

describe('containerlab/nats.conf', () => {
  it('gives each role its permissions, as core/store/server/permissions.ts has them', () => {
    const users = (['operator', ...roles] as const).map((role) => ({ role, user: role, password: { env: env(role) } }));
    const text = readFileSync(path, 'utf8');
    expect(text.slice(text.indexOf('accounts {'))).toBe(natsAccounts('dc1', users));
  });

  it('is taken by nats-server, which wants every password', async () => {
    const passwords = Object.fromEntries(['operator', ...roles].map((role) => [env(role), `p${role}`]));
    const check = (variables: NodeJS.ProcessEnv) =>
      promisify(execFile)('nats-server', ['-t', '-c', path], { env: { PATH: serverEnv().PATH, ...variables } });
    expect((await check(passwords)).stderr).toMatch(/is valid/);
    await expect(check({})).rejects.toThrow(/NATS_OPERATOR_PASSWORD/);
  });
});
