import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { folderOfTest } from '../../../folder.ts';
import { natsForTest } from '../../../nats.ts';
import { plumb, repository } from '../terminal.ts';

let home: string;
let folder: string;
beforeEach(async () => {
  home = await folderOfTest('contexts');
  folder = await folderOfTest('empty');
});
const path = () => join(home, 'plumbline', 'contexts.yml');
const run = (argv: readonly string[], env = {}, cwd = folder) =>
  plumb(cwd, argv, { env: { XDG_CONFIG_HOME: home, ...env } });

describe('plumb context', () => {
  it('keeps sites in a file of its owner, and shows the one in use', async () => {
    expect(await run(['context', 'show'])).toEqual({ code: 1, out: '', err: '' });
    expect(await run(['context', 'list'])).toMatchObject({
      out: '',
      err: expect.stringContaining('→ `plumb context set'),
    });
    expect((await run(['context', 'set', 'dc1', 'nats://one:4222', '--site', 'dc1', '--creds', 'x.creds'])).code).toBe(
      0,
    );
    await run(['context', 'set', 'dc2', 'nats://two:4222', '--site', 'dc2']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await run(['context', 'use', 'dc1'])).err).toBe('dc1: in use (site dc1, nats://one:4222)\n');
    expect((await run(['context', 'show'])).out).toBe('dc1\n');
    expect((await run(['--context', 'dc2', 'context', 'show'])).out).toBe('dc2\n');
    expect((await run(['context', 'show'], { PLUMB_CONTEXT: 'dc2' })).out).toBe('dc2\n');
    const [head, first] = (await run(['context', 'list'])).out.split('\n');
    expect(head).toMatch(/^CONTEXT +SITE +NATS +CREDENTIALS$/);
    expect(first).toBe(`dc1 *    dc1   nats://one:4222  ${join(folder, 'x.creds')}`);
    await run(['context', 'set', 'dc1', '--api', 'http://api:9000']);
    expect(JSON.parse((await run(['context', 'show', '-o', 'json'])).out)).toEqual({
      name: 'dc1',
      nats: 'nats://one:4222',
      site: 'dc1',
      creds: join(folder, 'x.creds'),
      api: 'http://api:9000',
    });
    expect((await run(['context', 'rm', 'dc1'])).err).toBe('dc1: removed; none is in use now\n');
    expect((await run(['context', 'show'])).code).toBe(1);
  });

  it('names a file that is not there when it is given, and again when it is needed', async () => {
    const given = ['context', 'set', 'dc1', 'nats://127.0.0.1:1', '--site', 'dc1'];
    for (const [flag, what] of [
      ['--creds', '.creds file'],
      ['--ca', 'CA certificate'],
    ] as const) {
      const file = join(folder, 'gone');
      const { err } = await run([...given, flag, 'gone']);
      expect(err).toContain(`warning: ${flag} ${file}: there is no such file\n`);
      const { code, err: needed } = await run(['--context', 'dc1', 'status']);
      expect(needed).toContain(`plumb: ${file}, the ${what} for NATS: there is no such file\n  → `);
      expect(needed).not.toContain('nats-server');
      expect(code).toBe(2);
      await run(['context', 'rm', 'dc1']);
    }
  });

  it('keeps no secret, and says what is wrong', async () => {
    for (const given of [
      ['nats://noc:geheim@one:4222'],
      ['noc:geheim@one:4222'],
      ['nats://one:4222?password=geheim'],
      ['nats://one:4222', '--api', 'http://noc:geheim@one'],
      ['nats://one:4222', '--api', 'http://one/?key=geheim'],
    ]) {
      const secret = await run(['context', 'set', 'dc1', ...given, '--site', 'dc1']);
      expect(secret).toMatchObject({ code: 2, err: expect.stringContaining('a context stores no secrets') });
      expect(secret.err).not.toContain('geheim');
    }
    for (const site of ['a.b', 's>', '*']) {
      const odd = await run(['context', 'set', 'dc1', 'nats://one:4222', '--site', site]);
      expect(odd).toMatchObject({ code: 2, err: expect.stringContaining(`--site ${site}: no site can have`) });
    }
    await expect(readFile(path(), 'utf8')).rejects.toThrow('ENOENT');
    expect((await run(['context', 'set', 'dc1', 'nats://one:4222'])).err).toContain('needs a NATS server and a site');
    await run(['context', 'set', 'dc1', 'nats://one:4222', '--site', 'dc1']);
    expect((await run(['--context', 'dc11', 'status'])).err).toContain('dc11: no such context; did you mean "dc1"?');
    await writeFile(path(), 'contexts:\n  dc1: { nats: a, site: b, password: c }\n');
    expect((await run(['context', 'list'])).err).toMatch(/contexts\.yml:2:.*unknown key/);
  });
});

