import { otherMac, resolvedOf } from '../../arp.ts';
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

/** `show mac address-table`: nothing was learned. */
export const showMacs: Shown = {
  json: { multicastTable: { tableEntries: [] }, unicastTable: { tableEntries: [] }, disabledMacLearningVlans: [] },
  text: '          Mac Address Table\n------------------------------------------------------------------\n\nVlan    Mac Address       Type        Ports      Moves   Last Move\n----    -----------       ----        -----      -----   ---------\nTotal Mac Addresses for this criterion: 0\n',
};
