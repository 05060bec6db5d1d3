import { execFile } from 'node:child_process';
import { appendFile, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectIntents, config, eventually, type Folder, makeFolder, openFilesIn, watchSource } from '../site.ts';

const run = promisify(execFile);
const beside = (path: string, name: string) => join(dirname(path), name);

/** What each program does to save a file, as strace shows it. */
const saves: Record<string, (path: string, text: string) => Promise<unknown>> = {
  'vim, which renames the old file away': async (path, text) => {
    await writeFile(beside(path, '.leaf1.cfg.swp'), 'swap');
    await writeFile(beside(path, '4913'), '');
    await rm(beside(path, '4913'));
    await rename(path, `${path}~`);
    await writeFile(path, text);
    await rm(`${path}~`);
    await rm(beside(path, '.leaf1.cfg.swp'));
  },
  'vim, which keeps the file (backupcopy=yes)': async (path, text) => {
    await writeFile(`${path}~`, 'backup');
    await writeFile(path, text);
    await rm(`${path}~`);
  },
  emacs: async (path, text) => {
    await symlink('ann@host.123:456', beside(path, '.#leaf1.cfg'));
    await writeFile(beside(path, '#leaf1.cfg#'), `${text}unfinished`);
    await rename(path, `${path}~`);
    await writeFile(path, text);
    await rm(beside(path, '#leaf1.cfg#'));
    await rm(beside(path, '.#leaf1.cfg'));
    await rm(`${path}~`);
  },
  'VS Code, which writes in place': async (path, text) => {
    const file = await open(path, 'r+');
    await file.truncate(0);
    await wait(5);
    await file.write(text, 0);
    await file.close();
  },
  'sed -i': async (path, text) => {
    const note = /description (.*)/.exec(text)?.[1];
    await run('sed', ['-i', `s/description .*/description ${note}/`, path]);
  },
  'mv of a finished file': async (path, text) => {
    const elsewhere = beside(path, '../finished');
    await writeFile(elsewhere, text);
    await run('mv', [elsewhere, path]);
  },
  'rsync, which renames a hidden file over it': async (path, text) => {
    const hidden = beside(path, '.leaf1.cfg.X3fQzA');
    await writeFile(hidden, text.slice(0, 20));
    await wait(30);
    await appendFile(hidden, text.slice(20));
    await rename(hidden, path);
  },
  'removing and writing anew': async (path, text) => {
    await rm(path);
    await wait(60);
    await writeFile(path, text);
  },
};

describe('a save is published once, whole, when it is made by', () => {
  let folder: Folder;
  let site: Awaited<ReturnType<typeof watchSource>>;
  beforeAll(async () => {
    folder = await makeFolder();
    site = await watchSource(await openFilesIn(folder.folder));
  });
  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it.each(Object.entries(saves))('%s', async (name, save) => {
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    site.story.forget();
    const text = config('leaf1', name);
    await save(folder.configPath('leaf1'), text);
    await eventually(() => expect(seen.at(-1)?.text).toBe(text));
    await writeFile(folder.configPath('leaf2'), config('leaf2', name)); // what comes after it has passed by
    await eventually(() => expect(seen.at(-1)?.device).toBe('leaf2'));
    seen.stop();
    expect(seen.map(({ device }) => device)).toEqual(['leaf1', 'leaf2']);
    expect(site.story.of('unmanaged')).toEqual([]);
    expect(site.story.of('problem')).toEqual([]);
  });
});

describe('a file that is written slowly', () => {
  it('is published when it is whole', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    const file = await open(folder.configPath('leaf1'), 'w');
    for (let n = 0; n < 30; n++) {
      await file.write(`interface eth${n}\n description slow\n`);
      await wait(10);
    }
    await file.close();
    await site.story.until('published', ({ elapsedMs }) => elapsedMs !== undefined);
    expect(seen.map(({ text }) => text.split('\n').length)).toEqual([61]);
  });

  it('is waited for where it stops in the middle of a line', async () => {
    await using folder = await makeFolder();
    await using site = await watchSource(await openFilesIn(folder.folder));
    const seen = collectIntents(site.store);
    await site.store.nc.flush();
    const text = config('leaf1', 'slow');
    await writeFile(folder.configPath('leaf1'), text.slice(0, 30));
    await wait(200);
    await appendFile(folder.configPath('leaf1'), text.slice(30));
    await site.story.until('published', ({ elapsedMs }) => elapsedMs !== undefined);
    expect(seen.map((intent) => intent.text)).toEqual([text]);
  });
});
