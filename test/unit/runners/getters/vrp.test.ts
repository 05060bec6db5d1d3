import { describe, expect, it } from 'vitest';
import { parsers } from '../../../parsers.ts';

const inputs = (answers: Record<string, string>) => ({ get: (request: string) => answers[request] });

const huawei = ` Status codes: * - Dynamic
 BGP local router ID        : 192.168.1.1
 Local AS number            : 635.88
 Total number of peers      : 3
 Peers in established state : 1

  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  192.168.1.11    4      635.66    47622    49953     0  626h43m Established      551
  *192.168.1.12   4       65001        0        0     0 00:01:02 Idle(Admin)        0
  2001:DB8:0:1::12
                  4       65001       12       13     0 0002h36m Established        7
`;

const vpn = ` BGP local router ID : 192.168.1.1
 Local AS number : 100
 Total number of peers : 2

  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  3.3.3.3         4         100       21       20     0 00:15:05 Established        1

  Peer of IPv4-family for vpn instance :

  VPN-Instance vpna, Router ID 10.1.1.9:
  10.1.1.1        4       65410       19       17     0 00:13:45 Established        3
`;

const comware = ` BGP local router ID: 1.2.3.74
 Local AS number: 4259844944
 Total number of peers: 2                 Peers in established state: 1

  * - Dynamically created peer
  Peer                    AS  MsgRcvd  MsgSent OutQ PrefRcv Up/Down  State

  2.2.2.129        100  1058340  1101538    0       1 2998h36m Established
  2.2.2.30         200     1180     1221    0       0 08:30:47 Idle
`;

