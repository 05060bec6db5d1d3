import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputsFromFolder } from '../../../../runners/getters/folder.ts';
import type { Parser, Results } from '../../../../runners/getters/getter.ts';
import { toNapalm } from '../../../../runners/getters/napalm/shape.ts';
import { folderOfTest } from '../../../folder.ts';
import { parsers } from '../../../parsers.ts';

const inputs = (answers: Record<string, string>) => ({ get: (request: string) => answers[request] });

/** What `--shape napalm` prints of these answers. */
const napalm = (
  platform: 'eos' | 'ios' | 'iosxr_netconf' | 'junos' | 'nxos' | 'nxos_ssh',
  getter: 'facts' | 'bgp' | 'bgp-detail' | 'interfaces-ip',
  answers: Record<string, string>,
) => {
  const given = inputs(answers);
  const parser: Parser = parsers[platform];
  return toNapalm(parser, getter, parser.getters[getter]?.parse(given) as Results[typeof getter], given);
};

const iosPeer = (address: string, state: string, details: string) =>
  `BGP neighbor is ${address},  remote AS 65001, external link
${details}  BGP version 4, remote router ID 10.9.9.9
  BGP state = ${state}

 For address family: IPv4 Unicast
    Prefixes Current:               5          7 (Consumes 560 bytes)
  Local Policy Denied Prefixes:    --------    -------
  Connections established 1; dropped 0
`;

describe('NAPALM’s shape of IOS', () => {
  const summary = `For address family: IPv4 Unicast
BGP router identifier 10.0.0.1, local AS number 1.10

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65001      20      21        9    0    0 1y2w            7
*10.0.0.3       4        65001      20      21        9    0    0 1d02h           3
2001:DB8:0:12::7
                4        65001       0       0        1    0    0 never    Idle (Admin)

For address family: L2VPN E-VPN
BGP router identifier 10.0.0.1, local AS number 1.10

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65001      20      21        9    0    0 1y2w            4
`;
  const bgp = napalm('ios', 'bgp', {
    'show bgp all summary': summary,
    'show bgp ipv4 unicast neighbors':
      iosPeer('10.0.0.2', 'Established, up for 1y2w', ' Description: to "spine"  1\n') +
      iosPeer('2001:DB8:0:12::7', 'Idle', '') +
      iosPeer('*10.0.0.3', 'Established, up for 1d02h', ''),
  });

  it('takes what it knows from the lines that NAPALM recognises, and only its families', () => {
    expect(bgp).toEqual({
      global: {
        router_id: '10.0.0.1',
        peers: {
          '10.0.0.2': {
            local_as: 65546,
            remote_as: 65001,
            remote_id: '10.9.9.9',
            is_up: true,
            is_enabled: true,
            description: 'to "spine"  1',
            uptime: 365 * 86_400 + 2 * 7 * 86_400,
            address_family: { 'ipv4 unicast': { received_prefixes: 7, accepted_prefixes: 7, sent_prefixes: 5 } },
          },
          // no description of its own: that of the session before it
          '2001:db8:0:12::7': {
            local_as: 65546,
            remote_as: 65001,
            remote_id: '10.9.9.9',
            is_up: false,
            is_enabled: false,
            description: 'to "spine"  1',
            uptime: -1,
            address_family: { 'ipv4 unicast': { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 } },
          },
        },
      },
    });
  });

  it('has nothing of a router on which BGP does not run', () => {
    expect(napalm('ios', 'bgp', { 'show bgp all summary': '% BGP not active\n' })).toEqual({});
  });

  it('leaves a tentative link-local address out, which ours tells', () => {
    const answers = {
      'show ip interface': 'Vlan1 is up, line protocol is up\n  Internet address is 10.0.0.1/24\n',
      'show ipv6 interface':
        'Vlan1 is up, line protocol is down\n  IPv6 is tentative, link-local address is FE80::1 [TEN]\n' +
        '    2001:DB8::1, subnet is 2001:DB8::/64 [TEN]\n',
    };
    const both = { ipv4: { '10.0.0.1': { prefix_length: 24 } }, ipv6: { '2001:db8::1': { prefix_length: 64 } } };
    expect(napalm('ios', 'interfaces-ip', answers)).toEqual({ Vlan1: both });
    expect(parsers.ios.getters['interfaces-ip'].parse(inputs(answers)).Vlan1?.ipv6).toHaveProperty('fe80::1');
  });
});

