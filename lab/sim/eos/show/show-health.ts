import type { BgpTable } from '../../bgp.ts';
import type { Device } from '../../device.ts';
import type { Shown } from './show.ts';

/** `show interfaces description`. */
export const showDescriptions = (device: Device): Shown => {
  const shown = device.interfaces();
  const status = (enabled: boolean, up: boolean) => (enabled ? (up ? 'up' : 'down') : 'adminDown');
  return {
    json: {
      interfaceDescriptions: Object.fromEntries(
        shown.map(({ name, description, enabled, up }) => [
          name,
          { description, lineProtocolStatus: up ? 'up' : 'down', interfaceStatus: status(enabled, up) },
        ]),
      ),
    },
    text: `Interface                      Status         Protocol           Description\n${shown.map(({ name, description, enabled, up }) => `${name.padEnd(30)} ${(enabled ? 'up' : 'admin down').padEnd(14)} ${(up ? 'up' : 'down').padEnd(18)} ${description}\n`).join('')}`,
  };
};

/** `show ip route vrf all summary`, `show ipv6 route vrf all summary`: what came by BGP, unless a filter keeps it out. */
export const showRouteSummary = (device: Device, bgp: BgpTable, family: 'ipv4' | 'ipv6'): Shown => {
  const peers = bgp.peers();
  const vrfs = Object.fromEntries(
    [...new Set(['default', ...peers.map(({ vrf }) => vrf)])].map((vrf) => {
      const here = peers.filter((peer) => peer.vrf === vrf && peer.families.includes(family));
      const bgpTotal = device.faults.ribFilter ? 0 : here.reduce((sum, { prefixes }) => sum + prefixes, 0);
      const connected = device.interfaces().filter((one) => one.vrf === vrf && one[family].length > 0).length;
      const counts = {
        connected,
        static: 0,
        ospfCounts: { ospfTotal: 0, ospfIntraArea: 0 },
        bgpCounts: { bgpTotal, bgpExternal: bgpTotal, bgpInternal: 0, bgpLocal: 0 },
        isisCounts: { isisTotal: 0, isisLevel1: 0, isisLevel2: 0 },
        rip: 0,
        totalRoutes: connected + bgpTotal,
      };
      return [vrf, counts];
    }),
  );
  return { json: { vrfs }, text: '' };
};
