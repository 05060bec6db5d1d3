import { answers, resolvedOf } from '../../arp.ts';
import type { BgpTable } from '../../bgp.ts';
import type { CiscoAction } from '../../cisco/cisco.ts';
import { networkOf } from '../../config/interfaces.ts';
import { child, children, value } from '../../config/tree.ts';
import type { Device } from '../../device.ts';

/** `aabb.ccdd.eeff`. */
const dotted = (mac: string) => mac.replaceAll(':', '').replace(/(.{4})(?=.)/g, '$1.');

export const vrfNames = (device: Device) => [
  'default',
  ...children(device.running, /^vrf context (\S+)$/).map(([, [, name = '']]) => name),
];

const ntpServers = (device: Device) =>
  children(device.running, /^ntp (?:server|peer) (\S+)/).map(([, [, name = '']]) => name);

const arp =
  (bgp: BgpTable): CiscoAction =>
  ({ device }, [wanted = 'default']) => {
    if (wanted !== 'all' && !vrfNames(device).includes(wanted)) return `% Invalid VRF name ${wanted}\n`;
    const rows = resolvedOf(device, bgp, 'ipv4').filter((one) => wanted === 'all' || one.interface.vrf === wanted);
    return `Flags: * - Adjacencies learnt on non-active FHRP router\n       + - Adjacencies synced via CFSoE\n       # - Adjacencies Throttled for Glean\n       CP - Added via L2RIB, Control plane Adjacencies\n       PS - Added via L2RIB, Peer Sync\n       RO - Re-Originated Peer Sync Entry\n\nIP ARP Table for all contexts\nTotal number of entries: ${rows.length}\nAddress         Age       MAC Address     Interface       Flags\n${rows.map((one) => `${one.address.padEnd(15)} 00:01:00  ${dotted(one.mac)}  ${one.interface.name.padEnd(15)} \n`).join('')}`;
  };

const routes: CiscoAction = ({ device }, [wanted = 'default', prefix = '']) =>
  (wanted === 'all' ? vrfNames(device) : [wanted])
    .map((vrf) => {
      const found = device
        .interfaces()
        .find((one) => one.up && one.vrf === vrf && one.ipv4.some((subnet) => networkOf(subnet) === prefix));
      const body = found
        ? `${prefix}, ubest/mbest: 1/0, attached\n    *via ${found.ipv4[0]?.split('/')[0]}, ${found.name.replace('Ethernet', 'Eth')}, [0/0], 01:00:00, direct\n`
        : 'Route not found\n';
      return `IP Route Table for VRF "${vrf}"\n'*' denotes best ucast next-hop\n'**' denotes best mcast next-hop\n'[x/y]' denotes [preference/metric]\n'%<string>' in via output denotes VRF <string>\n\n${body}`;
    })
    .join('\n');

export const vlansOf = (device: Device) => {
  const ids = children(device.running, /^vlan ([\d,-]+)$/).flatMap(([node, [, list = '']]) =>
    list.split(',').map((id) => ({ id, name: value(node, 'name') })),
  );
  const named = new Map<string, string | undefined>([['1', 'default']]);
  for (const { id, name } of ids) named.set(id, name ?? named.get(id));
  const ports = children(device.running, /^interface (Ethernet\S+)$/).filter(([node]) => !child(node, 'no switchport'));
  return [...named].map(([id, name]) => ({
    id,
    name: name ?? `VLAN${id.padStart(4, '0')}`,
    ports: ports
      .filter(([node]) => (value(node, 'switchport access vlan') ?? '1') === id)
      .map(([, [, port = '']]) => port),
  }));
};

const resources =
  'Load average:   1 minute: 0.10   5 minutes: 0.10   15 minutes: 0.10\nProcesses:   500 total, 1 running\nCPU states  :   2.00% user,   1.00% kernel,   97.00% idle\n        CPU0 states  :   2.00% user,   1.00% kernel,   97.00% idle\nMemory usage:   8035500K total,   4798280K used,   3237220K free\nCurrent memory status: OK\n';

const temperature =
  'Temperature:\n--------------------------------------------------------------------\nModule   Sensor        MajorThresh   MinorThres   CurTemp     Status\n                       (Celsius)     (Celsius)    (Celsius)\n--------------------------------------------------------------------\n1        CPU             90              80          40         Ok\n';

