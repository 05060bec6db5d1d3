import { answers, otherMac, resolvedOf } from '../../arp.ts';
import type { BgpTable } from '../../bgp.ts';
import { networkOf } from '../../config/interfaces.ts';
import { child, children, type Node, value } from '../../config/tree.ts';
import type { Device } from '../../device.ts';
import type { Shown } from './show.ts';

/** `aabb.ccdd.eeff`. */
const dotted = (mac: string) => mac.replaceAll(':', '').replace(/(.{4})(?=.)/g, '$1.');

/** `show vrf`. */
export const showVrfs = (device: Device): Shown => {
  const names = [
    'default',
    ...children(device.running, /^vrf (?:instance|definition) (\S+)$/).map(([, [, name = '']]) => name),
  ];
  const bgp = child(device.running, /^router bgp /);
  const rows = names.map((name) => ({
    name,
    routeDistinguisher: value(child(bgp, `vrf ${name}`), 'rd') ?? '',
    interfaces: device
      .interfaces()
      .filter(({ vrf }) => vrf === name)
      .map((one) => one.name),
  }));
  const json = rows.map(({ name, ...rest }) => [name, { ...rest, protocols: {}, vrfState: 'up' }]);
  return {
    json: { vrfs: Object.fromEntries(json) },
    text: `Maximum number of VRFs allowed: 1023\n   VRF           Protocols       State         Interfaces\n------------- --------------- ------------- ---------------\n${rows.map(({ name, interfaces }) => `   ${name.padEnd(13)} ipv4            routing       ${interfaces.join(', ')}\n`).join('')}`,
  };
};

/** `show arp`, `show arp vrf all`. */
export const showArp = (device: Device, bgp: BgpTable, vrfs: 'default' | 'all'): Shown => {
  const known = resolvedOf(device, bgp, 'ipv4').filter(({ interface: { vrf } }) => vrfs === 'all' || vrf === 'default');
  const names = [...new Set(['default', ...known.map((one) => one.interface.vrf)])];
  const entry = (vrf: string) =>
    known
      .filter((one) => one.interface.vrf === vrf)
      .map((one) => ({
        hwAddress: dotted(otherMac),
        address: one.address,
        interface: one.interface.name,
        age: 60,
      }));
  const tables = names.map((vrf) => [
    vrf,
    {
      dynamicEntries: entry(vrf).length,
      ipV4Neighbors: entry(vrf),
      notLearnedEntries: 0,
      staticEntries: 0,
      totalEntries: entry(vrf).length,
    },
  ]);
  return {
    json: { vrfs: Object.fromEntries(tables) },
    text: `Address         Age (sec)  Hardware Addr   Interface\n${known.map((one) => `${one.address.padEnd(15)}   0:01:00  ${dotted(one.mac)}  ${one.interface.name}\n`).join('')}`,
  };
};

/** `show ip route vrf VRF PREFIX [PROTOCOL] [detail]`: routes to what is connected. */
export const showRoute = (device: Device, vrf: string, words: readonly string[]): Shown => {
  const [prefix = ''] = words.filter((word) => /\d/.test(word));
  const protocol = words.find((word) => /^[a-z]/.test(word) && !/^(?:detail|longer-prefixes)$/.test(word));
  const found = device
    .interfaces()
    .filter((one) => one.up && one.vrf === vrf && one.ipv4.some((subnet) => networkOf(subnet) === prefix));
  const routes = protocol === undefined || protocol === 'connected' ? found : [];
  const row = (via: string) => ({
    kernelProgrammed: true,
    directlyConnected: true,
    routeAction: 'forward',
    routeLeaked: false,
    vias: [{ interface: via }],
    hardwareProgrammed: true,
    routeType: 'connected',
  });
  return {
    json: {
      vrfs: {
        [vrf]: {
          routes: Object.fromEntries(routes.map(({ name }) => [prefix, row(name)])),
          allRoutesProgrammedKernel: true,
          routingDisabled: false,
          allRoutesProgrammedHardware: true,
          defaultRouteState: 'notSet',
        },
      },
    },
    text: `\nVRF: ${vrf}\n${routes.map(({ name }) => ` C        ${prefix} is directly connected, ${name}\n`).join('')}\n`,
  };
};

/** `show vlan`: the ports that are switched, and the VLANs that the configuration makes. */
export const showVlans = (device: Device): Shown => {
  const made = children(device.running, /^vlan ([\d,-]+)$/).flatMap(([node, [, ids = '']]) =>
    ids.split(',').map((id) => [id, node] as const),
  );
  const ports = children(device.running, /^interface (Ethernet\S+)$/).filter(([node]) => !child(node, 'no switchport'));
  const inside = (id: string) =>
    ports.filter(([node]) => (value(node, 'switchport access vlan') ?? '1') === id).map(([, [, name = '']]) => name);
  const row = (id: string, node: Node | undefined) => ({
    name: value(node, 'name') ?? (id === '1' ? 'default' : `VLAN${id.padStart(4, '0')}`),
    dynamic: false,
    status: 'active',
    interfaces: Object.fromEntries(inside(id).map((name) => [name, { privatePromoted: false }])),
  });
  const rows = [['1', undefined] as const, ...made].map(([id, node]) => [id, row(id, node)] as const);
  return {
    json: { sourceDetail: '', vlans: Object.fromEntries(rows) },
    text: `VLAN  Name                             Status    Ports\n----- -------------------------------- --------- -------------------------------\n${rows
      .map(
        ([id, one]) =>
          `${id.padEnd(5)} ${one.name.padEnd(32)} active    ${inside(id)
            .map((name) => name.replace('Ethernet', 'Et'))
            .join(', ')}\n`,
      )
      .join('')}`,
  };
};

