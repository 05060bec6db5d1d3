import { byName } from '../../../../core/by-name.ts';
import type { HealthGetters } from '../../../driver.ts';
import type { Inputs } from '../../../getters/getter.ts';
import { at, entriesAt, listAt, textAt } from '../../../getters/json.ts';
import { adjacency, clockSeconds, isLearned, namesOf } from '../../../getters/vitals.ts';
import type { Vitals } from '../../../shapes.ts';
import { replyOf, vrfName } from './answers.ts';

const routes = { ipv4: 'show ip route vrf all summary', ipv6: 'show ipv6 route vrf all summary' };

/** Each row of the summaries: text, since their JSON does not name the VRF. @returns null where zebra prints none */
const rows = (inputs: Inputs) => {
  const texts = Object.entries(routes).map(([family, request]) => ({ family, text: inputs.get(request) ?? '' }));
  if (texts.every(({ text }) => !/^Route Source/m.test(text))) return null;
  return texts.flatMap(({ family, text }) => {
    let vrf = '';
    return text.split('\n').flatMap((line) => {
      vrf = /^Route Source .*\(vrf (\S+)\)/.exec(line)?.[1] ?? vrf;
      const [, protocol = '', rib, fib] = /^([a-z][\w-]*) +(\d+) +(\d+)/.exec(line) ?? [];
      if (vrf === '' || rib === undefined || !isLearned(protocol)) return [];
      return [{ table: `${vrfName(vrf)} ${family}`, protocol, rib: Number(rib), fib: Number(fib) }];
    });
  });
};

const ospf = 'show ip ospf vrf all neighbor json';
const ospf6 = 'show ipv6 ospf6 vrf all neighbor json';

const ospfNeighbours = (inputs: Inputs): Vitals => {
  const result: Vitals = byName();
  for (const [, vrf] of entriesAt(replyOf(inputs, ospf))) {
    for (const [router, neighbours] of entriesAt(vrf, 'neighbors')) {
      for (const each of listAt(neighbours)) {
        const place = (textAt(each, 'ifaceName') ?? '').split(':')[0] ?? '';
        const state = textAt(each, 'nbrState') ?? textAt(each, 'state') ?? '';
        const address = textAt(each, 'ifaceAddress') ?? textAt(each, 'address') ?? '';
        const left = at(each, 'routerDeadIntervalTimerDueMsec') ?? at(each, 'deadTimeMsecs');
        const expires = typeof left === 'number' ? left / 1000 : null;
        result[`${router} on ${place}`] = adjacency(/^(?:Full|2-Way)/.test(state), state, place, address, expires);
      }
    }
  }
  for (const each of listAt(replyOf(inputs, ospf6), 'neighbors')) {
    const [router = '', place = ''] = [textAt(each, 'neighborId'), textAt(each, 'interfaceName')];
    const state = textAt(each, 'state') ?? '';
    const expires = clockSeconds(textAt(each, 'deadTime'));
    result[`${router} on ${place}, IPv6`] = adjacency(/^(?:Full|Twoway)/.test(state), state, place, '', expires);
  }
  return result;
};

const isis = 'show isis vrf all neighbor';
const vnis = 'show evpn vni json';
const interfaces = 'show interface description vrf all';

/** What zebra, ospfd, ospf6d, isisd and bgpd tell; a daemon that does not run has no neighbours. */
export const health: HealthGetters = {
  rib: {
    requests: Object.values(routes),
    parse: (inputs) => {
      const found = rows(inputs);
      return found && namesOf(found.map(({ table, protocol, rib }) => [table, protocol, rib]));
    },
  },
  fib: {
    requests: Object.values(routes),
    parse: (inputs) => {
      const found = rows(inputs);
      return found && namesOf(found.map(({ table, fib }) => [table, '', fib]));
    },
  },
  interfaces: {
    requests: [interfaces],
    parse: (inputs) => {
      const found = [...(inputs.get(interfaces) ?? '').matchAll(/^(\S+) +(up|down) +(up|down|unknown)\b/gm)];
      if (found.length === 0) return null;
      return Object.fromEntries(
        found.map(([, name = '', status, protocol]) => {
          const up = status === 'up' && protocol !== 'down';
          return [
            name,
            { count: up ? 1 : 0, state: status === 'up' ? (up ? 'up' : 'down') : 'admin down', ofHost: true },
          ];
        }),
      );
    },
  },
  ospf: { requests: [ospf, ospf6], parse: ospfNeighbours },
  isis: {
    requests: [isis],
    parse: (inputs) =>
      Object.fromEntries(
        [...(inputs.get(isis) ?? '').matchAll(/^ *(\S+) +(\S+) +([123]) +(\w+) +(\d+) /gm)].map(
          ([, system = '', place = '', level, state = '', holdtime]) => [
            `${system} on ${place}, level ${level}`,
            adjacency(state === 'Up', state, place, '', Number(holdtime)),
          ],
        ),
      ),
  },
  evpn: {
    requests: [vnis],
    parse: (inputs) =>
      Object.fromEntries(
        entriesAt(replyOf(inputs, vnis)).flatMap(([vni, told]) => {
          const count = at(told, 'numRemoteVteps');
          return typeof count === 'number' ? [[`VNI ${vni}`, { count }]] : [];
        }),
      ),
  },
};
