import { describe, expect, it } from 'vitest';
import { gather } from '../../../../runners/getters/getter.ts';
import { parsers } from '../../../parsers.ts';

const summaryCommand = 'show bgp all summary vrf all';
const neighborsCommand = 'show bgp vrf all all neighbors';
const none = '% Invalid command';

const summaryRow = (address: string, as: string, state: string, received: number) => ({
  neighborid: address,
  neighboras: as,
  msgrecvd: '40',
  msgsent: '41',
  time: '6w3d',
  state,
  prefixreceived: String(received),
});

const vrf = (name: string, neighbors: object[]) => ({
  'vrf-name-out': name,
  'vrf-router-id': '10.255.0.1',
  'vrf-local-as': '65001',
  TABLE_af: {
    ROW_af: {
      'af-id': 1,
      TABLE_saf: { ROW_saf: { safi: 1, 'af-name': 'IPv4 Unicast', TABLE_neighbor: { ROW_neighbor: neighbors } } },
    },
  },
});

const summary = JSON.stringify({
  TABLE_vrf: {
    ROW_vrf: [
      vrf('default', [summaryRow('10.0.0.2', '65002', 'Established', 9), summaryRow('10.0.0.4', '1.4', 'Idle', 0)]),
      vrf('RED', [summaryRow('10.0.0.2', '65009', 'Established', 3)]),
      vrf('BLUE', [summaryRow('10.0.0.2', '65002', 'Idle', 0)]),
    ],
  },
});

/** As the schema of Cisco's command reference has it: no row names its VRF. */
const neighborRow = (address: string, as: string, state: string, more: object = {}) => ({
  neighbor: address,
  remoteas: as,
  link: 'ebgp',
  version: '4',
  'remote-id': state === 'Established' ? '10.255.0.2' : '0.0.0.0',
  state,
  up: String(state === 'Established'),
  elapsedtime: 'PT34M9S',
  'remove-privateas': 'false',
  holdtime: '180',
  keepalivetime: '60',
  msgrecvd: '328',
  msgsent: '38',
  connsestablished: '2',
  connsdropped: '1',
  resettime: 'P1DT2H',
  resetreason: 'holdtimer expired error',
  peerresetreason: 'No error',
  capas4advertised: 'true',
  capas4recvd: 'true',
  updatessent: '290',
  updatesrecvd: '292',
  keepaliverecvd: '33',
  TABLE_peraf: {
    ROW_peraf: {
      'per-afi': '1',
      TABLE_persaf: {
        ROW_persaf: {
          'per-safi': '1',
          'per-af-name': 'IPv4 Unicast',
          pfxrecvd: '7',
          pfxsent: '5',
          TABLE_outpolicy: { ROW_outpolicy: { outpolicytype: 'route-map', outpolicyname: 'OUT' } },
        },
      },
    },
  },
  ...more,
});

const neighbors = JSON.stringify({
  TABLE_neighbor: {
    ROW_neighbor: [
      neighborRow('10.0.0.0/24', '65002', 'Idle'),
      neighborRow('10.0.0.2', '65002', 'Established', {
        description: 'to the spine',
        sourceif: 'loopback0',
        localaddr: '10.0.0.1',
        localport: '20791',
        remoteport: '179',
      }),
      neighborRow('10.0.0.4', '65540', 'Idle', { holdtime: undefined, configholdtime: '30' }),
      neighborRow('10.0.0.2', '65009', 'Established'),
      neighborRow('10.0.0.2', '65002', 'Idle'),
    ],
  },
});

const inputs = (answers: Record<string, string>) => ({ get: (request: string) => answers[request] });

