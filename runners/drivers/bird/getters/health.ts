import { byName } from '../../../../core/by-name.ts';
import type { HealthGetters } from '../../../driver.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { adjacency } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';
import { protocolsCommand } from './bgp.ts';

type Routing = { name: string; type: string; channels: { table: string; imported: number; exported: number }[] };

/** Every protocol of `show protocols all` and the routes of its channels. */
const routingOf = (text: string): Routing[] =>
  text.split(/\n(?=\S)/).flatMap((block) => {
    const [, name = '', type] = /^(\S+) +([A-Z]\w*) +\S/.exec(block) ?? [];
    if (type === undefined || name === 'Name') return [];
    const channels = block.split(/^ {2}Channel /m).slice(1);
    return [
      {
        name,
        type,
        channels: channels.flatMap((channel) => {
          const table = /^ +Table: +(\S+)/m.exec(channel)?.[1];
          const [, imported, exported] = /^ +Routes: +(\d+) imported,.*?(\d+) exported/m.exec(channel) ?? [];
          if (table === undefined || imported === undefined) return [];
          return [{ table, imported: Number(imported), exported: Number(exported) }];
        }),
      },
    ];
  });

const learned = /^(?:BGP|OSPF|RIP|Babel)$/;

const sums = (inputs: Inputs, of: (one: Routing) => [name: string, count: number][]): Vitals | null => {
  const text = inputs.get(protocolsCommand);
  if (text === undefined) return null;
  const result: Vitals = byName();
  for (const [name, count] of routingOf(text).flatMap(of)) result[name] = { count: (result[name]?.count ?? 0) + count };
  return result;
};

const interfaces = 'show interfaces';

/** What birdc tells: routes by table, where other platforms have VRFs; installed are those that kernel protocols export. */
export const health: HealthGetters = {
  rib: {
    requests: [protocolsCommand],
    parse: (inputs) =>
      sums(inputs, ({ type, channels }) =>
        learned.test(type) ? channels.map(({ table, imported }) => [`${table} ${type.toLowerCase()}`, imported]) : [],
      ),
  },
  fib: {
    requests: [protocolsCommand],
    parse: (inputs) =>
      sums(inputs, ({ type, channels }) =>
        type === 'Kernel' ? channels.map(({ table, exported }) => [table, exported]) : [],
      ),
  },
  interfaces: {
    requests: [interfaces],
    parse: (inputs) => {
      const found = [...(inputs.get(interfaces) ?? '').matchAll(/^(\S+) (up|down) \(.*\n\s+.*?\b(Admin\w+)/gm)];
      if (found.length === 0) return null;
      return Object.fromEntries(
        found.map(([, name = '', state = '', admin]) => [
          name,
          { count: state === 'up' ? 1 : 0, state: admin === 'AdminDown' ? 'admin down' : state, ofHost: true },
        ]),
      );
    },
  },
  ospf: {
    requests: [protocolsCommand],
    parse: (inputs) => {
      const text = inputs.get(protocolsCommand);
      if (text === undefined) return null;
      const names = routingOf(text).flatMap(({ name, type }) => (type === 'OSPF' ? [name] : []));
      const result: Vitals = byName();
      for (const name of names) {
        const rows = (inputs.get(`show ospf neighbors ${name}`) ?? '').matchAll(
          /^(\d+\.\d+\.\d+\.\d+)\s+\d+\s+(\S+)\s+([\d.:]+)\s+(\S+)\s+(\S+)/gm,
        );
        for (const [, router = '', state = '', left = '', place = '', address = ''] of rows) {
          const expires = /^[\d.]+$/.test(left) ? Number(left) : null;
          const isUp = /^(?:Full|2-Way)/i.test(state);
          result[`${router} on ${place}, ${name}`] = adjacency(isUp, state, place, address, expires);
        }
      }
      return result;
    },
  },
};
