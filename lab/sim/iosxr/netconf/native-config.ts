import { child, children, type Node, value } from '../../config/tree.ts';
import { subtree } from '../../protocols/netconf/subtree.ts';
import { type Element, parseXml } from '../../protocols/netconf/xml.ts';
import { leaf, modelOf, node, space } from './yang.ts';

// The configuration as Cisco's own models have it: to read, never to write. What has no element here is not told.

const asNumber = (name: string, text: string): string => {
  const [high, low] = text.includes('.')
    ? text.split('.').map(Number)
    : [Math.floor(Number(text) / 65_536), Number(text) % 65_536];
  return node(name, leaf('as-xx', high ?? 0), leaf('as-yy', low ?? 0));
};

const family = (text: string) =>
  text.replace(/^ipv(\d) (\w)(\w*)$/, (_, digit, first, rest) => `ipv${digit}-${first}${rest}`);

const shared = (one: Node, kind: 'neighbor' | 'neighbor-group'): string => {
  const remote = value(one, 'remote-as');
  const local = value(one, 'local-as')?.split(' ')[0];
  const description = value(one, 'description');
  const source = value(one, 'update-source');
  const families = children(one, /^address-family (.+)$/).map(([af, [, name = '']]) =>
    node(
      `${kind}-af`,
      leaf('af-name', family(name)),
      leaf('activate', ''),
      ...['in', 'out'].map((way) => {
        const policy = children(af, new RegExp(`^route-policy (\\S+) ${way}$`))[0]?.[1][1];
        return policy === undefined ? '' : leaf(`route-policy-${way}`, policy);
      }),
    ),
  );
  return [
    remote === undefined ? '' : asNumber('remote-as', remote),
    local === undefined ? '' : asNumber('local-as', local),
    description === undefined ? '' : leaf('description', description),
    source === undefined ? '' : leaf('update-source-interface', source),
    families.length === 0 ? '' : node(`${kind}-afs`, ...families),
  ].join('');
};

const bgp = (root: Node): string => {
  const [[router, [, asn = '0']] = [undefined, []] as const] = children(root, /^router bgp (\S+)$/);
  if (!router) return '';
  const groups = children(router, /^neighbor-group (\S+)$/).map(([one, [, name = '']]) =>
    node('neighbor-group', leaf('neighbor-group-name', name), leaf('create', ''), shared(one, 'neighbor-group')),
  );
  const neighbors = children(router, /^neighbor (\S+)$/).map(([one, [, name = '']]) => {
    const group = value(one, 'use neighbor-group');
    const use = group === undefined ? '' : leaf('neighbor-group-add-member', group);
    return node('neighbor', leaf('neighbor-address', name), use, shared(one, 'neighbor'));
  });
  const entity = node(
    'bgp-entity',
    node('neighbors', ...neighbors),
    groups.length === 0 ? '' : node('neighbor-groups', ...groups),
  );
  const high = Math.floor(Number(asn) / 65_536);
  const inside = node(
    'four-byte-as',
    leaf('as', Number(asn) % 65_536),
    leaf('bgp-running', ''),
    node('default-vrf', entity),
  );
  return space(
    'bgp',
    'Cisco-IOS-XR-ipv4-bgp-cfg',
    node('instance', leaf('instance-name', 'default'), node('instance-as', leaf('as', high), inside)),
  );
};

const ntp = (root: Node): string => {
  const peers = children(child(root, 'ntp'), /^(server|peer) (?:vrf \S+ )?([\d.]+)/).map(
    ([, [, kind = '', address = '']]) =>
      node('peer-ipv4', leaf('address-ipv4', address), node('peer-type-ipv4', leaf('peer-type', kind))),
  );
  if (peers.length === 0) return '';
  return space(
    'ntp',
    'Cisco-IOS-XR-ip-ntp-cfg',
    node('peer-vrfs', node('peer-vrf', leaf('vrf-name', 'default'), node('peer-ipv4s', ...peers))),
  );
};

const snmp = (root: Node): string => {
  const communities = children(root, /^snmp-server community (\S+)(?: (RO|RW))?/).map(([, [, name = '', mode]]) =>
    node(
      'default-community',
      leaf('community-name', name),
      leaf('priviledge', mode === 'RW' ? 'read-write' : 'read-only'),
    ),
  );
  const told = ['chassis-id', 'contact', 'location'].map((name) => {
    const text = value(root, `snmp-server ${name}`);
    return text === undefined ? '' : leaf(name, text);
  });
  if (communities.length === 0 && told.every((text) => text === '')) return '';
  return space(
    'snmp',
    'Cisco-IOS-XR-snmp-agent-cfg',
    node('administration', node('default-communities', ...communities)),
    node('system', ...told),
  );
};

const users = (root: Node): string => {
  const rows = children(root, /^username (\S+)$/).map(([one, [, name = '']]) => {
    const groups = children(one, /^group (\S+)$/).map(([, [, group = '']]) =>
      node('usergroup-under-username', leaf('name', group)),
    );
    const password = value(one, 'secret')?.split(' ').at(-1) ?? '';
    return node(
      'username',
      leaf('ordering-index', 0),
      leaf('name', name),
      node('usergroup-under-usernames', ...groups),
      leaf('secret', password),
      leaf('password', password),
    );
  });
  return `<aaa xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-aaa-lib-cfg">${space('usernames', 'Cisco-IOS-XR-aaa-locald-cfg', ...rows)}</aaa>`;
};

/** The models that can be read, by the name of their top element. */
const nativeModels: Readonly<Record<string, { model: string; of: (root: Node) => string }>> = {
  bgp: { model: 'Cisco-IOS-XR-ipv4-bgp-cfg', of: bgp },
  ntp: { model: 'Cisco-IOS-XR-ip-ntp-cfg', of: ntp },
  snmp: { model: 'Cisco-IOS-XR-snmp-agent-cfg', of: snmp },
  aaa: { model: 'Cisco-IOS-XR-aaa-lib-cfg', of: users },
  ipsla: { model: 'Cisco-IOS-XR-man-ipsla-cfg', of: () => '' },
};

/** What a filter asks of them. @returns the element that no model has, where there is one */
export const nativeConfig = (root: Node, asked: readonly Element[]): string | Element => {
  const known = ({ name, attributes: { xmlns } }: Element) => {
    const found = Object.hasOwn(nativeModels, name) ? nativeModels[name] : undefined;
    return found && (xmlns === undefined || xmlns === modelOf(found.model)) ? found : undefined;
  };
  const unknown = asked.find((one) => !known(one));
  if (unknown) return unknown;
  const all = asked.map((one) => known(one)?.of(root) ?? '').join('');
  return subtree(parseXml(`<data>${all}</data>`).children, {
    name: 'filter',
    attributes: {},
    children: [...asked],
    text: '',
  });
};
