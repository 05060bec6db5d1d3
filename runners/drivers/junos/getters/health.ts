import { byName } from '../../../../core/by-name.ts';
import type { HealthGetters } from '../../../driver.ts';
import { toNumber } from '../../../getters/values.ts';
import { addAtPort, adjacency, isLearned, namesOf } from '../../../getters/vitals.ts';
import type { Vital, Vitals } from '../../../shapes.ts';
import { children, descendants, textOf, type XmlElement } from '../../../xml.ts';
import { replyOf, vrfName } from './replies.ts';

const routes = 'get-route-summary-information';
const forwarding = 'get-forwarding-table-information';
const interfaces = 'get-interface-information';
const lldp = 'get-lldp-neighbors-information';
/** A router answers for its main instance, and for all where it has others. */
const ospf = ['get-ospf-neighbor-information', 'get-ospf-neighbor-information all'];
const isis = ['get-isis-adjacency-information', 'get-isis-adjacency-information all'];

/** `inet.0` and `RED.inet6.0` as VRF and family; undefined for tables that no one forwards by. */
const tableOf = (name: string): string | undefined => {
  const [, vrf = '', family] = /^(?:(.+)\.)?(inet6?)\.0$/.exec(name) ?? [];
  if (family === undefined) return undefined;
  return `${vrf === '' ? vrfName('master') : vrf} ${family === 'inet' ? 'ipv4' : 'ipv6'}`;
};

/** `default.inet` and `RED.inet6` likewise; undefined for those that Junos keeps for itself, and for MPLS, ISO and others. */
const forwardingTableOf = (name: string): string | undefined =>
  name.startsWith('__') ? undefined : tableOf(`${name.replace(/^(?:default|master)\./, '')}.0`);

const link = (each: XmlElement): Vital => {
  const admin = textOf(each, 'admin-status')?.trim();
  const oper = textOf(each, 'oper-status')?.trim();
  return {
    count: admin !== 'down' && oper === 'up' ? 1 : 0,
    state: admin === 'down' ? 'admin down' : (oper ?? 'unknown'),
  };
};

/**
 * From Junos' XML. Of the kernel's forwarding table, which the packet forwarding engines copy, the entries of type `user`
 * are what the routing process installed. Sources: Junos OS CLI Reference, "show route summary", "show route forwarding-table".
 */
export const health: HealthGetters = {
  rib: {
    requests: [routes],
    parse: (inputs) => {
      const tables = descendants(replyOf(inputs, routes), 'route-table');
      if (tables.length === 0) return null;
      return namesOf(
        tables.flatMap((table) => {
          const name = tableOf(textOf(table, 'table-name')?.trim() ?? '');
          if (name === undefined) return [];
          return children(table, 'protocols').flatMap((one): [string, string, number][] => {
            const protocol = textOf(one, 'protocol-name')?.trim() ?? '';
            const count = toNumber(textOf(one, 'active-route-count'));
            return count === null || !isLearned(protocol) ? [] : [[name, protocol, count]];
          });
        }),
      );
    },
  },
  fib: {
    requests: [forwarding],
    parse: (inputs) => {
      const tables = descendants(replyOf(inputs, forwarding), 'route-table');
      if (tables.length === 0) return null;
      return namesOf(
        tables.flatMap((table) => {
          const name = forwardingTableOf(textOf(table, 'table-name')?.trim() ?? '');
          if (name === undefined) return [];
          return children(table, 'route-table-summary').flatMap((one): [string, string, number][] => {
            const count = toNumber(textOf(one, 'route-count'));
            return count === null || textOf(one, 'route-table-type')?.trim() !== 'user' ? [] : [[name, '', count]];
          });
        }),
      );
    },
  },
  interfaces: {
    requests: [interfaces],
    parse: (inputs) => {
      const reply = replyOf(inputs, interfaces);
      const physical = descendants(reply, 'physical-interface');
      const all = physical.flatMap((each) => [each, ...children(each, 'logical-interface')]);
      const told = all.filter((each) => textOf(each, 'oper-status') !== undefined);
      if (physical.length > 0 ? told.length === 0 : reply?.name !== 'interface-information') return null;
      return Object.fromEntries(told.map((each) => [textOf(each, 'name')?.trim() ?? '', link(each)]));
    },
  },
  ospf: {
    requests: ospf,
    parse: (inputs) => {
      const result: Vitals = byName();
      for (const each of ospf.flatMap((request) => descendants(replyOf(inputs, request), 'ospf-neighbor'))) {
        const text = (name: string) => textOf(each, name)?.trim() ?? '';
        const state = text('ospf-neighbor-state');
        const place = text('interface-name');
        const expires = toNumber(text('activity-timer'));
        const isUp = /^(?:Full|2Way)$/i.test(state);
        result[`${text('neighbor-id')} on ${place}`] = adjacency(isUp, state, place, text('neighbor-address'), expires);
      }
      return result;
    },
  },
  isis: {
    requests: isis,
    parse: (inputs) => {
      const result: Vitals = byName();
      for (const each of isis.flatMap((request) => descendants(replyOf(inputs, request), 'isis-adjacency'))) {
        const text = (name: string) => textOf(each, name)?.trim() ?? '';
        const state = text('adjacency-state');
        const place = text('interface-name');
        const neighbour = adjacency(state === 'Up', state, place, '', toNumber(text('holdtime')));
        result[`${text('system-name')} on ${place}, L${text('level')}`] = neighbour;
      }
      return result;
    },
  },
  lldp: {
    requests: [lldp],
    parse: (inputs) => {
      const reply = replyOf(inputs, lldp);
      if (reply?.name !== 'lldp-neighbors-information') return null;
      const result: Vitals = byName();
      for (const each of children(reply, 'lldp-neighbor-information')) {
        addAtPort(result, (textOf(each, 'lldp-local-port-id') ?? textOf(each, 'lldp-local-interface') ?? '').trim());
      }
      return result;
    },
  },
};
