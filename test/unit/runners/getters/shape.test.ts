import { describe, expect, it } from 'vitest';
import { filters } from '../../../../runners/drivers/iosxr/getters/filters.ts';
import { rpcOf } from '../../../../runners/drivers/junos/getters/rpc.ts';
import { gather } from '../../../../runners/getters/getter.ts';
import { toAddress, toAs, toSeconds } from '../../../../runners/getters/values.ts';
import { parseXml } from '../../../../runners/xml.ts';
import { parsers } from '../../../parsers.ts';

const inputs = (answers: Record<string, string>) => ({ get: (request: string) => answers[request] });

const junosPeer = (address: string, state: string) =>
  `<bgp-information><bgp-peer><peer-address>${address}+179</peer-address><peer-as>65002</peer-as><local-as>65001</local-as>
   <peer-state>${state}</peer-state><bgp-rib><name>bgp.evpn.0</name><received-prefix-count>4</received-prefix-count>
   <accepted-prefix-count>3</accepted-prefix-count></bgp-rib></bgp-peer></bgp-information>`;

describe('a getter on a live session', () => {
  it('asks for what it finds out that it needs, such as one request for each VRF', async () => {
    const asked: string[][] = [];
    const answers: Record<string, string> = {
      'get-instance-information':
        '<instance-information><instance-core><instance-name>master</instance-name></instance-core><instance-core><instance-name>RED</instance-name></instance-core></instance-information>',
      'get-bgp-neighbor-information RED': junosPeer('10.0.0.2', 'Established'),
    };
    const bgp = await gather(parsers.junos.getters.bgp, async (requests) => {
      asked.push([...requests]);
      return requests.map((request) => answers[request]);
    });
    expect(asked[0]).toEqual(['get-instance-information']);
    expect(asked[1]).toContain('get-bgp-neighbor-information RED');
    expect(bgp.RED?.peers['10.0.0.2']).toMatchObject({ is_up: true, remote_as: 65002 });
  });
});

