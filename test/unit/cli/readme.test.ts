import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allDrivers, platformsMarkdown } from '../../../cli/verbs/platforms.ts';
import { plumb, repository } from './terminal.ts';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const read = (name: string) => readFile(path(name), 'utf8');

describe('the README', () => {
  it('has the table of platforms as `plumb platforms --markdown` prints it', async () => {
    const table = /<!-- npx plumb platforms --markdown -->\n\n?([\s\S]*?)\n?<!-- end -->/.exec(
      await read('README.md'),
    )?.[1];
    expect(table?.trimEnd()).toBe(platformsMarkdown(await allDrivers()).trimEnd());
  });

  it('has the shell end what it put into the background, so that the next way in finds the port free', async () => {
    const blocks = [...(await read('README.md')).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    const behind = blocks.filter((block) => / &\s/.test(block));
    expect(behind).toHaveLength(2);
    for (const block of behind) expect(block).toMatch(/ &\s[\s\S]*; kill \$!/);
  });

  it('and the docs link only to files that are there', async () => {
    const docs = (await readdir(path('docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
    for (const name of ['README.md', ...docs]) {
      const links = [...(await read(name)).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
      const folder = name.includes('/') ? 'docs/' : '';
      expect(links.filter((link) => !existsSync(path(folder + link)))).toEqual([]);
    }
  });
});

describe('the help', () => {
  it('has an example for each verb', async () => {
    await using repo = await repository();
    const { out } = await plumb(repo.folder, ['--help']);
    const verbs = [...out.matchAll(/^ {2}([a-z]+) .*? {2}\S/gm)].map(([, verb = '']) => verb);
    expect(verbs.length).toBeGreaterThan(20);
    for (const verb of verbs) {
      const help = await plumb(repo.folder, [verb, '--help']);
      expect(help, verb).toMatchObject({ code: 0, out: expect.stringMatching(/Examples?:\n[\s\S]*\$ .*plumb/) });
    }
  });
});
