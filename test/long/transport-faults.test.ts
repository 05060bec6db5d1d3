import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSshd } from '../../lab/login/sshd.ts';
import { startNetconfd } from '../../lab/netconfd/netconfd.ts';
import { targetOf } from '../../lab/proof/target.ts';
import { faults } from '../wire/faulty-wire.ts';
import { strike } from '../wire/strike.ts';
import { runOne, type Transport, transports } from '../wire/transports.ts';

const events = Array.from({ length: 51 }, (_, event) => event);
const limits = { loginMs: 3_000, commandMs: 500 };
const mostBytes = 300 * 1024 * 1024;

/** A real server, logged in to as root with its own key. */
const real = async (platform: 'linux' | 'netconf'): Promise<Transport> => {
  const netconfd = platform === 'netconf' ? await startNetconfd() : undefined;
  const login = netconfd?.login ?? (await startSshd());
  const knownHosts = join(login.folder, 'known_hosts');
  await writeFile(knownHosts, (await readFile(knownHosts, 'utf8')).replace(/:\d+ /, ':* ')); // whatever the wire's port
  const command = platform === 'linux' ? 'seq 2000' : '<get-config><source><running/></source></get-config>';
  return {
    port: login.port,
    use: (port, times) =>
      runOne(targetOf({ platform, port }, { knownHosts, username: 'root', key: login.key }), command, times),
    [Symbol.asyncDispose]: () => (netconfd ?? login)[Symbol.asyncDispose](),
  };
};

const all = {
  ...transports,
  'ssh to OpenSSH': () => real('linux'),
  'netconf to netconfd': () => real('netconf'),
};

describe.each(Object.entries(all))('%s', (_name, start) => {
  it.each(faults)('ends well whenever the network does this: %s', async (fault) => {
    await using transport = await start();
    const before = process.memoryUsage.rss();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    const ended = await Promise.all(events.map((at) => strike(transport, fault, at, limits)));
    clearInterval(timer);
    expect(ended.filter(({ struck }) => struck).length).toBeGreaterThan(0);
    expect(most - before).toBeLessThan(mostBytes);
  });
});
