import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forever, targetOf } from '../../../../lab/proof/target.ts';
import { control } from '../../../../lab/sim/control.ts';
import { selfSigned } from '../../../../lab/sim/protocols/certificate.ts';
import { startSim } from '../../../../lab/sim/sim.ts';
import { eos } from '../../../../runners/drivers/eos/platform.ts';
import { pinCertificate } from '../../../../runners/transports/tls/pins.ts';
import { tlsServer } from '../../runners/transports/tls-server.ts';
import { plumb, repository } from '../terminal.ts';

/** A repository whose leaf1 is an HTTPS server in this process. */
const withServer = async (options = '', days?: number) => {
  const tls = selfSigned('leaf1', days);
  const server = await tlsServer(tls);
  const { folder, ...gone } = await repository();
  const inventory = await readFile(join(folder, 'inventory.yml'), 'utf8');
  const leaf1 = `leaf1: { platform: eos, transport: eapi, port: ${server.port}, options: { ${options} }, `;
  await writeFile(
    join(folder, 'inventory.yml'),
    inventory.replace('leaf1: { ', leaf1).replace('leaf2: { ', 'leaf2: { platform: ios, transport: telnet, '),
  );
  await writeFile(join(folder, 'ca.pem'), tls.cert);
  return {
    server,
    folder,
    pinned: join(folder, '.plumb', 'known_certificates'),
    line: (fingerprint = server.fingerprint) => pinCertificate('', '127.0.0.1', server.port, fingerprint, 'CN=leaf1'),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await gone[Symbol.asyncDispose]();
    },
  };
};

const another = Array.from({ length: 32 }, () => 'AA').join(':');

describe('plumb trust of a device with eAPI', () => {
  it('shows the certificate and pins it once a person says that it is the right one', async () => {
    await using site = await withServer();
    const said = await plumb(site.folder, ['trust', 'leaf1'], { says: 'y' });
    expect(said.code).toBe(0);
    const { fingerprint, port } = site.server;
    expect(said.out).toContain(`leaf1  127.0.0.1:${port}  certificate  SHA256:${fingerprint}\n`);
    expect(said.out).toMatch(
      /subject {2}CN=leaf1\n {2}issuer {3}CN=leaf1\n {2}valid {4}\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\n/,
    );
    expect(said.out).toMatch(/trust {4}the system's authorities do not vouch for it: .*self.signed/i);
    const text = await readFile(site.pinned, 'utf8');
    expect(text).toMatch(
      new RegExp(`^127\\.0\\.0\\.1:${port} SHA256:${fingerprint} CN=leaf1, until \\d{4}-\\d\\d-\\d\\d\n$`),
    );
    expect((await stat(site.pinned)).mode & 0o777).toBe(0o600);
    expect(await plumb(site.folder, ['trust', 'leaf1'])).toMatchObject({
      code: 0,
      err: expect.stringContaining(`this certificate is already pinned in ${site.pinned}`),
    });
    expect(site.server.requests).toEqual([]); // no request, so no password
  });

  it('pins nothing when the person says no, nobody is there, or the fingerprint is another', async () => {
    await using site = await withServer();
    expect(await plumb(site.folder, ['trust', 'leaf1'], { says: 'n' })).toMatchObject({ code: 1 });
    const alone = await plumb(site.folder, ['trust', 'leaf1']);
    expect(alone).toMatchObject({
      code: 2,
      err: expect.stringContaining(`--fingerprint SHA256:${site.server.fingerprint}`),
    });
    const wrong = await plumb(site.folder, ['trust', 'leaf1', '--fingerprint', another]);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('shows the certificate') });
    await expect(readFile(site.pinned)).rejects.toThrow();
  });

  it('pins by fingerprint, as openssl prints it, too', async () => {
    await using site = await withServer();
    const spelling = `sha256 Fingerprint=${site.server.fingerprint}`;
    expect(await plumb(site.folder, ['trust', 'leaf1', '--fingerprint', spelling])).toMatchObject({ code: 0 });
    expect(await readFile(site.pinned, 'utf8')).toContain(site.server.fingerprint);
  });

  it('names both fingerprints when the certificate has changed, and replaces the old one alone', async () => {
    await using site = await withServer();
    await mkdir(join(site.folder, '.plumb'));
    await writeFile(site.pinned, `# ours\nleaf9:443 SHA256:${another}\n${site.line(another)}`);
    const { code, err } = await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    expect(code).toBe(0);
    expect(err).toContain(`another certificate is pinned: ${another}; it shows SHA256:${site.server.fingerprint}`);
    const text = await readFile(site.pinned, 'utf8');
    expect(text).toMatch(
      new RegExp(`^# ours\nleaf9:443 SHA256:${another}\n127[^\n]*${site.server.fingerprint}[^\n]*\n$`),
    );
  });

  it('leaves it to the inventory where that pins another one', async () => {
    await using site = await withServer(`tlsFingerprint: "${another}"`);
    const said = await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    expect(said).toMatchObject({ code: 1, err: expect.stringContaining('options.tlsFingerprint') });
    expect(said.err).toContain(site.server.fingerprint);
    await expect(readFile(site.pinned)).rejects.toThrow();
  });

  it('says who vouches for it, and that telnet and plain HTTP have nothing to pin', async () => {
    await using site = await withServer('tlsCa: ca.pem');
    const before = process.cwd();
    process.chdir(site.folder);
    const vouched = await plumb(site.folder, ['trust', 'leaf1']).finally(() => process.chdir(before));
    expect(vouched.out).toContain('options.tlsCa vouch');
    const telnet = await plumb(site.folder, ['trust', 'leaf2']);
    expect(telnet).toMatchObject({
      code: 1,
      err: expect.stringContaining('telnet has neither a key nor a certificate'),
    });
    const { out } = await plumb(site.folder, ['doctor', 'leaf2']);
    expect(out).toMatch(
      /^warn +host key +leaf2 +telnet: nothing proves who answers, and the password is sent in the clear$/m,
    );
    await using plain = await withServer('http: true');
    expect(await plumb(plain.folder, ['trust', 'leaf1'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('plain HTTP'),
    });
  });
});