describe('Huawei VRP and HP Comware', () => {
  it('tell their BGP sessions whatever the order of the columns', () => {
    const bgp = parsers.huawei_vrp.getters.bgp.parse(
      inputs({ 'display bgp peer': huawei, 'display bgp vpnv4 all peer': vpn }),
    );
    expect(bgp.global?.router_id).toBe('192.168.1.1');
    expect(bgp.global?.peers['192.168.1.11']).toMatchObject({
      local_as: 635 * 65536 + 88,
      remote_as: 635 * 65536 + 66,
      is_up: true,
      uptime: 626 * 3600 + 43 * 60,
      address_family: { ipv4: { received_prefixes: 551, accepted_prefixes: null, sent_prefixes: null } },
    });
    expect(bgp.global?.peers['192.168.1.12']).toMatchObject({
      is_enabled: false,
      is_up: false,
      uptime: null,
      dynamic: true,
    });
    expect(bgp.global?.peers['2001:db8:0:1::12']).toMatchObject({ is_up: true, messages_sent: 13 });
    expect(bgp.global?.peers['3.3.3.3']?.address_family.vpnv4).toMatchObject({ received_prefixes: 1 });
    expect(bgp.vpna).toMatchObject({
      router_id: '10.1.1.9',
      peers: { '10.1.1.1': { remote_as: 65410, address_family: { ipv4: { received_prefixes: 3 } } } },
    });
    const other = parsers.hp_comware.getters.bgp.parse(inputs({ 'display bgp peer ipv4': comware }));
    expect(other.global?.peers['2.2.2.129']).toMatchObject({
      local_as: 4259844944,
      remote_as: 100,
      is_up: true,
      uptime: 10_794_960,
    });
    expect(other.global?.peers['2.2.2.30']).toMatchObject({ state: 'Idle', is_up: false, is_enabled: true });
  });

  it('tell no table that ends early: before its head, within the last row, or before a session', () => {
    const read = (text: string) => parsers.hp_comware.getters.bgp.parse(inputs({ 'display bgp peer ipv4': text }));
    const whole = comware.replace('Idle', 'Established').replace('state: 1', 'state: 2');
    for (const end of [whole.indexOf(' Total'), whole.indexOf('  Peer '), whole.indexOf('2.2.2.30'), -5]) {
      expect(() => read(whole.slice(0, end)), String(end)).toThrow('display bgp peer ipv4: the device announces');
    }
    const none = comware.replace(/peers: 2/, 'peers: 0').replace('state: 1', 'state: 0');
    expect(read(none.slice(0, none.indexOf('  2.2.2.129')))).toEqual({});
  });

  it('tell an unnumbered session, which is named by its interface as well', () => {
    const table = huawei.replace('192.168.1.11    4', 'FE80::1(100GE1/0/1)\n                4');
    const bgp = parsers.huawei_vrp.getters.bgp.parse(inputs({ 'display bgp peer': table }));
    expect(bgp.global?.peers['fe80::1']).toMatchObject({ is_up: true, messages_sent: 49_953 });
  });

  it('tell what they are, and null for what was not asked', () => {
    const facts = parsers.huawei_vrp.getters.facts.parse(
      inputs({
        'display version':
          'Huawei Versatile Routing Platform Software\nVRP (R) software, Version 5.170 (AR6280 V300R019C10SPC300)\nHuawei AR6280 Router uptime is 60 weeks, 4 days, 11 hours, 20 minutes\n',
        'display current-configuration | include sysname': ' sysname edge1\n',
      }),
    );
    expect(facts).toMatchObject({
      hostname: 'edge1',
      vendor: 'Huawei',
      model: 'AR6280',
      os_version: '5.170 (AR6280 V300R019C10SPC300)',
      serial_number: null,
      uptime: 36_674_400,
    });
    const comwareFacts = parsers.hp_comware.getters.facts.parse(
      inputs({
        'display version':
          'HPE Comware Software, Version 7.1.045, Release 2432P06\nHPE 5900AF-48XG-4QSFP+ Switch uptime is 3 weeks, 1 day, 6 hours, 18 minutes\n',
      }),
    );
    expect(comwareFacts).toMatchObject({
      vendor: 'HPE',
      model: '5900AF-48XG-4QSFP+',
      os_version: '7.1.045, Release 2432P06',
    });
  });

  it('tell of a session what verbose adds, VPN instances by name, and null for what is not told', () => {
    const verbose = (address: string) => ` BGP Peer is ${address},  remote AS 65002
 Type: EBGP link
 Peer's description: "to the spine"
 BGP version 4, Remote router ID 10.255.0.2
 BGP current state: Established, Up for 26d05h20m49s
 BGP current event: RecvKeepalive
 BGP last state: OpenConfirm
 BGP Peer Up count: 3
 Received total routes: 40
 Received active routes total: 24
 Advertised total routes: 16
 Port: Local - 49801        Remote - 179
 Configured: Connect-retry Time: 32 sec
 Configured: Active Hold Time: 180 sec   Keepalive Time:60 sec
 Received  : Active Hold Time: 90 sec
 Negotiated: Active Hold Time: 90 sec   Keepalive Time:30 sec
 Peer optional capabilities:
  Peer supports bgp 4-byte-as capability
 Received: Total 238538 messages
		 Update messages                713
		 KeepAlive messages             237824
 Sent: Total 272113 messages
		 Update messages                11
		 KeepAlive messages             272100
 Authentication type configured: None
 Import route policy is: FROM_SPINE
 Export route policy is: TO_SPINE
`;
    const table = (address: string) => ` BGP local router ID : 10.255.0.1
 Local AS number : 65001
  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  ${address}        4       65002   238538   272113     0 0629h20m Established       40
`;
    const answers = {
      'display bgp peer': table('10.0.0.2'),
      'display bgp peer verbose': verbose('10.0.0.2'),
      'display bgp vpnv4 all peer': `${table('10.9.9.9')}
  Peer of IPv4-family for vpn instance :

  VPN-Instance red, Router ID 10.255.0.9:
  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv
  10.0.0.2        4       65002       12       13     0 00:01:02 Established        7
`,
      'display bgp vpnv4 all peer verbose': `${verbose('10.9.9.9')}\n IPv4-family for VPN instance:   red\n${verbose('10.0.0.2').replace('to the spine', 'a customer')}`,
    };
    const bgp = parsers.huawei_vrp.getters.bgp.parse(inputs(answers));
    expect(bgp.global?.peers['10.0.0.2']).toMatchObject({
      remote_id: '10.255.0.2',
      description: 'to the spine',
      hold_seconds: 90,
      keepalive_seconds: 30,
      keepalives_received: 237_824,
      flaps: 2,
      last_error: null,
      address_family: { ipv4: { received_prefixes: 40, accepted_prefixes: null, sent_prefixes: 16 } },
    });
    expect(bgp.red?.peers['10.0.0.2']).toMatchObject({ description: 'a customer', address_family: { ipv4: {} } });
    const detail = parsers.huawei_vrp.getters['bgp-detail'].parse(inputs(answers));
    expect(detail.global?.['65002']?.map(({ remote_address }) => remote_address)).toEqual(['10.0.0.2', '10.9.9.9']);
    expect(detail.red?.['65002']?.[0]).toMatchObject({
      up: true,
      local_port: 49_801,
      import_policy: 'FROM_SPINE',
      export_policy: 'TO_SPINE',
      input_messages: 238_538,
      output_messages: 272_113,
      output_updates: 11,
      previous_connection_state: 'OpenConfirm',
      last_event: 'RecvKeepalive',
      configured_holdtime: 180,
      holdtime: 90,
      active_prefix_count: 24,
      advertised_prefix_count: 16,
      flap_count: 2,
      local_address: null,
      multihop: null,
    });
  });

  it('tell the details of a Comware session, whose messages stand in a table', () => {
    const answers = {
      'display ip vpn-instance':
        '  Total VPN-Instances configured : 1\n  VPN-Instance Name               RD                     Create time\n  blue                            22:1                   2013/05/24 10:25:10\n',
      'display bgp peer ipv4': comware,
      'display bgp peer ipv4 verbose': `
        Peer: 2.2.2.129\t Local: 1.2.3.74
        Type: EBGP link
        BGP version 4, remote router ID 11.11.11.11
        BGP current state: Established, Up for 00h07m46s
        BGP current event: KATimerExpired
        BGP last state: OpenConfirm
        Port:  Local - 179      Remote - 23424
        Configured: Active Hold Time: 180 sec   Keepalive Time: 60 sec
        Received  : Active Hold Time: 180 sec
        Negotiated: Active Hold Time: 180 sec   Keepalive Time: 60 sec

 Message statistics:
 Msg type     Last rcvd time/      Current rcvd count/      History rcvd count/
              Last sent time       Current sent count       History sent count
 Open         19:41:18-2025.10.21  1                        1
              19:41:18-2025.10.21  1                        1
 Update       19:41:19-2025.10.21  3                        3
              19:41:19-2025.10.21  4                        4
 Keepalive    19:48:31-2025.10.21  9                        9
              19:48:58-2025.10.21  10                       10
 Total        -                    13                       13
              -                    15                       15

 Maximum allowed prefix number: 4294967295

        Peer: 2.2.2.30\t Local: 1.2.3.74
        BGP current state: Idle
`,
      'display bgp peer ipv4 vpn-instance blue': comware.replace('2.2.2.129', '10.7.7.7 '),
    };
    const detail = parsers.hp_comware.getters['bgp-detail'].parse(inputs(answers));
    expect(detail.global?.['100']?.[0]).toMatchObject({
      up: true,
      remote_as: 100,
      router_id: '11.11.11.11',
      input_messages: 13,
      output_messages: 15,
      input_updates: 3,
      output_updates: 4,
      holdtime: 180,
      received_prefix_count: 1,
      flap_count: null,
    });
    expect(detail.global?.['200']?.[0]).toMatchObject({ up: false, connection_state: 'Idle', local_port: null });
    const bgp = parsers.hp_comware.getters.bgp.parse(inputs(answers));
    expect(bgp.blue?.peers['10.7.7.7']).toMatchObject({ remote_as: 100 });
    expect(bgp.global?.peers['2.2.2.129']).toMatchObject({ keepalives_received: 9, hold_seconds: 180, flaps: null });
  });

  it('tell their IPv6 addresses, but no link-local ones, whose length is not told', () => {
    const six = `GigabitEthernet0/1/0 current state : UP
Line protocol current state : UP
IPv6 is enabled, link-local address is FE80::2E0:FCFF:FE00:1
  Global unicast address(es):
    2001:DB8::1, subnet is 2001:DB8::/64
    2001:DB8:1::1, subnet is 2001:DB8:1::/48 [AUTOCFG]
  Joined group address(es):
    FF02::1
`;
    for (const platform of ['huawei_vrp', 'hp_comware'] as const) {
      expect(parsers[platform].getters['interfaces-ip'].parse(inputs({ 'display ipv6 interface': six }))).toEqual({
        'GigabitEthernet0/1/0': {
          ipv6: { '2001:db8::1': { prefix_length: 64 }, '2001:db8:1::1': { prefix_length: 48 } },
        },
      });
    }
  });

  it('tell their addresses from the short form, or the long one where the short has no masks', () => {
    const short =
      'Interface      IP Address/Mask  Physical  Protocol\nLoopBack0      10.0.0.1/32      up        up(s)\nNULL0          unassigned       up        up(s)\n';
    expect(parsers.huawei_vrp.getters['interfaces-ip'].parse(inputs({ 'display ip interface brief': short }))).toEqual({
      LoopBack0: { ipv4: { '10.0.0.1': { prefix_length: 32 } } },
    });
    const old = 'Interface  Physical Protocol IP Address  Description\nVlan1      up       up       10.1.0.1    --\n';
    const long =
      'Vlan-interface1 current state: UP\nInternet Address is 10.1.0.1/24 Primary\nInternet Address is 10.2.0.1/24 Sub\n';
    expect(
      parsers.hp_comware.getters['interfaces-ip'].parse(
        inputs({ 'display ip interface brief': old, 'display ip interface': long }),
      ),
    ).toEqual({
      'Vlan-interface1': { ipv4: { '10.1.0.1': { prefix_length: 24 }, '10.2.0.1': { prefix_length: 24 } } },
    });
  });
});
