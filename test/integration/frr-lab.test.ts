import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimedLabs } from '../../lab/frr/claim.ts';
import { sh } from '../../lab/frr/shell.ts';
import { topology } from '../../lab/frr/topology.ts';
import { labDown, labUp } from '../../lab/frr/up.ts';
import { describeLab, labForTest } from '../lab.ts';
import { plumb, repository } from '../unit/cli/terminal.ts';

const traces = async (number: number): Promise<string> => {
  const { bridge, routers } = topology(number);
  const names = routers.map(({ namespace }) => namespace).join(' ');
  const script =
    'for n in $2; do ip netns list | grep -w "$n"; ls -d /etc/frr/$n /var/run/frr/$n; pgrep -f "[-]N $n "; done; ip -o link show "$1"; true';
  const { output } = await sh(`{ ${script}; } 2>/dev/null`, [bridge, names]);
  return output;
};

/** The same of the lab of a folder; what others have claimed the number for since is theirs. */
const left = async (number: number, folder: string): Promise<string> => {
  const taken = async () =>
    (await claimedLabs()).some((lab) => lab.number === number && lab.owner.folder !== join(folder, 'lab'));
  if (await taken()) return '';
  const found = await traces(number);
  return (await taken()) ? '' : found;
};

describeLab('the lab', () => {
  it('may be up several times at once, and leaves nothing of itself', async () => {
    const one = await labForTest();
    const two = await labForTest();
    expect(one.number).not.toBe(two.number);
    expect(await one.console('spine1', 'hostname')).toBe('spine1\n');
    expect(await traces(one.number)).not.toBe('');
    await two[Symbol.asyncDispose]();
    expect(await one.vtysh('leaf1', 'show version')).toContain('(leaf1)');
    await one[Symbol.asyncDispose]();
    expect(await left(one.number, one.folder)).toBe('');
    expect(await left(two.number, two.folder)).toBe('');
    await expect(access(one.folder)).rejects.toThrow();
  });

  it('is taken down by the next one when its owner was killed, and never while its owner lives', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-owner-'));
    const entry = join(folder, 'owner.mjs');
    const up = JSON.stringify(join(import.meta.dirname, '../../dist/lab/frr/up.js'));
    await writeFile(
      entry,
      `import { labUp } from ${up};\nconst lab = await labUp({ folder: process.argv[2] + '/lab', knownHosts: process.argv[2] + '/known_hosts' });\nconsole.log(lab.number);\nsetInterval(() => {}, 1000);\n`,
    );
    const owner = spawn(process.execPath, [entry, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const number = Number(String((await once(owner.stdout, 'data'))[0]));
    await labDown(true, join(folder, 'lab'));
    expect((await claimedLabs()).find((lab) => lab.number === number)).toMatchObject({ alive: true });
    expect(await traces(number)).not.toBe('');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    // the next one may be another test's: then the claim is its own until nothing is left, or over
    const claim = async () => (await claimedLabs()).find((lab) => lab.owner.folder === join(folder, 'lab'));
    const seen = await claim();
    if (seen?.owner.pid === owner.pid) expect(seen).toMatchObject({ number, alive: false });
    await using next = await labForTest();
    await expect.poll(claim, { timeout: 30_000 }).toBeUndefined();
    expect(await left(number, folder)).toBe('');
    expect(await next.vtysh('leaf2', 'show version')).toContain('(leaf2)');
    await rm(folder, { recursive: true });
  });

  it('stays up when it is kept, until its folder takes it down', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumb-kept-'));
    const own = join(folder, 'lab');
    const lab = await labUp({ folder: own, knownHosts: join(folder, 'known_hosts') });
    expect((await readFile(lab.knownHosts, 'utf8')).trim().split('\n')).toHaveLength(3);
    await lab.keep();
    await expect(labUp({ folder: own, knownHosts: lab.knownHosts })).rejects.toMatchObject({ code: 'conflict' });
    expect(await labDown(true, join(folder, 'elsewhere'))).not.toContain(lab.number);
    expect(await labDown(true, own)).toContain(lab.number);
    expect(await left(lab.number, folder)).toBe('');
    await rm(folder, { recursive: true });
  });

  it('is brought up and taken down from the command line', async () => {
    await using site = await repository();
    const up = await plumb(site.folder, ['lab', 'up']);
    expect(up).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^spine1 .* root@172\.31\.\d+\.11 .*vtysh -N plumb\d+-spine1$/m),
    });
    expect(await plumb(site.folder, ['lab', 'up'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('plumb lab down'),
    });
    expect(await plumb(site.folder, ['lab', 'down'])).toMatchObject({
      code: 0,
      err: expect.stringContaining('took down lab'),
    });
    expect(await plumb(site.folder, ['lab', 'down'])).toMatchObject({ code: 0, err: 'no lab is up\n' });
  });
});