describe('our shape', () => {
  it('has null for what is not known, and no counters for a session that is down', () => {
    const up = inputs({
      'get-instance-information': '<i><instance-core><instance-name>master</instance-name></instance-core></i>',
      'get-bgp-neighbor-information master': junosPeer('10.0.0.2', 'Established'),
    });
    expect(parsers.junos.getters.bgp.parse(up).global?.peers['10.0.0.2']).toMatchObject({
      uptime: null,
      remote_id: null,
      flaps: null,
      address_family: { l2vpn_evpn: { received_prefixes: 4, accepted_prefixes: 3, sent_prefixes: null } },
    });
    const down = inputs({
      'get-instance-information': '<i><instance-core><instance-name>master</instance-name></instance-core></i>',
      'get-bgp-neighbor-information master': junosPeer('10.0.0.2', 'Active'),
    });
    expect(parsers.junos.getters.bgp.parse(down).global?.peers['10.0.0.2']).toMatchObject({
      is_up: false,
      address_family: {},
    });
  });

  it('counts no route of Junos twice that a VRF imports', () => {
    const rib = (name: string, count: number) =>
      `<bgp-rib><name>${name}</name><received-prefix-count>${count}</received-prefix-count></bgp-rib>`;
    const ribs = [
      rib('inet.0', 5),
      rib('bgp.l3vpn.0', 9),
      rib('bgp.evpn.0', 3),
      rib('RED.inet.0', 4),
      rib('RED.evpn.0', 3),
    ];
    const peer = `<i><bgp-peer><peer-address>10.0.0.2</peer-address><peer-state>Established</peer-state>${ribs.join('')}</bgp-peer></i>`;
    const bgp = parsers.junos.getters.bgp.parse(
      inputs({
        'get-instance-information': '<i><instance-core><instance-name>master</instance-name></instance-core></i>',
        'get-bgp-neighbor-information master': peer,
      }),
    );
    const families = bgp.global?.peers['10.0.0.2']?.address_family ?? {};
    const received = Object.entries(families).map(([name, { received_prefixes }]) => [name, received_prefixes]);
    expect(Object.fromEntries(received)).toEqual({ ipv4: 5, vpnv4: 9, l2vpn_evpn: 3 });
  });

  it('counts keepalives of EOS, and tells the later one of the errors that were sent and received', () => {
    const row = {
      peerAddress: '10.0.0.3',
      asn: '65003',
      state: 'Active',
      prefixesReceived: 0,
      neighborCapabilities: { multiprotocolCaps: { ipv4Unicast: { advertised: true, enabled: false } } },
      sentMessages: 41,
      receivedMessages: 40,
      inMessageStats: { keepalives: 33 },
      lastErrorSentCode: 'Hold Timer Expired',
      lastErrorSentTimeInfo: { time: 400 },
      lastErrorRcvdCode: 'Cease',
      lastErrorRcvdSubcode: 'connection rejected',
      lastErrorRcvdTimeInfo: { time: 21 },
    };
    const answer = JSON.stringify({ vrfs: { default: { peerList: [row] } } });
    const bgp = parsers.eos.getters.bgp.parse(inputs({ 'show ip bgp neighbors vrf all': answer }));
    expect(bgp.global?.peers['10.0.0.3']?.address_family).toEqual({
      ipv4: { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null },
    });
    expect(bgp.global?.peers['10.0.0.3']).toMatchObject({
      messages_received: 40,
      messages_sent: 41,
      keepalives_received: 33,
      last_error: 'Cease: connection rejected',
    });
  });

  it('tells EVPN sessions of EOS, also those that have no other family', () => {
    const row = {
      asn: '65001.1',
      peerState: 'Established',
      prefixReceived: 9,
      prefixAccepted: 8,
      msgReceived: 5,
      msgSent: 6,
    };
    const evpn = { vrfs: { default: { routerId: '1.1.1.1', asn: '65000', peers: { '10.0.0.9': row } } } };
    const bgp = parsers.eos.getters.bgp.parse(inputs({ 'show bgp evpn summary': JSON.stringify(evpn) }));
    expect(bgp.global?.router_id).toBe('1.1.1.1');
    expect(bgp.global?.peers['10.0.0.9']).toMatchObject({
      is_up: true,
      remote_as: 65001 * 65536 + 1,
      local_as: 65000,
      address_family: { l2vpn_evpn: { received_prefixes: 9, accepted_prefixes: 8, sent_prefixes: null } },
    });
  });

  it('keeps the same address in two VRFs of IOS apart', () => {
    const summary = `For address family: VPNv4 Unicast
BGP router identifier 10.0.1.1, local AS number 65000
Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.9.0.1        4        65011     100     101        5    0    0 1w2d           12
10.9.0.1        4        65012     100     101        5    0    0 never    Idle (Admin)
`;
    const neighbor = (
      vrf: string,
      as: number,
      state: string,
    ) => `BGP neighbor is 10.9.0.1,  vrf ${vrf},  remote AS ${as}, external link
  BGP version 4, remote router ID 0.0.0.0
  BGP state = ${state}

 For address family: VPNv4 Unicast
    Prefixes Current:               7         12 (Consumes 181152 bytes)
  Connections established 4; dropped 3
  Last reset 9w0d, due to Active open failed
`;
    const bgp = parsers.ios.getters.bgp.parse(
      inputs({
        'show bgp all summary': summary,
        'show bgp vpnv4 unicast all neighbors':
          neighbor('A', 65011, 'Established, up for 1w2d') + neighbor('B', 65012, 'Idle'),
      }),
    );
    expect(bgp.A?.peers['10.9.0.1']).toMatchObject({
      remote_as: 65011,
      uptime: 9 * 86_400,
      flaps: 3,
      last_error: 'Active open failed',
      address_family: { vpnv4: { received_prefixes: null, accepted_prefixes: 12, sent_prefixes: 7 } },
    });
    expect(bgp.B?.peers['10.9.0.1']).toMatchObject({ remote_as: 65012, is_up: false, is_enabled: false, uptime: null });
  });

  it('takes IOS summary and neighbors for whole where only a dynamic session comes or goes in between', () => {
    const line = ' 4 65002 12 13 7 0 0 00:01:02 3\n';
    const block = (address: string) =>
      `BGP neighbor is ${address},  remote AS 65002, external link\n  BGP state = Established\n For address family: IPv6 Unicast\n`;
    const read = (rows: readonly string[], told: readonly string[]) =>
      parsers.ios.getters.bgp.parse(
        inputs({
          'show bgp all summary': `For address family: IPv6 Unicast\n${rows.map((each) => `${each}\n  ${line}`).join('')}`,
          'show bgp ipv6 unicast neighbors': told.map(block).join(''),
        }),
      );
    const fixed = ['2001:DB8::2', 'FE80::2%GigabitEthernet0/1'];
    const known = ['2001:db8::2', 'fe80::2'];
    expect(Object.keys(read(fixed, fixed).global?.peers ?? {})).toEqual(known);
    expect(Object.keys(read([...fixed, '*2001:DB8::9'], fixed).global?.peers ?? {})).toEqual(known);
    expect(Object.keys(read(fixed, [...fixed, '*2001:DB8::9']).global?.peers ?? {})).toEqual(known);
    expect(() => read(fixed, fixed.slice(0, 1))).toThrow('does not tell of fe80::2 (ipv6 unicast)');
    expect(() => read(fixed.slice(1), fixed)).toThrow('does not list 2001:db8::2 (ipv6 unicast)');
  });

  it('says what was refused when an answer cannot be read', () => {
    expect(() => parsers.eos.getters.facts.parse(inputs({ 'show version': '% Invalid input' }))).toThrow(
      /^show version: the answer is not JSON/,
    );
    expect(() => parsers.iosxr_netconf.getters.bgp.parse(inputs({ 'ipv4-bgp-oper_bgp': '<a>' }))).toThrow(
      /^ipv4-bgp-oper_bgp: .*not XML/,
    );
  });
});

