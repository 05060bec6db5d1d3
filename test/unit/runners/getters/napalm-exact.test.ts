import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVerb } from '../../../../cli/verbs/parse.ts';
import { folderOfTest } from '../../../folder.ts';

/** What `plumb parse --shape napalm` prints of files with these contents. */
const napalm = async (platform: string, getter: string, files: Record<string, string>): Promise<unknown> => {
  const folder = await folderOfTest('captures');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  let printed = '';
  const context = { out: (text: string) => (printed += text) };
  const argv = ['--platform', platform, '--getter', getter, '--shape', 'napalm', folder];
  await parseVerb(context as unknown as Parameters<typeof parseVerb>[0]).parseAsync(argv, { from: 'user' });
  return JSON.parse(printed);
};

describe('NAPALM’s shape of NX-OS over SSH', () => {
  it('has addresses as they are printed, and a length only where NAPALM reads it', async () => {
    const ipv6 = `IPv6 Interface Status for VRF "default"
Ethernet2/4, Interface status: protocol-up/link-up/admin-up, iod: 40
  IPv6 address:
    2001:DB8:0:0::A1/24 [VALID]
  IPv6 link-local address: FE80::1 (default) [VALID]
Vlan7, Interface status: protocol-up/link-up/admin-up, iod: 41
  IPv6 address: 2001:db8:0:0::7/120 [VALID]
`;
    const ipv4 = `Vlan7, Interface status: protocol-up/link-up/admin-up, iod: 41,
  IP address: 10.0.0.7, IP subnet: 10.0.0.0/24 route-preference: 0, tag: 0
Vlan8, Interface status: protocol-down/link-down/admin-up, iod: 42,
  IP address: none
`;
    const files = { 'show_ip_interface_vrf_all.txt': ipv4, 'show_ipv6_interface_vrf_all.txt': ipv6 };
    expect(await napalm('nxos_ssh', 'interfaces-ip', files)).toEqual({
      Vlan7: { ipv4: { '10.0.0.7': { prefix_length: 24 } }, ipv6: { '2001:db8:0:0::7/120': { prefix_length: 64 } } },
      Vlan8: { ipv4: {}, ipv6: {} },
      'Ethernet2/4': { ipv6: { '2001:DB8:0:0::A1': { prefix_length: 24 }, 'FE80::1': { prefix_length: 64 } } },
    });
  });

  it('takes a domain that is not set for a domain of that name', async () => {
    const files = {
      'show_hostname.txt': 'leaf1\n',
      'show_hosts.txt': 'DNS lookup enabled\nDefault domain for vrf:default is not set\n',
    };
    expect(await napalm('nxos_ssh', 'facts', files)).toMatchObject({ hostname: 'leaf1', fqdn: 'leaf1.not set' });
  });

  it('takes a session for disabled by one of its words only', async () => {
    const summary = `BGP summary information for VRF default, address family IPv6 Unicast
BGP router identifier 10.0.0.1, local AS number 65001

Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
2001:DB8::0:2   4 65002       0       0        0    0    0     0:00 Shutdown
2001:DB8::0:3   4 65002       0       0        0    0    0     0:00 Shut (Admin)
`;
    expect(await napalm('nxos_ssh', 'bgp', { 'show_bgp_all_summary_vrf_all.txt': summary })).toMatchObject({
      global: { peers: { '2001:DB8::0:2': { is_enabled: true }, '2001:DB8::0:3': { is_enabled: false } } },
    });
  });
});

