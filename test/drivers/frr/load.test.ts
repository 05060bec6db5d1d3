import type { ServerChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../core/inventory/schema.ts';
import { frr } from '../../../runners/drivers/frr/platform.ts';
import { sshServer, type TestServer } from '../../unit/runners/transports/ssh-server.ts';

const change = { job: '0123456789abcdefghijkl', epoch: 3, sha256: 'a'.repeat(64) };

/** A router that answers the load script with what is given, and everything else with nothing. */
const router = async (answer: (cut: string) => string, code = 0, stderr = '') => {
  /** How each script was run, and what it was. */
  const commands: { line: string; script: string }[] = [];
  const server = await sshServer({
    exec: (command: string, channel: ServerChannel) => {
      const script = Buffer.from(/echo (\S+) \| base64/.exec(command)?.[1] ?? '', 'base64').toString();
      commands.push({ line: command, script });
      const cut = /'([0-9a-f]{24})' '/.exec(script)?.[1];
      channel.write(`${/^echo (plumbline:\w+)$/m.exec(script)?.[1]}\n`);
      const end = () => {
        channel.stderr.write(stderr);
        channel.exit(code);
        channel.end();
      };
      if (cut && code === 0) channel.write(answer(cut));
      if (cut && code !== 0) end();
      else channel.resume().on('end', end);
    },
  });
  return Object.assign(server, { commands });
};

const open = (server: TestServer, options: Record<string, unknown> = {}) => {
  const { host, port, username, password = '', knownHosts, name } = server.options;
  const device = { name, host, port, platform: 'frr' as const, transport: undefined, credentials: undefined };
  const rest = { role: undefined, groups: [], vars: {}, policy: defaultPolicy, options };
  return frr.open(
    { device: { ...device, ...rest }, credentials: { username, password }, knownHosts },
    AbortSignal.timeout(60_000),
  );
};

/** The syntax check, the interfaces, what runs; and of a scratch, why there is none. */
const sections = (cut: string, check: [string, number], running: [string, number], why = 'unshare: not permitted') =>
  `${check[0]}${cut} ${check[1]}\nlo\neth1\n${cut} 0\n zebra bgpd\n${running[0]}${cut} ${running[1]}\n${why}\n${cut} 1\n`;

describe('loading a text on a router', () => {
  it('stops at a lock of someone else, and takes the text away again', async () => {
    await using server = await router((cut) =>
      sections(cut, ['', 0], ['VTY configuration is locked by other VTY\n', 1]),
    );
    await using session = await open(server);
    await expect(session.load('hostname leaf1\n', 'replace', change)).rejects.toMatchObject({
      code: 'locked',
      message: 'leaf1: VTY configuration is locked by other VTY',
    });
    expect(server.commands.at(-1)?.script).toMatch(/^set -- '' 'c-3-0123456789abcdefghijkl'\n.*rm -rf /s);
  });

  it('refuses a text that vtysh complains about, though it ends with 0 as it does where the last lines are good', async () => {
    await using server = await router((cut) =>
      sections(
        cut,
        ['line 2: % Unknown command[4]: rooter bgp 1\nline 3: % Unknown command[4]:  neighbor x\n', 0],
        ['hostname leaf1\n', 0],
      ),
    );
    await using session = await open(server);
    const text = 'hostname leaf1\nrooter bgp 1\n neighbor x\n!\n';
    await expect(session.load(text, 'replace', change)).rejects.toMatchObject({
      code: 'rejected',
      line: 2,
      message: 'leaf1: FRR refuses line 2: % Unknown command[4]: rooter bgp 1 ("rooter bgp 1")',
    });
  });

  it('says so where what runs cannot be read, instead of taking silence for equality', async () => {
    await using server = await router((cut) => sections(cut, ['', 0], ['failed to connect to any daemons.\n', 1]));
    await using session = await open(server);
    await expect(session.load('hostname leaf1\n', 'replace', change)).rejects.toMatchObject({
      code: 'commit_failed',
      message: expect.stringContaining('failed to connect to any daemons'),
      hint: expect.stringContaining('show daemons'),
    });
  });

  it('takes a text as it is written where it cannot be tried out, and says so; nothing is merged blindly', async () => {
    await using server = await router((cut) => sections(cut, ['', 0], ['access-list A seq 10 permit any\n', 0]));
    await using session = await open(server);
    await using candidate = await session.load('access-list A permit any\n', 'replace', change);
    expect(await candidate.diff()).toBe('-access-list A seq 10 permit any\n+access-list A seq 5 permit any\n');
    expect(candidate.notes?.join()).toContain('could not be tried out on the router (unshare: not permitted)');
    await expect(session.load('access-list B permit any\n', 'merge', change)).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('names interfaces that are not there', async () => {
    await using server = await router((cut) => sections(cut, ['', 0], ['hostname leaf1\n', 0]));
    await using session = await open(server);
    const text = 'hostname leaf1\ninterface eth1\n description a\ninterface eth12\n description b\n';
    await using candidate = await session.load(text, 'replace', change);
    expect(candidate.notes?.filter((note) => note.includes('interface'))).toEqual([
      expect.stringContaining('the router has no interface eth12'),
    ]);
  });

  it('names the rights that are missing', async () => {
    await using server = await router(
      () => '',
      1,
      "mkdir: cannot create directory '/run/plumbline': Permission denied\n",
    );
    await using session = await open(server);
    await expect(session.load('hostname leaf1\n', 'replace', change)).rejects.toMatchObject({
      code: 'unauthorized',
      hint: expect.stringContaining('sudo: true'),
    });
  });

  it('keeps the text and its secrets out of the command line, and uses sudo where it is told to', async () => {
    await using server = await router((cut) => sections(cut, ['', 0], ['hostname leaf1\npassword canary\n', 0]));
    await using session = await open(server, { sudo: true, pathspace: 'leaf1' });
    await using candidate = await session.load('hostname leaf1\npassword canary\n', 'replace', change);
    expect(await candidate.diff()).toBe('');
    for (const { line, script } of server.commands) {
      expect(script).not.toContain('canary');
      expect(line).toMatch(/^sudo -n sh -c /);
      expect(script).toMatch(/^set -- 'leaf1'\s/);
    }
  });
});
