import { byName } from '../../../../core/by-name.ts';
import type { HealthGetters } from '../../../driver.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { addAtPort, adjacency, namesOf } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';

const routes = { ipv4: 'show ip route vrf all summary', ipv6: 'show ipv6 route vrf all summary' };
const interfaces = 'show interfaces description';
const ospf = 'show ip ospf neighbor vrf all';
const isis = 'show isis neighbors vrf all';
const vteps = 'show vxlan vtep';
const lldp = 'show lldp neighbors';
const clock = 'show clock';

/** Totals only: what stands beside them in the same object is counted in them. */
const totals: Readonly<Record<string, readonly string[]>> = {
  bgp: ['bgpCounts', 'bgpTotal'],
  ospf: ['ospfCounts', 'ospfTotal'],
  ospfv3: ['ospfv3Counts', 'ospfv3Total'],
  isis: ['isisCounts', 'isisTotal'],
  rip: ['rip'],
};

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A protocol that the switch does not run is refused, or answered with nothing. */
const instances = (inputs: Inputs, request: string, key: string): unknown[] =>
  entriesAt(jsonOf(inputs, request), 'vrfs').flatMap(([, vrf]) => entriesAt(vrf, key).map(([, instance]) => instance));

/** The counts of each VRF and family. @returns null where the switch tells none */
const tables = (inputs: Inputs): { table: string; counts: unknown }[] | null => {
  const found = Object.entries(routes).flatMap(([family, request]) =>
    entriesAt(jsonOf(inputs, request), 'vrfs').map(([vrf, counts]) => ({
      table: `${vrf === 'default' ? 'global' : vrf} ${family}`,
      counts,
    })),
  );
  return found.length === 0 ? null : found;
};

/** What the switch's own interfaces, hosts and statements make of the total. */
const own = ['connected', 'static', 'staticNonPersistent', 'staticNexthopGroup', 'internal', 'attached', 'aggregate'];

/**
 * What a switch tells in JSON. `show ip route` is of the FIB: all of it that is not the switch's own is what is installed.
 * Tables of the chips are told for each chip and not for each VRF. Sources: EOS User Manual, "Displaying the FIB and Routing
 * Table"; ARISTA-FIB-STATS-MIB, which has the same types of routes.
 */
export const health: HealthGetters = {
  rib: {
    requests: Object.values(routes),
    parse: (inputs) => {
      const found = tables(inputs);
      return (
        found &&
        namesOf(
          found.flatMap(({ table, counts }) =>
            Object.entries(totals).flatMap(([protocol, path]) => {
              const count = number(at(counts, ...path));
              return count === undefined ? [] : [[table, protocol, count] as const];
            }),
          ),
        )
      );
    },
  },
  fib: {
    requests: Object.values(routes),
    parse: (inputs) => {
      const found = tables(inputs)?.flatMap(({ table, counts }) => {
        const total = number(at(counts, 'totalRoutes'));
        if (total === undefined) return [];
        return [[table, '', own.reduce((rest, key) => rest - (number(at(counts, key)) ?? 0), total)] as const];
      });
      return found === undefined || found.length === 0 ? null : namesOf(found);
    },
  },
  interfaces: {
    requests: [interfaces],
    parse: (inputs) => {
      const told = at(jsonOf(inputs, interfaces), 'interfaceDescriptions');
      if (told === undefined) return null;
      return Object.fromEntries(
        entriesAt(told).map(([name, each]) => {
          const up = textAt(each, 'lineProtocolStatus') === 'up';
          const off = textAt(each, 'interfaceStatus') === 'adminDown';
          return [name, { count: up ? 1 : 0, state: off ? 'admin down' : up ? 'up' : 'down' }];
        }),
      );
    },
  },
  ospf: {
    requests: [ospf, clock],
    parse: (inputs) => {
      const now = number(at(jsonOf(inputs, clock), 'utcTime'));
      const result: Vitals = byName();
      for (const instance of instances(inputs, ospf, 'instList')) {
        for (const each of listAt(instance, 'ospfNeighborEntries')) {
          const state = textAt(each, 'adjacencyState') ?? '';
          const place = textAt(each, 'interfaceName') ?? '';
          const until = number(at(each, 'inactivity')); // the time at which it is given up
          const isUp = /^(?:full|2[ -]?ways?)$/i.test(state);
          const address = textAt(each, 'interfaceAddress') ?? '';
          const expires = until === undefined || now === undefined ? null : until - now;
          result[`${textAt(each, 'routerId')} on ${place}`] = adjacency(isUp, state, place, address, expires);
        }
      }
      return result;
    },
  },
  isis: {
    requests: [isis],
    parse: (inputs) => {
      const result: Vitals = byName();
      for (const instance of instances(inputs, isis, 'isisInstances')) {
        for (const [system, neighbour] of entriesAt(instance, 'neighbors')) {
          for (const each of listAt(neighbour, 'adjacencies')) {
            const state = textAt(each, 'state') ?? '';
            const place = textAt(each, 'interfaceName') ?? '';
            const name = `${system} on ${place}, ${textAt(each, 'level') ?? ''}`;
            result[name] = adjacency(state === 'up', state, place, '', null);
          }
        }
      }
      return result;
    },
  },
  evpn: {
    requests: [vteps],
    parse: (inputs) =>
      Object.fromEntries(
        entriesAt(jsonOf(inputs, vteps), 'interfaces').map(([name, told]) => [
          name,
          { count: listAt(told, 'vteps').length },
        ]),
      ),
  },
  lldp: {
    requests: [lldp],
    parse: (inputs) => {
      const told = at(jsonOf(inputs, lldp), 'lldpNeighbors');
      if (!Array.isArray(told)) return null;
      const result: Vitals = byName();
      for (const each of told) addAtPort(result, textAt(each, 'port') ?? '');
      return result;
    },
  },
};
