import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../core/config/config.ts';
import { plumb } from '../terminal.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('plumb init', () => {
  it('writes a repository whose inventory is right and whose templates render', async () => {
    const { code, err } = await plumb(folder, ['init', 'mine']);
    expect(code).toBe(0);
    expect(err).toContain('wrote inventory.yml\n');
    const mine = join(folder, 'mine');
    expect((await plumb(mine, ['render'])).err).toContain('router1: wrote intended/configs/router1.cfg\n');
    expect(await readFile(join(mine, 'intended/configs/router1.cfg'), 'utf8')).toBe(`frr defaults traditional
hostname router1
service integrated-vtysh-config
!
interface eth1
 description to router2
 ip address 10.0.12.0/31
exit
!
router bgp 65001
 bgp router-id 10.0.0.1
 neighbor 10.0.12.1 remote-as 65002
 neighbor 10.0.12.1 description router2
exit
!
end
`);
    expect((await plumb(mine, ['render', '--check'])).code).toBe(0);
    expect(await loadConfig({}, {}, mine)).toMatchObject({ folder: mine, api: { port: 9000 } });
  });

  it('says how to begin in an order that works: adopt asks the runner of up', async () => {
    await plumb(folder, ['init']);
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const verbs = [...readme.matchAll(/^ {4}plumb (\w+)/gm)].map(([, verb]) => verb);
    expect(verbs).toEqual(['doctor', 'trust', 'up', 'adopt', 'render']);
  });

  it('has comments in plumbline.yml that are right once they are none', async () => {
    await plumb(folder, ['init']);
    const path = join(folder, 'plumbline.yml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^# (?=\s*[a-z]+:)/gm, ''));
    expect(await loadConfig({}, {}, folder)).toMatchObject({
      nats: { creds: join(folder, '.plumb/plumb.creds') },
      source: { kind: 'git', branch: 'main' },
    });
  });

  it('overwrites nothing', async () => {
    await writeFile(join(folder, 'inventory.yml'), 'mine\n');
    const { code, err } = await plumb(folder, ['init']);
    expect(code).toBe(0);
    expect(err).toContain('left as it is: inventory.yml\n');
    expect(await readFile(join(folder, 'inventory.yml'), 'utf8')).toBe('mine\n');
    const again = await plumb(folder, ['init']);
    expect(again.err).not.toContain('wrote');
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says so where it may not write', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, err } = await plumb(folder, ['init', 'file']);
    expect(code).toBe(1);
    expect(err).toContain('inventory.yml: cannot be written: ');
  });
});
