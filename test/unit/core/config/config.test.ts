import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Flags, loadConfig } from '../../../../core/config/config.ts';
import { PlumbError } from '../../../../core/errors.ts';
import { forgetSecrets, redact } from '../../../../core/redact/redact.ts';
import { folderOfTest } from '../../../folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('config');
});
afterEach(async () => {
  forgetSecrets();
});

const load = (flags: Flags = {}, env: NodeJS.ProcessEnv = {}) => loadConfig(flags, env, folder);
const file = (text: string) => writeFile(join(folder, 'plumbline.yml'), text);

describe('the configuration', () => {
  it('is complete without a file', async () => {
    expect(await load()).toEqual({
      folder,
      inventory: join(folder, 'inventory.yml'),
      templates: join(folder, 'templates'),
      intended: join(folder, 'intended/configs'),
      state: join(folder, '.plumb'),
      knownHosts: join(folder, '.plumb/known_hosts'),
      nats: undefined,
      site: undefined,
      fallback: expect.any(Function),
      api: { host: '127.0.0.1', port: 9000, trustedProxies: [] },
      webhooks: [],
      source: { kind: undefined, branch: undefined, remote: undefined },
      log: 'info',
      drivers: [],
    });
  });

  it('takes a flag over the environment over the file', async () => {
    await file(`
nats: {url: "nats://file:4222", user: joe, creds: secrets/plumb.creds, replicas: 3}
inventory: sites/dc1.yml
state: /var/lib/plumb
api: {host: 0.0.0.0, port: 9001}
source: git
branch: release
log: debug
textfsm: ntc/templates
drivers: [drivers/own.js]
`);
    expect(await load()).toMatchObject({
      inventory: join(folder, 'sites/dc1.yml'),
      state: '/var/lib/plumb',
      knownHosts: '/var/lib/plumb/known_hosts',
      nats: { url: 'nats://file:4222', user: 'joe', creds: join(folder, 'secrets/plumb.creds'), replicas: 3 },
      api: { host: '0.0.0.0', port: 9001 },
      source: { kind: 'git', branch: 'release' },
      log: 'debug',
      textfsm: join(folder, 'ntc/templates'),
      drivers: [join(folder, 'drivers/own.js')],
    });
    const env = {
      NATS_URL: 'nats://env:4222',
      NATS_PASSWORD: 'hunter2-canary',
      PLUMB_API_PORT: '9002',
      PLUMB_SOURCE: 'files',
      PLUMB_INVENTORY: 'env.yml',
      PLUMB_LOG: '',
    };
    expect(await load({}, env)).toMatchObject({
      nats: { url: 'nats://env:4222', user: 'joe', password: 'hunter2-canary' },
      api: { port: 9002 },
      source: { kind: 'files' },
      inventory: join(folder, 'env.yml'),
      log: 'debug',
    });
    expect(redact('it was hunter2-canary')).toBe('it was <secret>');
    const flags = { nats: 'nats://flag:4222', apiPort: '9003', inventory: 'flag.yml', templates: 'j2' };
    expect(await load(flags, env)).toMatchObject({
      nats: { url: 'nats://flag:4222' },
      api: { port: 9003 },
      inventory: join(folder, 'flag.yml'),
      templates: join(folder, 'j2'),
    });
  });

  it('is that of another folder with --folder or PLUMB_FOLDER', async () => {
    await file('log: warn');
    expect(await loadConfig({ folder }, {}, '/')).toMatchObject({ folder, log: 'warn' });
    expect(await loadConfig({}, { PLUMB_FOLDER: folder }, '/')).toMatchObject({ folder, log: 'warn' });
  });

  it('says all that is wrong with the file, with line and key', async () => {
    await file('nat: {}\nnats:\n  password: hunter2\napi: {port: 99999}\nlog: verbose\n');
    const error = (await load().catch((thrown: unknown) => thrown)) as PlumbError;
    expect(error).toBeInstanceOf(PlumbError);
    expect(error).toMatchObject({ code: 'invalid_request', line: 1 });
    expect(error.message.split('\n')).toEqual([
      'plumbline.yml:1:1: nat: unknown key; did you mean "nats"?',
      'plumbline.yml:3:3: nats.password: unknown key, expected one of url, user, creds, ca, replicas',
      'plumbline.yml:4:13: api.port: expected 65535 or less, found 99999',
      'plumbline.yml:5:6: log: expected one of trace, debug, info, warn, error, fatal, silent, found "verbose"',
    ]);
  });

  it.each([
    [{}, { PLUMB_SOURCE: 'gti' }, 'PLUMB_SOURCE: expected one of files, git, found "gti"; did you mean "git"?'],
    [{}, { PLUMB_API_PORT: 'http' }, 'PLUMB_API_PORT: expected a port from 0 to 65535, found "http"'],
    [{ apiPort: '70000' }, {}, '--api-port: expected a port from 0 to 65535, found "70000"'],
    [{}, { PLUMB_LOG: 'loud' }, 'PLUMB_LOG: expected one of trace'],
  ])('says what is wrong with a flag or a variable', async (flags, env, message) => {
    await expect(load(flags, env)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
  });
});
