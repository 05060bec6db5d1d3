import { describe, expect, it } from 'vitest';
import { bgp } from '../../../runners/getters/iosxr-cli/bgp.ts';

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
  4 accepted prefixes, 4 are bestpaths
  Cumulative no. of prefixes denied: 2.
  Prefix advertised 3, suppressed 0, withdrawn 0

 For Address Family: L2VPN EVPN
  7 accepted prefixes, 7 are bestpaths
  Prefix advertised 9, suppressed 0, withdrawn 0

  Connections established 2; dropped 1
  Local host: 10.0.0.1, Local port: 179, IF Handle: 0x00000000
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
            l2vpn_evpn: { received_prefixes: 7, accepted_prefixes: 7, sent_prefixes: 9 },
          },
        },
      },
    });
    expect(found.RED).toMatchObject({
      router_id: '10.255.0.9',
      peers: { '2001:db8::2': { is_up: false, is_enabled: false, uptime: null, state: 'Idle (Admin)' } },
    });
  });
});