describe('NAPALM’s details of a session on IOS', () => {
  const summary = `For address family: IPv4 Unicast
BGP router identifier 10.0.0.1, local AS number 65000

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65001      20      21        9    0    3 1d02h           7

`;
  const detail = (totals: string) =>
    napalm('ios', 'bgp-detail', {
      'show ip bgp all sum': summary,
      'show ip bgp ipv4 unicast neigh 10.0.0.2': `BGP neighbor is 10.0.0.2,  remote AS 65001, external link
  BGP version 4, remote router ID 10.0.0.2
  BGP state = Established, up for 1d02h
${totals}
 For address family: IPv4 Unicast
  Route map for incoming advertisements is IN
    Prefixes Current:               5          7 (Consumes 560 bytes)
    Used as bestpath:             n/a          6
    Used as multipath:            n/a          2
  Local Policy Denied Prefixes:    --------    -------
    Total:                          0          1
  Connections established 3; dropped 2
  Last reset 8w0d, due to Peer closed the session
Connection state is ESTAB, I/O status: 1, unread input bytes: 0
`,
    });

  it('count its first family when there are totals of messages before it', () => {
    expect(detail('    Total:                  20         30')).toMatchObject({
      global: {
        65001: [
          {
            import_policy: 'IN',
            multipath: true,
            accepted_prefix_count: 7,
            received_prefix_count: 8,
            flap_count: 2,
            last_event: '8w0d, due to Peer closed the session',
          },
        ],
      },
    });
  });

  it('count nothing without, but know its policies', () => {
    expect(detail('')).toMatchObject({
      global: {
        65001: [
          { import_policy: 'IN', multipath: false, accepted_prefix_count: 0, flap_count: 0, messages_queued_out: 3 },
        ],
      },
    });
  });
});

describe('NAPALM’s shape of EOS', () => {
  const block = (state: string, tcp: string) => `BGP neighbor is 10.0.0.2, remote AS 65002, external link
  BGP version 4, remote router ID 0.0.0.0, VRF RED
  BGP state is ${state}
  Message statistics:
    OutQ depth is 3
Local AS is 65001, local router ID 10.0.0.1
${tcp}Auto-Local-Addr is disabled
  Send-Q: 6/32768
`;
  const agents = 'show running-config | include service routing protocols model multi-agent (text)';
  const detail = (text: string, model: string) =>
    napalm('eos', 'bgp-detail', {
      'show ip bgp neighbors vrf all (text)': text,
      [agents]: model,
      'show ip bgp summary vrf all': '{"vrfs":{}}',
    });

  it('reads a session that is down by the model of routing', () => {
    const text = block('Active', 'Local TCP address is 10.0.0.1\n');
    expect(detail(text, '')).toMatchObject({
      RED: { 65002: [{ up: false, connection_state: '', local_address: '', messages_queued_out: 3 }] },
    });
    expect(detail(text, 'service routing protocols model multi-agent\n')).toMatchObject({
      RED: { 65002: [{ up: false, connection_state: 'Active', local_address: '10.0.0.1', messages_queued_out: 6 }] },
    });
  });

  it('has a state that comes with its reason in both', () => {
    const text = block('Idle, Administratively shut down', '');
    expect(detail(text, '')).toMatchObject({ RED: { 65002: [{ up: false, connection_state: 'Idle' }] } });
  });
});

describe('NAPALM’s shape of NX-OS', () => {
  it('knows no name of the version but the older two', () => {
    const answers = {
      'show version': '{"host_name":"n9k","nxos_ver_str":"10.2(5)","kickstart_ver_str":"10.2(4)"}',
      'show inventory': '{"TABLE_inv":{"ROW_inv":{"name":"Chassis"}}}',
      'show hostname': '{"hostname":""}',
    };
    expect(napalm('nxos', 'facts', answers)).toMatchObject({
      os_version: '10.2(4)',
      serial_number: '',
      fqdn: undefined,
    });
    expect(parsers.nxos.getters.facts.parse(inputs(answers)).os_version).toBe('10.2(5)');
  });

  it('has the addresses of an interface that is down', () => {
    const ipv6 = `Vlan10, Interface status: protocol-down/link-down/admin-up, iod: 40
  IPv6 address:
    2001:db8::1/64 [INVALID]
  IPv6 link-local address: fe80::1 (configured) [INVALID]
`;
    const answers = { 'show ip interface vrf all': '', 'show ipv6 interface vrf all': ipv6 };
    expect(napalm('nxos_ssh', 'interfaces-ip', answers)).toEqual({
      Vlan10: { ipv6: { '2001:db8::1': { prefix_length: 64 }, 'fe80::1': { prefix_length: 64 } } },
    });
  });
});