describe('the bus of a command line', () => {
  const contexts = `use: used
contexts:
  used: { nats: 'nats://used', site: s1 }
  named: { nats: 'nats://named', site: s2, user: noc }
`;
  const bus = async (flags: object, env: NodeJS.ProcessEnv, file = '') => {
    await run(['context', 'set', 'x', 'nats://x', '--site', 'x']); // makes the folder
    await writeFile(path(), contexts);
    if (file) await writeFile(join(folder, 'plumbline.yml'), file);
    const { nats, fallback } = await loadConfig(flags, { XDG_CONFIG_HOME: home, ...env }, folder);
    return [nats?.url, nats?.password, (await fallback())?.nats?.url];
  };
  const file = 'nats: { url: "nats://file" }\n';

  it.each([
    ['--nats before all', { nats: 'nats://flag', context: 'named' }, { NATS_URL: 'nats://env' }, file, 'nats://flag'],
    ['--context before the environment', { context: 'named' }, { NATS_URL: 'nats://env' }, file, 'nats://named'],
    ['NATS_URL before PLUMB_CONTEXT', {}, { NATS_URL: 'nats://env', PLUMB_CONTEXT: 'named' }, file, 'nats://env'],
    ['PLUMB_CONTEXT before the file', {}, { PLUMB_CONTEXT: 'named' }, file, 'nats://named'],
    ['the file before the one in use', {}, {}, file, 'nats://file'],
  ])('is that of %s', async (_, flags, env, text, url) => {
    expect((await bus(flags, env, text))[0]).toBe(url);
  });

  it('is the one in use where nothing is named, as the last of all', async () => {
    expect(await bus({}, {})).toEqual([undefined, undefined, 'nats://used']);
  });

  it('is found without a file of contexts that is damaged, where a nearer one is named', async () => {
    await run(['context', 'set', 'x', 'nats://x', '--site', 'x']);
    await writeFile(path(), 'contexts: [\n');
    await using nats = await natsForTest('dc1');
    await using repo = await repository();
    const runFile = JSON.stringify({ pid: process.pid, url: nats.url });
    await mkdir(join(repo.folder, '.plumb'));
    await writeFile(join(repo.folder, '.plumb', 'nats.json'), runFile);
    expect(await run(['jobs'], {}, repo.folder)).toMatchObject({ code: 0, err: '' });
    const { code, err } = await run(['jobs']);
    expect(code).toBe(2);
    expect(err.split(path()).length - 1).toBe(1);
  });

  it('gets no credentials that are meant for another one', async () => {
    expect(await bus({ context: 'used' }, { NATS_USER: 'u', NATS_PASSWORD: 'p' })).toEqual([
      'nats://used',
      undefined,
      undefined,
    ]);
    expect((await bus({ context: 'named' }, { NATS_PASSWORD: 'p' }))[1]).toBe('p');
  });

  it('brings its site along, and never what is meant for another one', async () => {
    await using nats = await natsForTest('dc7');
    await run(['context', 'set', 'lab', nats.url, '--site', 'dc7']);
    await run(['context', 'use', 'lab']);
    expect((await run(['jobs'])).code).toBe(0);
    await using repo = await repository();
    const { code, err } = await run(['status'], {}, repo.folder);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('is for site dc1, but the context lab is for site dc7'),
    });
  });
});
