import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../../runners/transports/ssh/known-hosts.ts';
import { simOf } from '../../lab/sim/client.ts';
import { sshServer } from '../../runners/transports/ssh-server.ts';
import { plumb, repository } from '../terminal.ts';

/** Two devices that are SSH servers in this process. */
const pair = async () => {
  const [one, other, repo] = await Promise.all([sshServer(), sshServer(), repository()]);
  const device = ({ port }: { port: number }) => `{ host: 127.0.0.1, port: ${port} }`;
  const write = () =>
    writeFile(
      join(repo.folder, 'inventory.yml'),
      `site: dc1
lab: true
defaults: { platform: frr, credentials: { username: admin, password: { literal: admin } } }
devices:
  leaf2: ${device(other)}
  leaf1: ${device(one)}
`,
    );
  await write();
  const pins = join(repo.folder, '.plumb', 'known_hosts');
  return {
    one,
    other,
    folder: repo.folder,
    pinned: () => readFile(pins, 'utf8').catch(() => ''),
    pins,
    [Symbol.asyncDispose]: async () => {
      for (const scope of [one, other, repo]) await scope[Symbol.asyncDispose]();
    },
  };
};

describe('plumb trust --all', () => {
  it('shows each key, asks once, and pins them all', async () => {
    await using site = await pair();
    const { code, out, err } = await plumb(site.folder, ['trust', '--all'], { says: 'y' });
    expect(code).toBe(0);
    for (const { hostKey } of [site.one, site.other]) expect(out).toContain(fingerprint(hostKey));
    expect(err.match(/\[y\/N\]/g)).toHaveLength(1);
    expect((await site.pinned()).trim().split('\n')).toHaveLength(2);
    expect((await plumb(site.folder, ['trust', '--all'])).err.match(/already pinned/g)).toHaveLength(2);
  });

  it('come by the names of their devices, as everywhere, not in the order of the inventory', async () => {
    await using site = await pair();
    const namesIn = (out: string) => out.split('\n').flatMap((line) => /\bleaf\d\b/.exec(line)?.[0] ?? []);
    expect(namesIn((await plumb(site.folder, ['trust', '--all'])).out)).toEqual(['leaf1', 'leaf2']);
    const { items } = JSON.parse((await plumb(site.folder, ['doctor', '-o', 'json'])).out);
    const tcp = items.filter(({ check }: { check: string }) => check === 'tcp');
    expect(tcp.map(({ on }: { on: string }) => on)).toEqual(['leaf1', 'leaf2']);
  });

  it('pins nothing where nobody is there, and takes no single fingerprint for several devices', async () => {
    await using site = await pair();
    expect(await plumb(site.folder, ['trust', 'leaf*'])).toMatchObject({ code: 2 });
    const one = ['trust', 'leaf*', '--fingerprint', fingerprint(site.one.hostKey)];
    expect(await plumb(site.folder, one)).toMatchObject({ code: 2, err: expect.stringContaining('a single device') });
    expect(await plumb(site.folder, ['trust'])).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    expect(await site.pinned()).toBe('');
  });

  it('leaves a key that changed to a question of its own, also with --yes', async () => {
    await using site = await pair();
    await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    const pinned = await site.pinned();
    const swapped = pinned.replace(`:${site.one.port}`, `:${site.other.port}`);
    await writeFile(site.pins, swapped);
    const { code, err } = await plumb(site.folder, ['trust', '--all', '--yes']);
    expect(err).toContain('leaf2: another key is pinned');
    expect(code).toBe(1);
    expect((await site.pinned()).startsWith(swapped.trim())).toBe(true);
    const doctor = await plumb(site.folder, ['doctor', 'leaf2']);
    expect(doctor.out).toMatch(/fail +host key +leaf2 +shows SHA256:\S+, which is not the one pinned/);
  });
});

describe('plumb test', () => {
  it('goes the way step by step, and stops at the first that fails, saying what mends it', async () => {
    const sim = await simOf('eos', { user: 'admin', password: 'admin' });
    await using repo = await repository();
    await writeFile(
      join(repo.folder, 'inventory.yml'),
      `site: dc1
lab: true
defaults: { platform: eos, transport: ssh, credentials: { username: admin, password: { literal: admin } } }
devices: { leaf1: { host: 127.0.0.1, port: ${sim.ports.ssh} } }
`,
    );
    const unknown = await plumb(repo.folder, ['test', 'leaf1']);
    expect(unknown.out).toMatch(/^address +ok .*\ntcp +ok .*\nkey +failed .* is not pinned\n$/m);
    expect(unknown.err).toContain('→ plumb trust leaf1');
    expect(unknown.code).toBe(1);
    await plumb(repo.folder, ['trust', 'leaf1', '--yes']);
    const before = sim.running;
    const whole = await plumb(repo.folder, ['test', 'leaf1', '-o', 'json']);
    const { items } = JSON.parse(whole.out);
    const steps = ['address', 'tcp', 'key', 'login', 'version', 'config', 'rights'];
    expect(items).toMatchObject(steps.map((step) => ({ step, result: 'ok', ms: expect.any(Number) })));
    expect(whole.code).toBe(0);
    expect(sim.running).toBe(before);
    await sim[Symbol.asyncDispose]();
    expect((await plumb(repo.folder, ['test', 'leaf1'])).out).toMatch(/tcp +failed .*ECONNREFUSED/);
  });
});

describe('plumb doctor', () => {
  it('has a line for each fault of the inventory', async () => {
    await using site = await pair();
    await writeFile(
      join(site.folder, 'inventory.yml'),
      'site: dc1\ndevices:\n  leaf1: { platfrom: frr }\n  leaf2: {}\n',
    );
    const { items } = JSON.parse((await plumb(site.folder, ['doctor', '-o', 'json'])).out);
    const faults = items.filter(({ check }: { check: string }) => check === 'inventory');
    expect(faults.length).toBeGreaterThan(1);
    expect(faults.filter(({ fix }: { fix?: string }) => fix)).toHaveLength(1);
    for (const { on } of faults) expect(on).toMatch(/^inventory\.yml:\d+:\d+$/);
  });
});

it('the program that has a port is named', async () => {
  const { portHolder } = await import('../../../../cli/doctor/port-holder.ts');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  expect(await portHolder(port)).toMatch(new RegExp(`^by pid ${process.pid} \\(`));
  await new Promise((resolve) => server.close(resolve));
  expect(await portHolder(port)).toBe('');
});