describe('what plumb trust pinned', () => {
  it('is what a runner accepts, until the switch shows another certificate', async () => {
    await using sim = await startSim({ platform: 'eos', config: 'hostname leaf1\n!\nend\n', ports: { eapi: 0 } });
    await using repo = await repository();
    const port = sim.ports.eapi ?? 0;
    const text = `site: dc1\ndevices: { leaf1: { host: 127.0.0.1, platform: eos, transport: eapi, port: ${port} } }\n`;
    await writeFile(join(repo.folder, 'inventory.yml'), text);
    const login = { knownHosts: join(repo.folder, '.plumb', 'known_hosts'), username: 'admin', password: 'admin' };
    const target = targetOf({ platform: 'eos', name: 'leaf1', transport: 'eapi', port }, login);
    await expect(eos.open(target, forever)).rejects.toMatchObject({ code: 'host_key_unknown' });
    const trust = () => plumb(repo.folder, ['trust', 'leaf1', '--yes']);
    expect(await trust()).toMatchObject({ code: 0 });
    await using session = await eos.open(target, forever);
    expect(await session.config('running')).toContain('hostname leaf1');
    control(sim, { op: 'certificate' });
    await expect(eos.open(target, forever)).rejects.toMatchObject({ code: 'host_key_changed' });
    expect(await trust()).toMatchObject({ code: 0 });
    await using again = await eos.open(target, forever);
    await again.alive();
  });
});

describe('plumb doctor of a device with eAPI', () => {
  const look = async (folder: string) => {
    const { out } = await plumb(folder, ['doctor', 'leaf1', '-o', 'json']);
    const findings = JSON.parse(out).items as {
      check: string;
      on: string;
      result: string;
      detail: string;
      fix?: string;
    }[];
    return findings.find(({ check }) => check === 'certificate');
  };

  it('says whether its certificate is pinned, has changed, or runs out', async () => {
    await using site = await withServer('', 10);
    expect(await look(site.folder)).toMatchObject({
      result: 'fail',
      fix: expect.stringContaining('plumb trust leaf1'),
    });
    await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    expect(await look(site.folder)).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(/^pinned in .*, until /),
    });
    site.server.server.setSecureContext(selfSigned('leaf1'));
    expect(await look(site.folder)).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('another certificate'),
    });
    await plumb(site.folder, ['trust', 'leaf1', '--yes']);
    expect(await look(site.folder)).toMatchObject({ result: 'ok' });
  });

  it('names what known_hosts holds and is not acted on', async () => {
    await using site = await withServer();
    await mkdir(join(site.folder, '.plumb'));
    await writeFile(
      join(site.folder, '.plumb', 'known_hosts'),
      '@cert-authority * ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n',
    );
    const { out } = await plumb(site.folder, ['doctor', 'leaf1', '-o', 'json']);
    expect(JSON.parse(out).items).toContainEqual(
      expect.objectContaining({
        check: 'known_hosts',
        result: 'warn',
        detail: expect.stringContaining('@cert-authority'),
      }),
    );
  });
});
