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
const totals: Readonly<Record<string, readonly [string, string]>> = {
  bgp: ['bgpCounts', 'bgpTotal'],
  ospf: ['ospfCounts', 'ospfTotal'],
  ospfv3: ['ospfv3Counts', 'ospfv3Total'],
  isis: ['isisCounts', 'isisTotal'],
};

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A protocol that the switch does not run is refused, or answered with nothing. */
const instances = (inputs: Inputs, request: string, key: string): unknown[] =>
  entriesAt(jsonOf(inputs, request), 'vrfs').flatMap(([, vrf]) => entriesAt(vrf, key).map(([, instance]) => instance));

/** What a switch tells in JSON; hardware tables have no one form, so what is installed is not told. */
export const health: HealthGetters = {
  rib: {
    requests: Object.values(routes),
    parse: (inputs) => {
      const rows: [string, string, number][] = [];
      let told = false;
      for (const [family, request] of Object.entries(routes)) {
        for (const [vrf, counts] of entriesAt(jsonOf(inputs, request), 'vrfs')) {
          told = true;
          const table = `${vrf === 'default' ? 'global' : vrf} ${family}`;
          for (const [protocol, path] of Object.entries(totals)) {
            const count = number(at(counts, ...path));
            if (count !== undefined) rows.push([table, protocol, count]);
          }
          const rip = number(at(counts, 'rip'));
          if (rip !== undefined) rows.push([table, 'rip', rip]);
        }
      }
      return told ? namesOf(rows) : null;
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