describe('NAPALM’s shape of Junos', () => {
  it('calls an empty configuration None', async () => {
    const file = 'get_config__database_committed__format_text.xml';
    expect(await napalm('junos', 'config', { [file]: '<configuration-text/>' })).toEqual({
      running: 'None',
      startup: '',
      candidate: '',
    });
  });

  it('has the age alone of a session that came up between the two requests', async () => {
    const row = (address: string, age: string) =>
      `<bgp-peer><peer-address>${address}</peer-address><elapsed-time ${age}>1:00</elapsed-time></bgp-peer>`;
    const files = {
      'get-instance-information.xml':
        '<i><instance-core><instance-name>master</instance-name></instance-core>' +
        '<instance-core><instance-name>RED</instance-name></instance-core></i>',
      'get-bgp-neighbor-informationmaster.xml':
        '<b><bgp-peer><peer-address>10.0.0.2+179</peer-address><peer-as>1</peer-as><local-as>2</local-as></bgp-peer></b>',
      'get-bgp-summary-informationmaster.xml': `<b>${row('10.0.0.2', '')}${row('10.0.0.3', 'seconds="60"')}</b>`,
      'get-bgp-summary-informationRED.xml': `<b>${row('10.0.0.4', 'seconds="60"')}</b>`,
    };
    const bgp = (await napalm('junos', 'bgp', files)) as { global: { peers: unknown } };
    expect(Object.keys(bgp)).toEqual(['global']);
    expect(bgp.global.peers).toMatchObject({ '10.0.0.2': { uptime: null, remote_as: 1 }, '10.0.0.3': { uptime: 60 } });
  });
});

describe('NAPALM’s shape of the XML agent of IOS-XR', () => {
  const answer = (inside: string) =>
    `<?xml version="1.0"?><Response><Get><Operational>${inside}</Operational></Get></Response>\nXML>`;

  it('has the interfaces in the order of their names, each once', async () => {
    const interfaces = ['TenGigE0/0/0/2', 'Bundle-Ether1', 'TenGigE0/0/0/10', 'Bundle-Ether1']
      .map((name) => `<Interface><Naming><InterfaceName>${name}</InterfaceName></Naming></Interface>`)
      .join('');
    const files = {
      '_Get__Operational__Interfaces____Operational___Get_.txt': answer(
        `<Interfaces><InterfaceTable>${interfaces}</InterfaceTable></Interfaces>`,
      ),
    };
    expect(await napalm('iosxr', 'facts', files)).toMatchObject({
      interface_list: ['Bundle-Ether1', 'TenGigE0/0/0/10', 'TenGigE0/0/0/2'],
    });
  });

  it('names the family after the transport, not after the address', async () => {
    const neighbor = `<Neighbor><Naming><NeighborAddress><IPV6Address>2001:db8::2</IPV6Address></NeighborAddress></Naming>
      <ConnectionRemoteAddress><AFI>IPv4</AFI></ConnectionRemoteAddress></Neighbor>`;
    const files = {
      '_Get__Operational__BGP__InstanceActive__DefaultVRF__.txt': answer(
        `<BGP><InstanceTable><Instance><InstanceActive><DefaultVRF><NeighborTable>${neighbor}</NeighborTable></DefaultVRF></InstanceActive></Instance></InstanceTable></BGP>`,
      ),
    };
    expect(await napalm('iosxr', 'bgp', files)).toMatchObject({
      global: { peers: { '2001:db8::2': { address_family: { ipv4: { received_prefixes: 0 } } } } },
    });
  });
});

describe('NAPALM’s shape of a sanitized configuration of EOS', () => {
  it('is what the device masked, as it is, and masks the startup configuration itself', async () => {
    const files = {
      'show_running_config_sanitized.text': 'enable secret 5 $1$as-the-device-has-it\n',
      'show_startup_config.text': 'enable secret 5 $1$S3CRET\n',
    };
    expect(await napalm('eos', 'get_config_sanitized', files)).toEqual({
      running: 'enable secret 5 $1$as-the-device-has-it\n',
      startup: 'enable secret 5 <removed>\n',
      candidate: '',
    });
  });

  it('masks what EOS printed unmasked', async () => {
    const files = { 'show_running_config.text': 'enable secret 5 $1$S3CRET\n' };
    expect(await napalm('eos', 'get_config_sanitized', files)).toMatchObject({
      running: 'enable secret 5 <removed>\n',
    });
  });
});
