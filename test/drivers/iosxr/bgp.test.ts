import { describe, expect, it } from 'vitest';
import { bgp as getter } from '../../../runners/drivers/iosxr/getters/cli/bgp.ts';

const neighbor = (head: string, state: string) => `${head}
 Remote AS 65002, local AS 1.10, external link
 Description: to two
 Remote router ID 10.0.0.2
  BGP state = ${state}
  Hold time is 180, keepalive interval is 60 seconds
  Received 49 messages, 0 notifications, 0 in queue
  Sent 52 messages, 1 notifications, 0 in queue

 For Address Family: IPv4 Unicast
  5 accepted prefixes, 5 are bestpaths
  Cumulative no. of prefixes denied: 2.
  Prefix advertised 4, suppressed 0, withdrawn 0

  Connections established 2; dropped 1
  Last reset 00:01:00, due to BGP Notification sent: hold time expired
`;

const printed: Record<string, string> = {
  'show bgp neighbors': neighbor('BGP neighbor is 10.0.0.2', 'Established, up for 1d02h'),
  'show bgp vrf all neighbors': neighbor(
    'BGP neighbor is 2001:DB8::2, vrf RED',
    'Idle (No route to multi-hop neighbor)',
  ),
  'show bgp summary': 'BGP router identifier 10.0.0.1, local AS number 1.10\n',
};

describe('the sessions that IOS-XR prints', () => {
  it('are told with their VRF, counters and last error', () => {
    const bgp = getter.parse({ get: (request) => printed[request] });
    expect(bgp.global?.router_id).toBe('10.0.0.1');
    expect(bgp.global?.peers['10.0.0.2']).toMatchObject({
      is_up: true,
      local_as: 65546,
      uptime: 93_600,
      flaps: 1,
      hold_seconds: 180,
      messages_received: 49,
      last_error: 'BGP Notification sent: hold time expired',
      // how many are denied now is not told, only how many ever were
      address_family: { ipv4: { received_prefixes: null, accepted_prefixes: 5, sent_prefixes: 4 } },
    });
    expect(bgp.RED?.peers['2001:db8::2']).toMatchObject({ is_up: false, uptime: null });
  });
});
