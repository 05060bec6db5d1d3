import { describe, expect, it } from 'vitest';
import { bgp } from '../../../../runners/drivers/iosxr/getters/cli/bgp.ts';
import { bgpDetail } from '../../../../runners/drivers/iosxr/getters/cli/bgp-detail.ts';
import { facts } from '../../../../runners/drivers/iosxr/getters/cli/facts.ts';
import { gather } from '../../../../runners/getters/getter.ts';

const neighbor = (name: string, state: string) => `BGP neighbor is ${name}
 Remote AS 65001, local AS 65000, external link
 Description: to the core
 Remote router ID 10.255.0.2
  BGP state = ${state}
  NSR State: None
  Last read 00:00:12, Last read before reset 00:00:00
  Hold time is 180, keepalive interval is 60 seconds
  Configured hold time: 180, keepalive: 60, min acceptable hold time: 3
  Received 1234 messages, 0 notifications, 0 in queue
  Sent 1233 messages, 0 notifications, 0 in queue

 For Address Family: IPv4 Unicast
  BGP neighbor version 10
  Policy for incoming advertisements is PASS
  Policy for outgoing advertisements is OUT
  4 accepted prefixes, 4 are bestpaths
  Exact no. of prefixes denied: 2
  Cumulative no. of prefixes denied: 387634.
  Prefix advertised 3, suppressed 0, withdrawn 0

 For Address Family: L2VPN EVPN
  Policy for incoming advertisements is PASS
  Policy for outgoing advertisements is EVPN-OUT
  7 accepted prefixes, 7 are bestpaths
  Cumulative no. of prefixes denied: 4.
  Prefix advertised 9, suppressed 0, withdrawn 0

  Connections established 2; dropped 1
  Local host: 10.0.0.1, Local port: 179, IF Handle: 0x00000000
  Foreign host: 10.0.0.2, Foreign port: 31245
  Last reset 1d02h, due to BGP Notification received: hold time expired
`;

describe('IOS-XR without NETCONF', () => {
  it('tells the sessions of all VRFs and families', () => {
    const answers: Record<string, string> = {
      'show bgp summary': 'BGP router identifier 10.255.0.1, local AS number 65000\n',
      'show bgp vrf all summary':
        'VRF: RED\n---------\nBGP VRF RED, state: Active\nBGP router identifier 10.255.0.9, local AS number 65000\n',
      'show bgp neighbors': neighbor('10.0.0.2', 'Established, up for 1d02h'),
      'show bgp vrf all neighbors': neighbor('2001:DB8::2, vrf RED', 'Idle').replace(
        ' Remote router',
        '  Administratively shut down\n Remote router',
      ),
    };
    const found = bgp.parse({ get: (request) => answers[request] });
    expect(found.global).toMatchObject({
      router_id: '10.255.0.1',
      peers: {
        '10.0.0.2': {
          local_as: 65000,
          remote_as: 65001,
          is_up: true,
          uptime: 93_600,
          hold_seconds: 180,
          flaps: 1,
          last_error: 'BGP Notification received: hold time expired',
          address_family: {
            ipv4: { received_prefixes: 6, accepted_prefixes: 4, sent_prefixes: 3 },
            l2vpn_evpn: { received_prefixes: null, accepted_prefixes: 7, sent_prefixes: 9 },
          },
        },
      },
    });
    expect(found.RED).toMatchObject({
      router_id: '10.255.0.9',
      peers: { '2001:db8::2': { is_up: false, is_enabled: false, uptime: null, state: 'Idle (Admin)' } },
    });
  });

  it('tells the details of sessions, with messages counted by their kind where the router does', () => {
    const counted = neighbor('10.0.0.2', 'Established, up for 1d02h').replace(
      / {2}Received 1234 messages.*\n {2}Sent 1233.*\n/,
      `  Neighbor capabilities:            Adv         Rcvd
    4-byte AS:                      Yes         Yes
  Message stats:
    InQ depth: 0, OutQ depth: 3
                    Last_Sent               Sent  Last_Rcvd               Rcvd
    Open:           Aug  2 11:02:14.763       28  Aug  2 11:02:14.899       28
    Update:         Aug 16 21:10:26.866 12097518  Aug  2 11:02:24.289       65
    Keepalive:      Aug 16 16:00:09.146   146068  Aug 16 21:10:18.152   811702
    Route_Refresh:  ---                        0  ---                        0
    Total:                              12243614                        811798
`,
    );
    const answers: Record<string, string> = {
      'show bgp neighbors detail': counted,
      'show bgp vrf all neighbors detail': neighbor('10.0.0.2, vrf RED', 'Active').replace(/Local host.*\n/, ''),
    };
    const inputs = { get: (request: string) => answers[request] };
    const details = bgpDetail.parse(inputs);
    expect(details.global?.['65001']).toMatchObject([
      {
        up: true,
        remote_address: '10.0.0.2',
        router_id: '10.255.0.2',
        local_address: '10.0.0.1',
        local_port: 179,
        remote_port: 31_245,
        multihop: false,
        import_policy: 'PASS',
        export_policy: 'OUT EVPN-OUT',
        input_messages: 811_798,
        output_messages: 12_243_614,
        input_updates: 65,
        output_updates: 12_097_518,
        messages_queued_out: 3,
        suppress_4byte_as: false,
        holdtime: 180,
        configured_keepalive: 60,
        accepted_prefix_count: 11,
        advertised_prefix_count: 12,
        flap_count: 1,
      },
    ]);
    expect(details.RED?.['65001']).toMatchObject([
      { up: false, routing_table: 'RED', local_address: null, local_port: null, accepted_prefix_count: null },
    ]);
    expect(bgp.parse(inputs).global?.peers['10.0.0.2']).toMatchObject({ keepalives_received: 811_702 });
  });

  it('is asked in the shorter form where it refuses the longer one', async () => {
    const answers: Record<string, string> = { 'show bgp neighbors': neighbor('10.0.0.2', 'Established, up for 1d02h') };
    const asked: string[] = [];
    const details = await gather(bgpDetail, async (requests) => {
      asked.push(...requests);
      return requests.map((request) => answers[request]);
    });
    expect(asked).toEqual([
      'show bgp neighbors detail',
      'show bgp vrf all neighbors detail',
      'show bgp neighbors',
      'show bgp vrf all neighbors',
    ]);
    expect(details.global?.['65001']).toMatchObject([{ input_messages: 1234, input_updates: null, holdtime: 180 }]);
  });

  it('tells its facts from captured commands', () => {
    const answers: Record<string, string> = {
      'show version':
        'Cisco IOS XR Software, Version 6.6.3\n Version      : 6.6.3\n\ncisco NCS-5500 () processor\nSystem uptime is 4 weeks, 6 days, 1 hour, 42 minutes\n',
      'show inventory': 'NAME: "Rack 0", DESCR: "NCS-5501"\nPID: NCS-5501-SE , VID: V01, SN: FOC1234\n',
      'show ipv4 interface brief':
        'Interface                      IP-Address      Status\nMgmtEth0/RP0/CPU0/0            10.0.0.1        Up\n',
      'show running-config hostname': 'hostname edge1\n',
    };
    expect(facts.parse({ get: (request) => answers[request] })).toEqual({
      hostname: 'edge1',
      fqdn: null,
      vendor: 'Cisco',
      model: 'NCS-5501-SE',
      os_version: '6.6.3',
      serial_number: 'FOC1234',
      uptime: 2_943_720,
      interface_list: ['MgmtEth0/RP0/CPU0/0'],
    });
  });
});
