import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../cli/context.ts';
import { parseVerb } from '../../cli/verbs/parse.ts';
import { describeLab, labForTest, type TestLab } from '../lab.ts';
import { fabric, settle } from './frr-texts.ts';

const both = (peer4: string, peer6: string, as: number, own6: string) => [
  'configure terminal',
  'interface eth1',
  `ipv6 address ${own6}`,
  'exit',
  `router bgp ${as === 65001 ? 65000 : 65001}`,
  'no bgp ebgp-requires-policy',
  `neighbor ${peer6} remote-as ${as}`,
  `neighbor ${peer6} timers connect 1`,
  `neighbor ${peer6} description by IPv6`,
  'address-family ipv6 unicast',
  `neighbor ${peer6} activate`,
  'redistribute connected',
  'exit-address-family',
  'address-family l2vpn evpn',
  `neighbor ${peer4} activate`,
  'exit-address-family',
];

describeLab('what FRR tells', () => {
  let lab: TestLab;
  beforeAll(async () => {
    lab = await labForTest();
    for (const name of ['spine1', 'leaf1'] as const) await settle(lab, name, fabric(name));
    await lab.vtysh('leaf1', ...both('10.0.0.0', 'fd00:1::1', 65000, 'fd00:1::2/64'));
    await lab.vtysh(
      'spine1',
      ...both('10.0.0.1', 'fd00:1::2', 65001, 'fd00:1::1/64'),
      'exit',
      'router bgp 65100 vrf RED', // the same address in another VRF
      'neighbor 10.0.0.1 remote-as 65109',
      'neighbor 10.0.0.1 shutdown',
    );
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const converged = async () => {
    const session = await lab.openSession('spine1');
    const counts = async () => {
      const peers = (await session.bgp()).global?.peers ?? {};
      return [
        peers['10.0.0.1']?.address_family.l2vpn_evpn?.accepted_prefixes,
        peers['10.0.0.1']?.address_family.ipv4?.accepted_prefixes,
        peers['fd00:1::2']?.address_family.ipv6?.accepted_prefixes,
      ];
    };
    await expect.poll(counts, { timeout: 30_000, interval: 200 }).toEqual([0, 1, 1]);
    return session;
  };

  it('has every VRF and family, and the same address in two VRFs', async () => {
    await using session = await converged();
    const bgp = await session.bgp();
    expect(bgp.global?.peers['fd00:1::2']).toMatchObject({
      is_up: true,
      description: 'by IPv6',
      flaps: expect.any(Number),
      keepalives_received: expect.any(Number),
      hold_seconds: 3,
    });
    expect(Object.keys(bgp.global?.peers['10.0.0.1']?.address_family ?? {}).sort()).toEqual(['ipv4', 'l2vpn_evpn']);
    expect(bgp.RED?.peers['10.0.0.1']).toMatchObject({
      local_as: 65100,
      remote_as: 65109,
      is_up: false,
      is_enabled: false,
      state: 'Idle (Admin)',
      remote_id: null,
      uptime: null,
      address_family: { ipv4: { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null } },
    });
  });

  it('has the details of each session', async () => {
    await using session = await converged();
    let details = await session.bgpDetail?.();
    const spine = async () => {
      details = await session.bgpDetail?.();
      return details?.global?.['65001']?.find(({ remote_address }) => remote_address === '10.0.0.1');
    };
    // looked at again: a keepalive may be on its way out just now
    await expect.poll(spine, { interval: 100 }).toMatchObject({
      up: true,
      local_as: 65000,
      router_id: '10.255.0.21',
      local_address: '10.0.0.0',
      local_port: expect.any(Number),
      remote_port: expect.any(Number),
      routing_table: 'global',
      multihop: false,
      remove_private_as: false,
      import_policy: 'IN',
      export_policy: 'OUT',
      input_updates: expect.any(Number),
      messages_queued_out: 0,
      connection_state: 'Established',
      suppress_4byte_as: false,
      holdtime: 3,
      configured_holdtime: 3,
      keepalive: 1,
      accepted_prefix_count: 1,
      flap_count: expect.any(Number),
    });
    expect(details?.RED?.['65109']).toMatchObject([
      { up: false, routing_table: 'RED', router_id: null, holdtime: null, accepted_prefix_count: null },
    ]);
  });

  it('has its addresses, IPv6 too', async () => {
    await using session = await lab.openSession('spine1');
    expect(await session.interfacesIp?.()).toMatchObject({
      lo: { ipv4: { '10.255.0.11': { prefix_length: 32 } } },
      eth1: { ipv4: { '10.0.0.0': { prefix_length: 31 } }, ipv6: { 'fd00:1::1': { prefix_length: 64 } } },
    });
  });

  it('is the same from captured answers, JSON or text', async () => {
    await using session = await converged();
    const folder = join(lab.folder, 'captures');
    const capture = async (...commands: string[]) => {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      for (const command of commands)
        writeFileSync(join(folder, `${command.replaceAll(' ', '_')}.txt`), await session.run(command));
    };
    const parse = async (getter: string): Promise<unknown> => {
      let printed = '';
      const context = { out: (text: string) => (printed += text) } as unknown as Context;
      const words = ['--platform', 'frr', '--getter', getter, folder];
      await parseVerb(context).exitOverride().parseAsync(words, { from: 'user' });
      return JSON.parse(printed);
    };
    await capture('show version', 'show interface vrf all json', 'show bgp vrf all neighbors json');
    const addresses = await session.interfacesIp?.();
    expect(await parse('interfaces-ip')).toEqual(addresses);
    expect(await parse('facts')).toMatchObject({ hostname: 'spine1', interface_list: ['eth0', 'eth1', 'eth2', 'lo'] });
    expect(await parse('bgp-detail')).toMatchObject({ RED: { 65109: [{ remote_address: '10.0.0.1' }] } });
    expect(await parse('bgp')).toMatchObject({ global: { peers: { '10.0.0.1': { is_up: true } } } });
    await capture('show interface vrf all');
    expect(await parse('interfaces-ip')).toEqual(addresses);
  });
});
