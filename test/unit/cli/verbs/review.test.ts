import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../../../../cli/shapes/shapes.ts';
import { siteForTest } from '../site.ts';

const inventory = `site: dc1
lab: true
defaults: { platform: frr, credentials: { username: admin, password: { literal: admin } } }
devices:
  leaf1: { host: 127.0.0.1, vars: { asn: 65101, loopback: 10.0.0.11 } }
  leaf2: { host: 127.0.0.2, vars: { asn: 65102, loopback: 10.0.0.12 } }
  leaf3: { host: 127.0.0.3, vars: { asn: 65103, loopback: 10.0.0.13 } }
  spine1: { host: 127.0.0.4 }
`;

const text = (name: string, more = '') => `hostname ${name}\n${more}`;
const change = (asn: number, address: string) => `router bgp ${asn}\n network ${address}/32\n`;

let site: Awaited<ReturnType<typeof siteForTest>>;
const sh = promisify(execFile);
const git = (...args: string[]) =>
  sh('git', ['-c', 'user.name=ann', '-c', 'user.email=ann@example.net', ...args], { cwd: site.folder });
const save = (device: string, config: string) =>
  writeFile(join(site.folder, 'intended', 'configs', `${device}.cfg`), config);
const commit = async (message: string) => {
  await git('add', '-A');
  await git('commit', '-qm', message);
};

/** What a device shows of a text: each line is added. */
const asDiff = ({ payload, job }: { payload: Record<string, unknown>; job: string | undefined }) => {
  const lines = String(payload.config).trimEnd().split('\n').slice(1);
  return { diff: lines.map((line) => `+${line}\n`).join(''), job };
};

beforeAll(async () => {
  site = await siteForTest(inventory);
  await site.hold({ diff: asDiff }, ['leaf1', 'leaf2', 'leaf3', 'spine1']);
  await git('init', '-q', '-b', 'main');
  await save('leaf3', text('leaf3'));
  await save('spine1', text('spine1'));
  await commit('first');
  await git('switch', '-qc', 'more');
  await save('leaf1', text('leaf1', change(65101, '10.0.0.11')));
  await save('leaf2', text('leaf2', change(65102, '10.0.0.12')));
  await save('leaf3', text('leaf3', change(65103, '10.0.0.11'))); // the address of leaf1
  await commit('announce loopbacks');
});
afterAll(() => site[Symbol.asyncDispose]());

const diff = (...args: string[]) => site.run(['diff', '--ref', 'more', '--base', 'main', ...args]);