/** `show users accounts`. */
export const showAccounts = (device: Device): Shown => {
  const users = children(
    device.running,
    /^username (\S+)(?: privilege (\d+))?(?: role (\S+))?(?: secret \S+ (\S+))?/,
  ).map(
    ([, [, username = '', level = '1', role = '', secret = '']]) =>
      [username, { username, privLevel: Number(level), role, secret, sshAuthorizedKey: '' }] as const,
  );
  return {
    json: { users: Object.fromEntries(users) },
    text: users
      .map(([name, one]) => `user: ${name}\n       role: ${one.role}\n       privilege level: ${one.privLevel}\n`)
      .join(''),
  };
};

const snmp =
  (key: string, line: (root: Node) => string | undefined) =>
  (device: Device): Shown => {
    const told = line(device.running);
    return { json: told === undefined ? {} : { [key]: told }, text: told === undefined ? '' : `${key}: ${told}\n` };
  };

/** `show snmp v2-mib …`. */
export const showSnmp = {
  chassis: snmp('chassisId', (root) => value(root, 'snmp-server chassis-id')),
  location: snmp('location', (root) => value(root, 'snmp-server location')),
  contact: snmp('contact', (root) => value(root, 'snmp-server contact')),
};

/** `show system environment …`, of a switch with one fan and one supply. */
export const showEnvironment = {
  cooling: {
    json: { systemStatus: 'coolingOk', fanTraySlots: [{ label: '1', status: 'ok', fans: [] }], powerSupplySlots: [] },
    text: 'System cooling status is: Ok\n',
  },
  temperature: {
    json: {
      systemStatus: 'temperatureOk',
      cardSlots: [],
      powerSupplySlots: [],
      tempSensors: [
        {
          name: 'TempSensor1',
          description: 'Cpu temp sensor',
          currentTemperature: 40,
          overheatThreshold: 95,
          criticalThreshold: 100,
          hwStatus: 'ok',
          alertCount: 0,
        },
      ],
    },
    text: 'System temperature status is: Ok\n',
  },
  power: {
    json: { powerSupplies: { 1: { modelName: 'PWR-500AC-F', state: 'ok', capacity: 500, outputPower: 58.25 } } },
    text: 'Power supply 1: Ok\n',
  },
} satisfies Record<string, Shown>;

/** `show processes top once`. */
export const showTop: Shown = {
  text: `top - 06:00:00 up 1 day,  0 users,  load average: 0.10, 0.10, 0.10
Tasks: 200 total,   1 running, 199 sleeping,   0 stopped,   0 zombie
%Cpu(s):  4.2 us,  0.9 sy,  0.0 ni, 94.6 id,  0.0 wa,  0.1 hi,  0.2 si,  0.0 st
KiB Mem:   4002360 total,  1411772 used,  2590588 free,   102040 buffers
KiB Swap:        0 total,        0 used,        0 free.  1100232 cached Mem

  PID USER      PR  NI    VIRT    RES    SHR S %CPU %MEM     TIME+ COMMAND
`,
};

/** `show mac address-table`: nothing was learned. */
export const showMacs: Shown = {
  json: { multicastTable: { tableEntries: [] }, unicastTable: { tableEntries: [] }, disabledMacLearningVlans: [] },
  text: '          Mac Address Table\n------------------------------------------------------------------\n\nVlan    Mac Address       Type        Ports      Moves   Last Move\n----    -----------       ----        -----      -----   ---------\nTotal Mac Addresses for this criterion: 0\n',
};

/** `show ntp associations`: the servers of the configuration, none of them reached. */
export const showNtp = (device: Device): Shown => {
  const servers = children(device.running, /^ntp server (?:vrf \S+ )?([\d.:a-f]+)/).map(([, [, name = '']]) => name);
  if (servers.length === 0) return { text: 'NTP is disabled.\n' };
  return {
    text: `     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n${servers.map((name) => ` ${name.padEnd(15)} .INIT.          16 u    -   64    0    0.000    0.000   0.000\n`).join('')}`,
  };
};

/** `ping HOST …`. */
export const pingText = (device: Device, words: string): string => {
  const heard = answers(device, words);
  const [host = ''] = words.split(/\s+/);
  const count = Number(/ repeat (\d+)/.exec(words)?.[1] ?? 5);
  const size = Number(/ size (\d+)/.exec(words)?.[1] ?? 100);
  const rows = Array.from(
    { length: heard ? count : 0 },
    (_, at) => `${size - 20} bytes from ${host}: icmp_seq=${at + 1} ttl=64 time=1.00 ms\n`,
  );
  return `PING ${host} (${host}) ${size - 28}(${size}) bytes of data.\n${rows.join('')}\n--- ${host} ping statistics ---\n${count} packets transmitted, ${heard ? `${count} received, 0% packet loss, time 40ms\nrtt min/avg/max/mdev = 1.000/1.000/1.000/0.000 ms, ipg/ewma 1.000/1.000 ms` : '0 received, 100% packet loss, time 40ms'}\n`;
};

/** `traceroute HOST`, in `bash` too: one hop. */
export const traceText = (host: string): string =>
  `traceroute to ${host} (${host}), 30 hops max, 60 byte packets\n 1  ${host} (${host})  1.000 ms  1.000 ms  1.000 ms\n`;