describe('the sessions of NX-OS', () => {
  it('have what the summary leaves out, each in the VRF that the JSON does not name', () => {
    const bgp = parsers.nxos.getters.bgp.parse(inputs({ [summaryCommand]: summary, [neighborsCommand]: neighbors }));
    expect(Object.keys(bgp)).toEqual(['global', 'RED', 'BLUE']);
    expect(bgp.global?.peers['10.0.0.2']).toMatchObject({
      is_up: true,
      remote_id: '10.255.0.2',
      description: 'to the spine',
      uptime: 3_888_000,
      hold_seconds: 180,
      keepalive_seconds: 60,
      keepalives_received: 33,
      flaps: 1,
      last_error: 'holdtimer expired error',
      address_family: { ipv4: { received_prefixes: 9, accepted_prefixes: 7, sent_prefixes: 5 } },
    });
    expect(bgp.RED?.peers['10.0.0.2']).toMatchObject({ remote_as: 65009, is_up: true, description: '' });
    const nothing = { received_prefixes: null, accepted_prefixes: null, sent_prefixes: null };
    expect(bgp.BLUE?.peers['10.0.0.2']).toMatchObject({
      is_up: false,
      remote_id: null,
      address_family: { ipv4: nothing },
    });
    expect(bgp.global?.peers['10.0.0.4']).toMatchObject({ remote_as: 65540, hold_seconds: null, uptime: null });
  });

  it('are told in detail', () => {
    const details = parsers.nxos.getters['bgp-detail'].parse(
      inputs({ [summaryCommand]: summary, [neighborsCommand]: neighbors }),
    );
    expect(details.global?.['65002']).toMatchObject([
      {
        up: true,
        local_as: 65001,
        router_id: '10.255.0.2',
        local_address: '10.0.0.1',
        local_address_configured: true,
        local_port: 20791,
        remote_port: 179,
        remove_private_as: false,
        import_policy: null,
        export_policy: 'OUT',
        input_messages: 328,
        output_updates: 290,
        suppress_4byte_as: false,
        holdtime: 180,
        configured_holdtime: null,
        received_prefix_count: null,
        accepted_prefix_count: 7,
        advertised_prefix_count: 5,
        flap_count: 1,
      },
    ]);
    expect(details.global?.['65540']).toMatchObject([{ up: false, holdtime: null, configured_holdtime: 30 }]);
    expect(details.BLUE?.['65002']).toMatchObject([{ routing_table: 'BLUE', up: false, accepted_prefix_count: null }]);
  });

  const text = `BGP neighbor is 10.1.1.2, remote AS 65501, local AS 65499, ebgp link, Peer index 3
  Description: underlay
  BGP version 4, remote router ID 1.1.1.1
  Neighbor previous state = OpenConfirm
  BGP state = Established, up for 00:06:03
  Neighbor vrf: RED
  Using loopback0 as update source for this peer
  External BGP peer might be up to 2 hops away
  Last read 00:00:01, hold time = 9, keepalive interval is 3 seconds
  Received 19473 messages, 0 notifications, 0 bytes in queue
  Sent 19470 messages, 1 notifications, 0(0) bytes in queue
  Connections established 2, dropped 1
   Last reset by us 00:15:21, due to holdtimer expired error
  Last reset by peer 00:09:00, due to session closed

  4-Byte AS capability: advertised received

  Message statistics:
                              Sent               Rcvd
  Updates:                        12                 10
  Keepalives:                   1939               1938

  For address family: IPv4 Unicast
  BGP table version 18, neighbor version 18
  11 accepted prefixes (11 paths), consuming 3960 bytes of memory
  4 sent prefixes (4 paths)
  Inbound route-map configured is IN, handle obtained

  For address family: L2VPN EVPN
  6 accepted paths consume 48 bytes of memory
  2 sent paths

  Local host: 10.1.1.1, Local port: 179
  Foreign host: 10.1.1.2, Foreign port: 43021
`;
  const summaryText = ['IPv4 Unicast', 'L2VPN EVPN']
    .map(
      (family) => `BGP summary information for VRF RED, address family ${family}
BGP router identifier 10.255.0.1, local AS number 65001

Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.1.1.2        4 65501   19473   19470       18    0    0 00:06:03 11
`,
    )
    .join('\n');

  it('are read from text by SSH where the release prints no JSON', async () => {
    const answers: Record<string, string> = { [summaryCommand]: summaryText, [neighborsCommand]: text };
    const asked: string[] = [];
    const ask = async (requests: readonly string[]) => {
      asked.push(...requests);
      return requests.map((request) => answers[request]);
    };
    const details = await gather(parsers.nxos_ssh.getters['bgp-detail'], ask);
    expect(asked).toEqual([summaryCommand, `${neighborsCommand} | json`, neighborsCommand]);
    expect(details.RED?.['65501']).toMatchObject([
      {
        local_as: 65499,
        previous_connection_state: 'OpenConfirm',
        local_address: '10.1.1.1',
        remote_port: 43021,
        multihop: true,
        import_policy: 'IN',
        input_updates: 10,
        holdtime: 9,
        accepted_prefix_count: 17,
        advertised_prefix_count: 6,
      },
    ]);
    expect((await gather(parsers.nxos_ssh.getters.bgp, ask)).RED?.peers['10.1.1.2']).toMatchObject({
      description: 'underlay',
      last_error: 'session closed',
      keepalives_received: 1938,
      address_family: {
        ipv4: { received_prefixes: 11, accepted_prefixes: 11, sent_prefixes: 4 },
        l2vpn_evpn: { received_prefixes: 11, accepted_prefixes: 6, sent_prefixes: 2 },
      },
    });
  });

  it('are read from JSON by SSH where the release prints it, and from the summary alone where it refuses both', () => {
    const json = { [summaryCommand]: summaryText, [`${neighborsCommand} | json`]: neighbors };
    // the one VRF that there is
    expect(parsers.nxos_ssh.getters.bgp.parse(inputs(json)).RED?.peers['10.0.0.4']).toMatchObject({ flaps: 1 });
    const refused = { [summaryCommand]: summaryText, [`${neighborsCommand} | json`]: none };
    expect(parsers.nxos_ssh.getters.bgp.parse(inputs(refused)).RED?.peers['10.1.1.2']).toMatchObject({
      is_up: true,
      flaps: null,
      address_family: { ipv4: { received_prefixes: 11, accepted_prefixes: null } },
    });
  });
});
