import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { labUp } from '../lab/frr/up.ts';
import { targetOf } from '../lab/proof/target.ts';
import { driverFor } from '../runners/drivers/registry.ts';
import { median, print, ratio } from './figures.ts';

const rounds = 500;
const command = 'show version';

/** A bare shell of ssh2 with vtysh in it: send a line, wait for the prompt at the end. */
const bare = async (host: string, username: string, privateKey: string, vtysh: string) => {
  const client = new ssh2.Client();
  client.connect({ host, username, privateKey, algorithms: { cipher: ['aes128-gcm@openssh.com'] } });
  await once(client, 'ready');
  client.setNoDelay(true);
  const shell = await new Promise<ssh2.ClientChannel>((resolve, reject) =>
    client.exec(vtysh, { pty: { rows: 1000, cols: 511, term: 'vt100' } }, (error, channel) =>
      error ? reject(error) : resolve(channel),
    ),
  );
  let seen = '';
  let wake = () => {};
  shell.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
    if (/^\S+# $/m.test(seen.slice(seen.lastIndexOf('\n') + 1))) wake();
  });
  const prompt = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const run = async (line: string) => {
    seen = '';
    const done = prompt();
    shell.write(`${line}\n`);
    await done;
  };
  await run('terminal length 0');
  return { run, end: () => client.end() };
};

/** The round trip of a command over the warm session, next to a bare shell on the same router. */
export const benchCommand = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bench-'));
  const knownHosts = join(folder, 'known_hosts');
  try {
    await using lab = await labUp({ folder: join(folder, 'lab'), knownHosts });
    const [{ name, host, pathspace } = { name: 'spine1', host: '', pathspace: '' }] = lab.routers;
    const key = await readFile(lab.key, 'utf8');
    const login = { knownHosts, key, username: lab.username };
    const target = targetOf({ name, host, platform: 'frr', options: { pathspace } }, login);
    await using session = await driverFor('frr').open(target, AbortSignal.timeout(20_000));
    const shell = await bare(host, lab.username, key, `vtysh -N ${pathspace}`);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      let startedMs = performance.now();
      await session.run(command);
      ours.push(performance.now() - startedMs);
      startedMs = performance.now();
      await shell.run(command);
      theirs.push(performance.now() - startedMs);
    }
    shell.end();
    const middle = (values: number[]) => median(values.map((ms) => ms * 1000));
    print({
      figure: 'warm command, µs',
      ours: middle(ours),
      bareShell: middle(theirs),
      ratio: ratio(middle(ours), middle(theirs)),
      rounds,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
