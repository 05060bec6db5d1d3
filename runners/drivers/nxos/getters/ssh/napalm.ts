import { byName } from '../../../../../core/by-name.ts';
import type { Inputs, Napalm } from '../../../../getters/getter.ts';
import { lastFamily, shapeBgp } from '../../../../getters/napalm/bgp.ts';
import { shapeFacts } from '../../../../getters/napalm/facts.ts';
import type { Bgp, Facts } from '../../../../shapes.ts';
import { bgpFromSummary, parseSections, summaryCommand } from './bgp.ts';
import { interfacesIp } from './interfaces-ip.ts';

const asPrinted = (address: string) => address;

/** The last family of a VRF in the summary replaces those before it; only one way to say that it is shut is known. */
const asSummed = (inputs: Inputs): Bgp => {
  const bgp = bgpFromSummary(inputs, 'last', asPrinted);
  const sections = parseSections(inputs.get(summaryCommand) ?? '', asPrinted);
  for (const [vrf, entry] of Object.entries(bgp)) {
    const last = sections.findLast((section) => section.vrf === vrf);
    entry.peers = Object.fromEntries(
      (last?.peers ?? []).map(([address, peer, received]) => [
        address,
        {
          ...peer,
          is_enabled: !/Shut.{0,100}Admin/.test(peer.state ?? ''),
          address_family: {
            [last?.family ?? '']: { received_prefixes: received, accepted_prefixes: null, sent_prefixes: null },
          },
        },
      ]),
    );
  }
  return bgp;
};

type Addresses = Record<string, Record<string, Record<string, { prefix_length: number | 'N/A' }>>>;

/** Addresses as they are printed, those without a length with that of a link; `X/64` in the line of its heading, too. */
const addresses = (inputs: Inputs): Addresses => {
  const [ipv4 = '', ipv6 = ''] = interfacesIp.requests.map((request) => inputs.get(request) ?? '');
  const result: Addresses = byName();
  let name = '';
  const add = (family: 'ipv4' | 'ipv6', address?: string, length: number | 'N/A' = 'N/A') => {
    const both = result[name] ?? {};
    result[name] = both;
    both[family] = {
      ...both[family],
      ...(address === undefined ? {} : { [address]: { prefix_length: length } }),
    };
  };
  for (const line of ipv4.split('\n')) {
    const [, address, length] = /IP address: ([^\s,]+)(?:, IP subnet: \S+?\/(\d+))?/.exec(line) ?? [];
    if (line.includes('Interface status')) name = line.split(',')[0] ?? '';
    else if (address === 'none') add('ipv4');
    else if (address !== undefined) add('ipv4', address, length === undefined ? 'N/A' : Number(length));
  }
  for (const line of ipv6.replace(/\n$/, '').split('\n')) {
    const words = line.trim().split(/\s+/);
    const [plain, length] = (words[0] ?? '').split('/');
    if (line.includes('Interface status')) name = line.split(',')[0] ?? '';
    else if (ipv6 === '' || name === '') continue;
    else if (!line.includes('VALID')) add('ipv6');
    else if (line.includes('link-local address')) add('ipv6', words[3], 64);
    else if (line.includes('IPv6 address')) add('ipv6', words[2], 64);
    else if (length !== undefined) add('ipv6', plain, Number(length));
  }
  return result;
};

/** Whatever follows is taken for a domain there, "not set" too. */
const factsOf = (facts: Facts, inputs: Inputs): unknown => {
  const domain = /Default domain.{0,100}is (.*)/.exec(inputs.get('show hosts') ?? '')?.[1]?.trim();
  const whole = (inputs.get('show hostname') ?? '').trim().split('.').length > 2;
  const known = domain && facts.hostname !== null && !whole;
  return { ...shapeFacts(facts), ...(known ? { fqdn: `${facts.hostname}.${domain}` } : {}) };
};

/** What NAPALM's nxos_ssh prints. */
export const napalm: Napalm = {
  facts: factsOf,
  bgp: (_result, inputs) => shapeBgp(asSummed(inputs), { remoteId: () => '0.0.0.0', families: lastFamily }),
  'interfaces-ip': (_result, inputs) => addresses(inputs),
};
