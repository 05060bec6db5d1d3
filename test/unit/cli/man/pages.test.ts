import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { manPages } from '../../../../cli/man/write.ts';
import { folderOfTest } from '../../../folder.ts';
import { plumb, repository } from '../terminal.ts';

let pages: Map<string, string>;
beforeAll(async () => {
  pages = await manPages('2026-11-30');
}, 60_000); // every verb is imported for it: 8 s at a load of 22

const hasMan = spawnSync('man', ['--version']).status === 0;
const shown = (files: readonly string[]) =>
  spawnSync('man', ['--warnings', '-E', 'utf8', '-l', ...files], {
    encoding: 'utf8',
    env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '100', MAN_KEEP_FORMATTING: '' },
  });

describe('the manual', () => {
  it('has the pages that the package names', () => {
    const { man } = JSON.parse(readFileSync('package.json', 'utf8')) as { man: string[] };
    expect([...pages.keys()].map((name) => `man/${name}`).sort()).toEqual([...man].sort());
  });

  it('says of a verb what its help says', async () => {
    await using repo = await repository();
    const text = (pages.get('plumb-status.1') ?? '').replaceAll('\\-', '-');
    const { out } = await plumb(repo.folder, ['status', '--help']);
    for (const option of out.match(/--[a-z-]+/g) ?? []) expect(text).toContain(option);
    expect(text).toMatch(/\.SH EXIT STATUS\n0 if all are in sync/);
    expect(text).toMatch(/\.SH EXAMPLES\n\.nf\n\$ plumb status/);
    expect((pages.get('plumb-lab.1') ?? '').replaceAll('\\-', '-')).toMatch(/\.SH PLUMB LAB UP\n/);
  });

  it.skipIf(!process.env.CI && !hasMan)('is set by man without a warning', async () => {
    const folder = await folderOfTest('man');
    const files = [...pages.keys()].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, pages.get(basename(file)) ?? '');
    const { status, stdout, stderr } = shown(files);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.match(/^SYNOPSIS$/gm)).toHaveLength(files.length);
  });

  it('takes nothing for a macro that a help text begins a line with', () => {
    for (const page of pages.values()) expect(page.match(/^[.'](?!TH|SH|TP|PP|nf|fi|br)/gm)).toBeNull();
  });
});
