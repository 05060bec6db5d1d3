import { describe, expect, it } from 'vitest';
import { parseFacts } from '../../../runners/drivers/frr/facts.ts';
import { bgp as getter } from '../../../runners/drivers/frr/getters/bgp.ts';

const parseBgp = (summary: string, neighbors: string) =>
  getter.parse({ get: (request) => (request.includes('summary') ? summary : neighbors) });

const session = {
  remoteAs: 65001,
  localAs: 65000,
  nbrDesc: 'leaf1',
  remoteRouterId: '10.255.0.21',
  bgpState: 'Established',
  bgpTimerUpMsec: 15_999,
  bgpTimerHoldTimeMsecs: 9_000,
  bgpTimerKeepAliveIntervalMsecs: 3_000,
  messageStats: { keepalivesRecv: 15, totalSent: 34, totalRecv: 26 },
  addressFamilyInfo: { ipv4Unicast: { acceptedPrefixCounter: 2 } },
  connectionsDropped: 3,
  lastResetDueTo: 'Peer closed the session',
};
const summary = (peers: object, family = 'ipv4Unicast') => ({
  [family]: { routerId: '10.255.0.11', as: 65000, peers },
});
const up = { remoteAs: 65001, state: 'Established', pfxRcd: 5, pfxSnt: 7, msgRcvd: 1, msgSent: 1, peerUptimeMsec: 1 };

describe('BGP as FRR tells it', () => {
  it('puts the address families of a session together, and tells VRFs apart', () => {
    const bgp = parseBgp(
      JSON.stringify({
        default: {
          ...summary({ '10.0.0.1': up }),
          ...summary({ '10.0.0.1': { ...up, pfxRcd: 0 } }, 'l2VpnEvpn'),
          ...summary({ 'fd00::1': up }, 'ipv6Unicast'),
        },
        RED: summary({ '10.0.0.1': { remoteAs: 65009, state: 'Active', pfxRcd: 0, pfxSnt: 0 } }),
      }),
      JSON.stringify({ default: { vrfId: 0, vrfName: 'default', '10.0.0.1': session }, RED: { vrfId: 7 } }),
    );
    expect(Object.keys(bgp)).toEqual(['global', 'RED']);
    expect(bgp.global).toEqual({
      router_id: '10.255.0.11',
      peers: {
        '10.0.0.1': {
          local_as: 65000,
          remote_as: 65001,
          remote_id: '10.255.0.21',
          is_up: true,
          is_enabled: true,
          description: 'leaf1',
          uptime: 15,
          address_family: {
            ipv4: { received_prefixes: 5, accepted_prefixes: 2, sent_prefixes: 7 },
            l2vpn_evpn: { received_prefixes: 0, accepted_prefixes: null, sent_prefixes: 7 },
          },
          state: 'Established',
          dynamic: false,
          messages_received: 26,
          messages_sent: 34,
          keepalives_received: 15,
          hold_seconds: 9,
          keepalive_seconds: 3,
          flaps: 3,
          last_error: 'Peer closed the session',
        },
        'fd00::1': expect.objectContaining({ is_up: true, keepalives_received: null, hold_seconds: null }),
      },
    });
    expect(bgp.RED?.peers['10.0.0.1']).toMatchObject({ state: 'Active', is_up: false, uptime: null, remote_id: null });
    expect(bgp.RED?.peers['10.0.0.1']?.address_family).toEqual({
      ipv4: { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null },
    });
  });

  it('reads the names that older versions gave', () => {
    const { pfxRcd: _, ...older } = up;
    const text = JSON.stringify({ default: summary({ '10.0.0.1': { ...older, prefixReceivedCount: 4 } }) });
    expect(parseBgp(text, '{}').global?.peers['10.0.0.1']?.address_family).toEqual({
      ipv4: { received_prefixes: 4, accepted_prefixes: null, sent_prefixes: 7 },
    });
  });

  it('tells a session that is shut down, one without a family, and one accepted from a range', () => {
    const shut = { ...up, state: 'Idle (Admin)', peerState: 'Admin' };
    const bgp = parseBgp(
      JSON.stringify({ default: summary({ '10.0.0.1': shut }) }),
      JSON.stringify({
        default: {
          '10.0.0.1': { ...session, bgpState: 'Idle', adminShutDown: true },
          '10.0.0.9': { remoteAs: 0, localAs: 65000, bgpState: 'Idle', dynamicPeer: true },
        },
      }),
    );
    expect(bgp.global?.peers['10.0.0.1']).toMatchObject({ is_enabled: false, is_up: false, state: 'Idle (Admin)' });
    expect(bgp.global?.peers['10.0.0.9']).toMatchObject({ remote_as: null, dynamic: true, address_family: {} });
  });

  it('is empty where BGP does not run, whatever warnings come first', () => {
    expect(parseBgp('{}', '{}')).toEqual({});
    expect(parseBgp('% No BGP process\n', '')).toEqual({});
    const warned = `Warning: connecting to ospfd...failed!\n${JSON.stringify({ default: summary({}) })}`;
    expect(parseBgp(warned, '{}')).toEqual({ global: { router_id: '10.255.0.11', peers: {} } });
    expect(() => parseBgp('{ cut off', '{}')).toThrowError(expect.objectContaining({ code: 'parse_failed' }));
  });
});

describe('the facts of a router', () => {
  it('are what Linux and FRR say, and unknown where they do not', () => {
    const text =
      'uptime=3290.55\nfqdn=leaf1.example.net\nsys_vendor=\nproduct_name=\nproduct_serial=Not Specified\ninterface=eth10\ninterface=eth2\ninterface=lo\nversion=FRRouting 8.4.4 (leaf1) on Linux(6.1.0).\n';
    expect(parseFacts(text)).toEqual({
      hostname: 'leaf1',
      fqdn: 'leaf1.example.net',
      vendor: 'FRRouting',
      model: null,
      os_version: '8.4.4',
      serial_number: null,
      uptime: 3290,
      interface_list: ['eth2', 'eth10', 'lo'],
    });
    expect(parseFacts('')).toMatchObject({ hostname: null, os_version: null, uptime: null, interface_list: [] });
  });
});
