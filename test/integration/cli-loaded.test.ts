import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOfAll } from '../folder.ts';
import { natsForTest } from '../nats.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');
const recorder = join(root, 'test', 'loaded-modules.mjs');

const folder = folderOfAll('loaded');
beforeAll(async () => {
  await writeFile(join(folder, 'inventory.yml'), 'site: dc1\ndevices:\n  leaf1: { platform: frr }\n');
});

/** Runs the command line as a process. @returns every module that it loaded: packages by name, files of ours by path */
const loadedBy = async (argv: readonly string[]): Promise<Set<string>> => {
  const record = join(folder, `record-${argv.join('-').replaceAll(/\W/g, '_')}`);
  const env = { ...process.env, LOADED_MODULES: record };
  await new Promise((resolve) => {
    execFile(process.execPath, ['--import', recorder, main, ...argv], { env, cwd: folder }, resolve);
  });
  const urls = (await readFile(record, 'utf8')).trim().split('\n');
  const named = urls.map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1]);
  return new Set(urls.map((url, at) => named[at] ?? url.slice(url.indexOf('/dist/') + 1)));
};

/** What none but the verbs that serve, simulate or log in to devices may load. */
const heavy = ['typebox', 'fastify', 'prom-client', 'ssh2', 'nunjucks', 'chokidar', 'diff'];
const bus = ['@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/kv'];

describe('the command line', () => {
  it.each([
    ['--help', ['--help']],
    ['--version', ['--version']],
    ['help', ['help']],
    ['a slip of the pen', ['stauts']],
  ])('loads neither NATS nor YAML for %s', async (_, argv) => {
    const loaded = await loadedBy(argv);
    expect(loaded).toContain('commander');
    for (const name of [...heavy, ...bus, 'pino']) expect(loaded).not.toContain(name);
  });

  it('completes without what is heavy, and prints for a shell without anything', async () => {
    const loaded = await loadedBy(['completion', 'bash', '--', 'status', 'le']);
    expect(loaded).toContain('dist/cli/completion/candidates.js');
    for (const name of heavy) expect(loaded).not.toContain(name);
    const script = await loadedBy(['completion', 'bash']);
    for (const name of [...heavy, ...bus, 'yaml', 'pino']) expect(script).not.toContain(name);
  });

  it('loads one verb, the one that is called', async () => {
    const verbs = (loaded: Set<string>) => [...loaded].filter((path) => path.startsWith('dist/cli/verbs/'));
    expect(verbs(await loadedBy(['--help']))).toEqual([]);
    expect(verbs(await loadedBy(['platforms', '--help']))).toEqual(['dist/cli/verbs/platforms.js']);
  });

  it('shows the state of a site without what serves, simulates or logs in to devices', async () => {
    await using nats = await natsForTest();
    const loaded = await loadedBy(['status', '--nats', nats.url]);
    for (const name of bus) expect(loaded).toContain(name);
    for (const name of heavy) expect(loaded).not.toContain(name);
    expect([...loaded].filter((path) => /^dist\/(?:api|lab|runners|watcher)\//.test(path))).toEqual([]);
  });
});