describe('a value that a device writes', () => {
  it.each([
    ['00:01:02', 62],
    ['1d02h', 93_600],
    ['6w3d', 3_888_000],
    ['1y2w', 32_745_600],
    ['0002h36m', 9_360],
    ['2 days, 01:00:00', 176_400],
    ['P19DT1H', 1_645_200],
    ['PT5S', 5],
    ['never', null],
    ['', null],
  ])('time %s is %s seconds', (text, seconds) => expect(toSeconds(text)).toBe(seconds));

  it('is one AS number and one address, however it is written', () => {
    expect([toAs('1.10'), toAs('65546'), toAs(65546), toAs('?')]).toEqual([65546, 65546, 65546, null]);
    expect([toAddress('2001:DB8:0:0::1'), toAddress('FE80::1%eth0'), toAddress('10.0.0.1')]).toEqual([
      '2001:db8::1',
      'fe80::1%eth0',
      '10.0.0.1',
    ]);
  });
});

describe('what a getter asks for over NETCONF', () => {
  it('is well-formed, and names what was captured', () => {
    for (const filter of Object.values(filters)) expect(() => parseXml(`<filter>${filter}</filter>`)).not.toThrow();
    expect(Object.keys(filters)).toEqual(expect.arrayContaining([...parsers.iosxr_netconf.getters.bgp.requests]));
    expect(rpcOf('get-bgp-neighbor-information RED & BLUE')).toBe(
      '<get-bgp-neighbor-information><instance>RED &amp; BLUE</instance></get-bgp-neighbor-information>',
    );
    expect(rpcOf('get_config__database_committed__format_text')).toBe(
      '<get-configuration database="committed" format="text"/>',
    );
    expect(rpcOf('get-instance-information')).toBe('<get-instance-information/>');
  });
});
