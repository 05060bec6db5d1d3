import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { folderOfTest } from '../../../folder.ts';
import { plumb } from '../terminal.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await folderOfTest('render');
  for (const part of ['inventory.yml', 'templates', 'intended']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
});

const intended = (device: string) => join(folder, 'intended/configs', `${device}.cfg`);

describe('plumb render', () => {
  it('finds the lab in step with its templates', async () => {
    expect(await plumb(folder, ['render', '--check'])).toEqual({
      code: 0,
      out: '',
      err: '0 devices differ, 3 unchanged\n',
    });
  });

  it('writes what is missing and what differs, and nothing else', async () => {
    const wanted = await readFile(intended('leaf1'), 'utf8');
    await rm(intended('leaf1'));
    await writeFile(intended('leaf2'), 'by hand\n');
    expect(await plumb(folder, ['render', 'leaf1'])).toEqual({
      code: 0,
      out: '',
      err: 'leaf1: wrote intended/configs/leaf1.cfg\n1 file written, 0 unchanged\n',
    });
    expect(await readFile(intended('leaf1'), 'utf8')).toBe(wanted);
    expect(await readFile(intended('leaf2'), 'utf8')).toBe('by hand\n');
    expect((await plumb(folder, ['render'])).err).toContain('1 file written, 2 unchanged');
    expect((await readdir(join(folder, 'intended/configs'))).sort()).toEqual(['leaf1.cfg', 'leaf2.cfg', 'spine1.cfg']);
  });

  it('shows with --check what would change, masks secrets, writes nothing and ends with 1', async () => {
    const before = await readFile(intended('leaf1'), 'utf8');
    const changed = before
      .replace('description to spine1 eth1', 'description uplink')
      .replaceAll('plumb-lab', 'other-secret');
    await writeFile(intended('leaf1'), changed);
    const { code, out, err } = await plumb(folder, ['render', '--check']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^1 device differs, 2 unchanged\n {2}→ `plumb render` writes what the templates give.*remove the device's role\n$/,
    );
    expect(out).toContain('--- a/intended/configs/leaf1.cfg\n+++ b/intended/configs/leaf1.cfg\n');
    expect(out).toContain('\n- description uplink\n+ description to spine1 eth1\n');
    expect(out).toContain('- neighbor 10.0.0.0 password <secret>\n+ neighbor 10.0.0.0 password <secret>\n');
    expect(out).not.toMatch(/plumb-lab|other-secret/);
    expect(await readFile(intended('leaf1'), 'utf8')).toBe(changed);
  });

  it('masks with --check what only the block around it tells to be a secret', async () => {
    const lines = ['router hsrp', ' interface x', '  hsrp 1', '   priority 110', '   preempt', '   timers 1 3'];
    const block = [...lines, '   authentication Sommer1', '   track a', ''].join('\n');
    const path = join(folder, 'templates/leaf/main.j2');
    await writeFile(path, `${await readFile(path, 'utf8')}${block}`);
    await plumb(folder, ['render', 'leaf1']);
    await writeFile(intended('leaf1'), (await readFile(intended('leaf1'), 'utf8')).replace('track a', 'track b'));
    const { out } = await plumb(folder, ['render', '--check', 'leaf1']);
    expect(out).toContain('-   track b\n+   track a\n');
    expect(out).not.toContain('Sommer1');
  });

  it('names what fails, goes on with the others and ends with 1', async () => {
    const template = join(folder, 'templates/leaf/main.j2');
    await writeFile(template, (await readFile(template, 'utf8')).replace('networks.ipv4 %}', 'networks.ipv5 %}'));
    await rm(intended('spine1'));
    const { code, err } = await plumb(folder, ['render']);
    expect(code).toBe(1);
    expect(err).toContain(
      'plumb: leaf1: templates/leaf/main.j2:7: "networks.ipv5" is undefined; did you mean "ipv4"?\n',
    );
    expect(err).toContain('spine1: wrote intended/configs/spine1.cfg\n');
    expect(err).toContain('1 file written, 0 unchanged, 2 failed\n');
  });

  it('refuses a device that is not there, naming the one that was meant', async () => {
    const { code, err } = await plumb(folder, ['render', 'lefa1']);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "leaf1"?');
  });
});