describe('plumb diff --ref --base', () => {
  it('compares only what the branch changed, shows equal changes once, and a wrong value apart', async () => {
    const { code, out, err } = await diff();
    expect({ code, err }).toEqual({ code: 1, err: expect.not.stringContaining('plumb:') });
    expect(out).toBe(
      'leaf1, leaf2  +2 -0  risk 25: routing\n' +
        '(as on leaf1; the other differs in its own name and variables)\n' +
        '+router bgp 65101\n+ network 10.0.0.11/32\n' +
        'leaf3  +2 -0  risk 25: routing\n+router bgp 65103\n+ network 10.0.0.11/32\n',
    );
  });

  it('ends with 3 where a risk is above --max-risk, and not where it is not', async () => {
    expect((await diff('--max-risk', '24')).code).toBe(3);
    expect((await diff('--max-risk', '25')).code).toBe(1);
    const wrong = await diff('--max-risk', '101');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('It is a whole number from 0 to 100.');
  });

  it('gives each device its diff and its risk in JSON, as its schema says', async () => {
    const { out } = await diff('-o', 'json');
    const { items } = JSON.parse(out) as { items: { device: string; risk: unknown }[] };
    expect(items.map(({ device, risk }) => [device, risk])).toEqual(
      ['leaf1', 'leaf2', 'leaf3'].map((device) => [device, { score: 25, why: ['routing'] }]),
    );
    expect([...Value.Errors(shapes.diff ?? Type.Never(), JSON.parse(out))]).toEqual([]);
  });

  it('is a comment in Markdown that nothing of a device can end', async () => {
    await git('switch', '-qc', 'hostile', 'main');
    await save('spine1', text('spine1', 'banner ```` </details> <script>\n'));
    await commit('hostile');
    const { out } = await site.run(['diff', '--ref', 'hostile', '--base', 'main', '-o', 'markdown']);
    expect(out).toBe(
      '<!-- plumb diff -->\n### 1 device would change\n\n' +
        "1 file changed since hostile left main. The diffs are the devices' own: each loaded the text, compared it with what it runs, and discarded it.\n" +
        '\n| devices | lines | risk |\n|---|---|---|\n| spine1 | +1 -0 | 0 |\n' +
        '\n<details><summary><b>spine1</b> +1 -0</summary>\n\n' +
        '`````diff\n+banner ```` </details> <script>\n`````\n\n</details>\n',
    );
  });

  it('counts in Markdown what did not fit into a comment', async () => {
    await git('switch', '-qc', 'large', 'main');
    const lines = Array.from({ length: 1_000 }, (_, index) => `ntp server 10.0.0.${index} prefer\n`).join('');
    for (const device of ['leaf1', 'leaf2', 'leaf3'])
      await save(device, text(device, `banner ${device.at(-1)}\n${lines}`));
    await commit('large');
    const { out } = await site.run(['diff', '--ref', 'large', '--base', 'main', '-o', 'markdown']);
    expect(out.length).toBeLessThan(65_536);
    expect(out).toContain('\n2 more diffs did not fit into a comment; `plumb diff` shows them.\n');
  });

  it('compares the files alone with --offline, without a server', async () => {
    const options = ['--ref', 'more', '--base', 'main', '--offline'];
    const { code, out } = await site.run(['diff', ...options, 'leaf3'], { nats: 'nats://127.0.0.1:1' });
    expect(out).toMatch(/\n--- [0-9a-f]{12}\n\+{3} more\n@@ -1 \+1,3 @@\n hostname leaf3\n\+router bgp 65103\n/);
    expect(code).toBe(1);
  });

  it('cannot tell, and says so, what becomes of a file that both sides changed', async () => {
    await git('switch', '-qc', 'parted', 'main');
    await save('spine1', text('spine1', 'ntp server 10.0.0.1\n'));
    await commit('one');
    await git('switch', '-qc', 'other', 'main');
    await save('spine1', text('spine1', 'ntp server 10.0.0.2\n'));
    await commit('two');
    const { code, out, err } = await site.run(['diff', '--ref', 'parted', '--base', 'other']);
    expect(err).toContain(
      'plumb: spine1: other and parted both changed its configuration since they parted\n' +
        '  → merge other into parted, then compare: what the merge makes of them is not known before\n',
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    const comment = await site.run(['diff', '--ref', 'parted', '--base', 'other', '-o', 'markdown']);
    expect(comment.out).toContain(
      '### 0 devices would change, of 1 it cannot be told\n\n1 file changed since parted left other.\n',
    );
    expect(comment.out).toContain('since they parted\n  → merge other into parted, then compare:');
  });

  it('says that a branch changed nothing, also where the two names are in each other\u2019s place', async () => {
    const { code, err } = await site.run(['diff', '--ref', 'main', '--base', 'more']);
    expect({ code, err }).toEqual({ code: 0, err: 'main changed no configuration since it left more\n' });
  });

  it('tells of a file that goes, and of one whose device nobody knows', async () => {
    await git('switch', '-qc', 'files', 'main');
    await rm(join(site.folder, 'intended', 'configs', 'spine1.cfg'));
    await save('new1', text('new1'));
    await mkdir(join(site.folder, 'intended', 'configs', 'old'));
    await save('old/leaf1', text('leaf1')); // no device's
    await commit('files');
    const { code, err } = await site.run(['diff', '--ref', 'files', '--base', 'main']);
    expect(err).toContain('spine1: files removes its file; nothing would be deployed to it\n');
    expect(err).toContain('plumb: new1: files has a configuration for it, and the inventory has no such device\n');
    expect(code).toBe(2);
  });

  it.each([
    [['--base', 'main'], 'plumb: --base and --offline compare two commits'],
    [['--offline', '--ref', 'more'], 'plumb: --base and --offline compare two commits'],
    [['--ref', 'more', '--local'], 'plumb: two texts to compare with: --ref is a commit, --local the disk'],
    [['--ref', '', '--base', 'main'], 'plumb: --ref "": not the name of a commit'],
    [['--ref', 'more', '--base', '--exec=x'], 'plumb: --base "--exec=x": not the name of a commit'],
    [
      ['--ref', 'more', '--base', 'nothing'],
      'plumb: cannot compare more with nothing: git merge-base: fatal: Not a valid object name nothing',
    ],
  ])('%j is refused', async (options, words) => {
    const { code, err } = await site.run(['diff', ...options]);
    expect(err).toContain(words);
    expect(code).toBe(2); // nothing was compared: CI must not take that for a difference
  });
});
