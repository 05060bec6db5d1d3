import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type BirdLab, startBirds } from '../../lab/bird/bird.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { bird } from '../../runners/drivers/bird/platform.ts';
import { linux } from '../../runners/drivers/linux/platform.ts';
import { inputsFromFolder } from '../../runners/getters/folder.ts';
import type { InterfacesIp } from '../../runners/shapes.ts';
import { parsers } from '../parsers.ts';
import { describeWith, sshd } from '../real.ts';

/** What a machine has all the time: other labs make and remove interfaces between two looks. */
const loopback = (found?: InterfacesIp) => found?.lo;

/** On the port that the daemon listens on anyway, so that no two labs want one port. */
const more = (
  port: string,
) => `protocol bgp ranged { local 127.0.0.1 port ${port} as 65001; neighbor range 127.0.0.128/25 as 65003; multihop; ipv4 { import all; export none; }; }
protocol bgp twice { local 127.0.0.1 port ${port} as 65001; neighbor 127.0.0.9 port 1790 as 65010; multihop; disabled; ipv6 { import all; export none; }; }
protocol bgp linked { local port ${port} as 65001; neighbor FE80:0::1%lo as 65011; ipv6 { import all; export none; }; }`;

describeWith(['/usr/sbin/bird', ...sshd], 'what BIRD tells, for real', () => {
  let lab: BirdLab;
  let target: Target;
  let session: Session;

  beforeAll(async () => {
    lab = await startBirds();
    const options = { config: lab.config, socket: lab.socket };
    target = targetOf({ platform: 'bird', port: lab.login.port, options }, lab.login);
    session = await bird.open(target, forever);
    await configure('import all', 1, 1);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });

  const ipv4 = async () => (await session.bgp()).global?.peers['127.0.0.2']?.address_family.ipv4;

  /** Lets the daemon import by a rule, which may reset the session, and waits for what is then counted. */
  const configure = async (rule: string, received: number | null, accepted: number) => {
    const [, port = ''] = /local 127\.0\.0\.1 port (\d+)/.exec(lab.text()) ?? [];
    const text = lab
      .text({ more: more(port) })
      .replace('ipv4 { import all; export all; };', `ipv4 { ${rule}; export all; };`);
    writeFileSync(lab.config, text);
    await session.run('configure');
    const counts = { received_prefixes: received, accepted_prefixes: accepted, sent_prefixes: 1 };
    await vi.waitFor(async () => expect(await ipv4()).toEqual(counts), { timeout: 20_000, interval: 100 });
  };

  it('is every session by its neighbour, and not the ranges that it listens for', async () => {
    const peers = (await session.bgp()).global?.peers ?? {};
    expect(Object.keys(peers)).toEqual(['127.0.0.2', '127.0.0.9', '127.0.0.9 (twice)', 'fe80::1%lo']);
    expect(peers['127.0.0.9 (twice)']).toMatchObject({ remote_as: 65010, is_enabled: false, hold_seconds: null });
  });

  it('is how much was received only where filtered routes are kept', async () => {
    await configure('import none; import keep filtered', 1, 0);
    await configure('import where net ~ [ 10.7.0.0/16+ ]', null, 0);
    await configure('import all', 1, 1);
  });

  it('has the details of each session', async () => {
    const details = (await session.bgpDetail?.())?.global;
    expect(details?.['65002']).toMatchObject([
      {
        up: true,
        local_as: 65001,
        router_id: '10.0.0.2',
        local_address: '127.0.0.1',
        multihop: true,
        import_policy: 'ACCEPT',
        export_policy: 'ACCEPT',
        connection_state: 'Established',
        suppress_4byte_as: false,
        holdtime: 9,
        keepalive: 3,
        received_prefix_count: 1,
        accepted_prefix_count: 1,
        advertised_prefix_count: 1,
        input_messages: null,
        flap_count: null,
      },
    ]);
    expect(details?.['65010']).toMatchObject([{ up: false, multihop: null, holdtime: null }]);
  });

  it('is the same from captured answers, as are the addresses of its machine', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plumb-bird-captures-'));
    const server = await linux.open(
      {
        ...target,
        device: { ...target.device, platform: 'linux', options: { files: ['/tmp/none.conf'], reload: 'true' } },
      },
      forever,
    );
    try {
      writeFileSync(join(folder, 'show_protocols_all.txt'), await session.run('show protocols all'));
      writeFileSync(join(folder, 'show_status.txt'), await session.run('show status'));
      writeFileSync(join(folder, 'ip__j_addr.json'), await server.run('ip -j addr'));
      const inputs = inputsFromFolder(parsers.bird, folder);
      expect(parsers.bird.getters.bgp.parse(inputs).global?.peers['127.0.0.2']).toMatchObject({
        is_up: true,
        remote_as: 65002,
      });
      expect(parsers.bird.getters['bgp-detail'].parse(inputs)).toMatchObject((await session.bgpDetail?.()) ?? {});
      const own = loopback(await session.interfacesIp?.());
      expect(own?.ipv4).toMatchObject({ '127.0.0.1': { prefix_length: 8 } });
      expect(loopback(parsers.bird.getters['interfaces-ip'].parse(inputs))).toEqual(own);
      expect(loopback(await server.interfacesIp?.())).toEqual(own);
    } finally {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
