import { describe, expect, it } from 'vitest';
import { getters } from '../../../runners/getters/registry.ts';

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
    const bgp = getters.huawei_vrp.bgp.parse(inputs({ 'display bgp peer': huawei, 'display bgp vpnv4 all peer': vpn }));
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
    const other = getters.hp_comware.bgp.parse(inputs({ 'display bgp peer ipv4': comware }));
    expect(other.global?.peers['2.2.2.129']).toMatchObject({
      local_as: 4259844944,
      remote_as: 100,
      is_up: true,
      uptime: 10_794_960,
    });
    expect(other.global?.peers['2.2.2.30']).toMatchObject({ state: 'Idle', is_up: false, is_enabled: true });
  });

  it('tell what they are, and null for what was not asked', () => {
    const facts = getters.huawei_vrp.facts.parse(
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
    const comwareFacts = getters.hp_comware.facts.parse(
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

  it('tell their addresses from the short form, or the long one where the short has no masks', () => {
    const short =
      'Interface      IP Address/Mask  Physical  Protocol\nLoopBack0      10.0.0.1/32      up        up(s)\nNULL0          unassigned       up        up(s)\n';
    expect(getters.huawei_vrp['interfaces-ip'].parse(inputs({ 'display ip interface brief': short }))).toEqual({
      LoopBack0: { ipv4: { '10.0.0.1': { prefix_length: 32 } } },
    });
    const old = 'Interface  Physical Protocol IP Address  Description\nVlan1      up       up       10.1.0.1    --\n';
    const long =
      'Vlan-interface1 current state: UP\nInternet Address is 10.1.0.1/24 Primary\nInternet Address is 10.2.0.1/24 Sub\n';
    expect(
      getters.hp_comware['interfaces-ip'].parse(
        inputs({ 'display ip interface brief': old, 'display ip interface': long }),
      ),
    ).toEqual({
      'Vlan-interface1': { ipv4: { '10.1.0.1': { prefix_length: 24 }, '10.2.0.1': { prefix_length: 24 } } },
    });
  });
});