const answer = (line: string, count: number, host: string, heard: boolean): string => {
  const rows = Array.from({ length: count }, (_, at) =>
    heard ? `64 bytes from ${host}: icmp_seq=${at} ttl=254 time=1.00 ms\n` : `Request ${at} timed out\n`,
  );
  return `PING ${host} (${host}): ${/ packet-size (\d+)/.exec(line)?.[1] ?? 56} data bytes\n${rows.join('')}\n--- ${host} ping statistics ---\n${count} packets transmitted, ${heard ? `${count} packets received, 0.00% packet loss\nround-trip min/avg/max = 1.000/1.000/1.000 ms` : '0 packets received, 100.00% packet loss'}\n`;
};

/** `ping HOST …`. */
export const ping: CiscoAction = ({ device }, [line = '']) =>
  answer(line, Number(/ count (\d+)/.exec(line)?.[1] ?? 5), line.split(' ')[0] ?? '', answers(device, line));

/** `traceroute HOST …`: one hop. */
export const traceroute: CiscoAction = (_, [line = '']) => {
  const [host = ''] = line.split(' ');
  return `traceroute to ${host} (${host}), 30 hops max, 48 byte packets\n 1  ${host} (${host})  1.000 ms  1.000 ms  1.000 ms\n`;
};

/** What else clients ask of NX-OS: hardware, ARP, VRFs, VLANs, routes to what is connected. */
export const moreCommands = (bgp: BgpTable): [string, CiscoAction][] => [
  ['show ip arp [vrf <vrf>]', arp(bgp)],
  ['show ip route vrf <vrf> <prefix>', routes],
  ['show system resources', () => resources],
  ['show processes cpu', () => 'CPU utilization for five seconds: 3%/1%; one minute: 3%; five minutes: 3%\n'],
  ['show environment temperature', () => temperature],
  ['show environment fan', () => 'Fan:\nFan1(sys_fan1)  N9K-9000v  --  front-to-back  Ok\n'],
  ['show environment power', () => 'Power Supply:\n1  N9K-PAC-650W  Ok\n'],
  [
    'show module',
    () =>
      'Mod Ports             Module-Type                      Model           Status\n1    64   Nexus 9000v Ethernet Module         N9K-9000v             active *\n',
  ],
  ['show license host-id', () => 'License hostid: VDH=9SIMULATED1\n'],
  [
    'show mac address-table',
    () =>
      'Legend: \n        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC\n   VLAN     MAC Address      Type      age     Secure NTFY Ports\n---------+-----------------+--------+---------+------+----+------------------\n',
  ],
  [
    'show ntp peers',
    ({ device }) =>
      `--------------------------------------------------\n  Peer IP Address               Serv/Peer          \n--------------------------------------------------\n${ntpServers(
        device,
      )
        .map((name) => `  ${name.padEnd(29)} Server (configured) \n`)
        .join('')}`,
  ],
  [
    'show vrf',
    ({ device }) =>
      `VRF-Name                           VRF-ID State   Reason                        \n${vrfNames(device)
        .map((name, at) => `${name.padEnd(34)} ${String(at + 1).padStart(6)} Up      --                            \n`)
        .join('')}`,
  ],
  [
    'show vrf detail',
    ({ device }) =>
      vrfNames(device)
        .map((name, at) => `VRF-Name: ${name}, VRF-ID: ${at + 1}, State: Up\n`)
        .join(''),
  ],
  [
    'show vrf interface',
    ({ device }) =>
      `Interface                 VRF-Name                        VRF-ID  Site-of-Origin\n${device
        .interfaces()
        .map(({ name, vrf }) => `${name.padEnd(25)} ${vrf.padEnd(32)} ${vrfNames(device).indexOf(vrf) + 1}  --\n`)
        .join('')}`,
  ],
  [
    'show vlan brief',
    ({ device }) =>
      `VLAN Name                             Status    Ports\n---- -------------------------------- --------- -------------------------------\n${vlansOf(
        device,
      )
        .map(
          ({ id, name, ports }) =>
            `${id.padEnd(4)} ${name.padEnd(32)} active    ${ports.map((port) => port.replace('Ethernet', 'Eth')).join(', ')}\n`,
        )
        .join('')}`,
  ],
  [
    'show interface counters detailed',
    ({ device }) =>
      device
        .interfaces()
        .map(({ name }) => `${name}\n  64 bit counters:\n`)
        .join(''),
  ],
  [
    'show interface transceiver details',
    ({ device }) =>
      device
        .interfaces()
        .filter(({ name }) => /^Ethernet/.test(name))
        .map(({ name }) => `${name}\n    transceiver is not present\n\n`)
        .join(''),
  ],
  ['show cdp neighbors detail', () => 'Note: CDP Neighbor entry not found\n'],
];
