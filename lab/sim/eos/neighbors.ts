import { interfacesOf } from '../config/interfaces.ts';
import { child, children } from '../config/tree.ts';
import type { Device } from '../device.ts';
import { inNetworks, interfacesWith, portsOf, type Speakers, secondsLeft } from '../neighbors.ts';
import type { Shown } from './show/show.ts';

/** Which interfaces of a switch speak LLDP, OSPF and IS-IS. */
export const eosSpeakers: Speakers = {
  lldp: (root) => (child(root, 'no lldp run') ? undefined : portsOf(root)),
  ospf: (root) =>
    child(root, /^router ospf /)
      ? [...interfacesWith(root, /^ip ospf area /, /^ip ospf passive/), ...inNetworks(root, interfacesOf(root))]
      : undefined,
  isis: (root) => (child(root, /^router isis /) ? interfacesWith(root, /^isis enable /, /^isis passive/) : undefined),
};

const byVrf = (vrfs: Record<string, object>, text: string): Shown => ({ json: { vrfs }, text });

/** `show lldp neighbors`, of all or of one port. */
export const showLldp = (device: Device, port?: string): Shown => {
  const heard = (device.neighbors('lldp') ?? []).filter(
    (one) => port === undefined || one.interface.name.toLowerCase() === port.toLowerCase(),
  );
  return {
    json: {
      tablesLastChangeTime: device.bootedAt / 1000,
      tablesInserts: heard.length,
      tablesDeletes: 0,
      tablesDrops: 0,
      tablesAgeOuts: 0,
      lldpNeighbors: heard.map((one) => ({
        port: one.interface.name,
        neighborDevice: one.system,
        neighborPort: one.port,
        ttl: 120,
      })),
    },
    text: `Last table change time   : 1:00:00 ago\nNumber of table inserts  : ${heard.length}\nNumber of table deletes  : 0\nNumber of table drops    : 0\nNumber of table age-outs : 0\n\nPort          Neighbor Device ID       Neighbor Port ID    TTL\n------------- ------------------------ ------------------- ---\n${heard.map((one) => `${one.interface.name.replace('Ethernet', 'Et').padEnd(13)} ${one.system.padEnd(24)} ${one.port.padEnd(19)} 120\n`).join('')}`,
  };
};

/** `show lldp neighbors [PORT] detail`. */
export const showLldpDetail = (device: Device, port?: string): Shown => {
  const ports = device.interfaces().filter(({ name }) => /^(?:Ethernet|Management)/.test(name));
  const heard = device.neighbors('lldp') ?? [];
  const shown = ports.filter(({ name }) => port === undefined || name.toLowerCase() === port.toLowerCase());
  const of = (name: string) =>
    heard
      .filter((one) => one.interface.name === name)
      .map((one) => ({
        chassisIdType: 'macAddress',
        chassisId: '0c00.00aa.bb99',
        discoveryTime: device.bootedAt / 1000,
        lastChangeTime: device.bootedAt / 1000,
        lastContactTime: device.clock.now() / 1000,
        ttl: 120,
        systemName: one.system,
        systemDescription: 'a neighbour',
        systemCapabilities: { bridge: true, router: true },
        managementAddresses: [],
        neighborInterfaceInfo: {
          interfaceIdType: 'interfaceName',
          interfaceId: `"${one.port}"`,
          interfaceId_v2: one.port,
          interfaceDescription: '',
          unknownTlvs: [],
          unknownOrgTlvs: [],
        },
      }));
  return {
    json: { lldpNeighbors: Object.fromEntries(shown.map(({ name }) => [name, { lldpNeighborInfo: of(name) }])) },
    text: shown
      .map(
        ({ name }) =>
          `Interface ${name} detected ${of(name).length} LLDP neighbors:\n\n${of(name)
            .map(
              (one) =>
                `  Neighbor 0c00.00aa.bb99/"${one.neighborInterfaceInfo.interfaceId_v2}", age 3 seconds\n  - System Name: "${one.systemName}"\n\n`,
            )
            .join('')}`,
      )
      .join(''),
  };
};

/** `show ip ospf neighbor vrf all`. */
export const showOspf = (device: Device): Shown => {
  const heard = device.neighbors('ospf');
  if (!heard) return byVrf({}, '');
  const left = secondsLeft(device.clock.now(), 40);
  const entries = heard.map((one) => ({
    routerId: one.address,
    priority: 0,
    drState: 'DR',
    interfaceName: one.interface.name,
    adjacencyState: 'full',
    inactivity: device.clock.now() / 1000 + left,
    interfaceAddress: one.address,
    options: {},
  }));
  const rows = heard.map(
    (one) =>
      `${one.address.padEnd(15)} 1        default  0   FULL                   00:00:${left}    ${one.address.padEnd(15)} ${one.interface.name}\n`,
  );
  return byVrf(
    { default: { instList: { 1: { ospfNeighborEntries: entries } } } },
    `Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface\n${rows.join('')}`,
  );
};

/** `show isis neighbors vrf all`. */
export const showIsis = (device: Device): Shown => {
  const heard = device.neighbors('isis');
  const [[, [, tag = '']] = [undefined, []] as const] = children(device.running, /^router isis (\S+)/);
  if (!heard) return byVrf({}, '');
  const neighbors = Object.fromEntries(
    heard.map((one) => [
      one.system,
      {
        adjacencies: [
          {
            state: 'up',
            circuitId: '16',
            routerIdV4: one.address,
            interfaceName: one.interface.name,
            lastHelloTime: Math.floor(device.clock.now() / 1000),
            level: 'level-2',
            snpa: 'P2P',
          },
        ],
      },
    ]),
  );
  return byVrf(
    { default: { isisInstances: { [tag]: { neighbors } } } },
    `Instance  VRF      System Id        Type Interface          SNPA              State Hold time   Circuit Id\n${heard.map((one) => `${tag.padEnd(9)} default  ${one.system.padEnd(16)} L2   ${one.interface.name.padEnd(18)} P2P               UP    ${secondsLeft(device.clock.now(), 30)}          16\n`).join('')}`,
  );
};