describe('NAPALM’s shape of IOS-XR', () => {
  it('names the family after the transport, and always has the default VRF', () => {
    const reply = `<data><bgp><instances><instance><instance-active><vrfs><vrf><vrf-name>RED</vrf-name><neighbors><neighbor>
      <neighbor-address>2001:db8::2</neighbor-address><connection-remote-address><afi>ipv6</afi></connection-remote-address>
      <af-data><af-name>vpnv6</af-name><prefixes-accepted>2</prefixes-accepted><prefixes-denied>1</prefixes-denied></af-data>
      </neighbor></neighbors></vrf></vrfs></instance-active></instance></instances></bgp></data>`;
    const family = { received_prefixes: 3, accepted_prefixes: 2, sent_prefixes: 0 };
    expect(napalm('iosxr_netconf', 'bgp', { 'ipv4-bgp-oper_bgp': reply })).toMatchObject({
      global: { router_id: '', peers: {} },
      RED: { peers: { '2001:db8::2': { address_family: { ipv6: family } } } },
    });
  });

  it('names a state as the model does, and takes a policy from whichever family has one', () => {
    const reply = `<data><bgp><instances><instance><instance-active><vrfs><vrf><vrf-name>RED</vrf-name><neighbors><neighbor>
      <neighbor-address>10.0.0.2</neighbor-address><remote-as>65002</remote-as><connection-state>bgp-st-opensent</connection-state>
      <af-data><af-name>ipv4</af-name></af-data><af-data><af-name>vpnv4</af-name><route-policy-in>IN</route-policy-in></af-data>
      </neighbor></neighbors></vrf></vrfs></instance-active></instance></instances></bgp></data>`;
    expect(napalm('iosxr_netconf', 'bgp-detail', { 'ipv4-bgp-oper_bgp': reply })).toMatchObject({
      global: {},
      RED: { 65002: [{ connection_state: 'Opensent', import_policy: 'IN', export_policy: '' }] },
    });
  });
});

describe('NAPALM’s shape of Junos', () => {
  it('has the identifier that the first session of an instance tells, or none', () => {
    const peer = (address: string, id: string) =>
      `<bgp-peer><peer-address>${address}</peer-address><peer-as>1</peer-as><local-as>2</local-as>${id}</bgp-peer>`;
    const answers = {
      'get-instance-information': '<i><instance-core><instance-name>master</instance-name></instance-core></i>',
      'get-bgp-neighbor-information master': `<b>${peer('10.0.0.2', '')}${peer('10.0.0.3', '<local-id>10.0.0.1</local-id>')}</b>`,
    };
    expect(napalm('junos', 'bgp', answers)).toMatchObject({ global: { router_id: '' } });
    expect(parsers.junos.getters.bgp.parse(inputs(answers)).global?.router_id).toBe('10.0.0.1');
  });
});

describe('a session of IOS with timers of its own', () => {
  it('tells those in use, not those configured', () => {
    const text = `BGP neighbor is 10.0.0.2,  remote AS 65001, external link
  BGP state = Established, up for 1d02h
  Configured hold time is 30, keepalive interval is 10 seconds
  Last read 00:00:01, last write 00:00:01, hold time is 9, keepalive interval is 3 seconds

 For address family: IPv4 Unicast
`;
    const summary = `BGP router identifier 10.0.0.1, local AS number 65000

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65001      20      21        9    0    0 1d02h           7
`;
    const given = inputs({ 'show bgp all summary': summary, 'show bgp ipv4 unicast neighbors': text });
    expect(parsers.ios.getters.bgp.parse(given).global?.peers['10.0.0.2']).toMatchObject({
      hold_seconds: 9,
      keepalive_seconds: 3,
    });
  });
});

describe('a folder of captures', () => {
  it('has LF line ends, however a terminal saved them', async () => {
    const folder = await folderOfTest('captures');
    writeFileSync(join(folder, 'show_running_config.text'), 'hostname a\r\n!\r\nend\r\n');
    const { running } = parsers.eos.getters.config.parse(inputsFromFolder(parsers.eos, folder));
    expect(running).toBe('hostname a\n!\nend\n');
  });
});
