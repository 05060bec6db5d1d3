import type { Inputs, Napalm } from '../../../getters/getter.ts';
import { shapeFacts } from '../../../getters/napalm/facts.ts';
import { toAddress } from '../../../getters/values.ts';
import type { Facts, InterfacesIp } from '../../../shapes.ts';
import { napalmIosBgp } from './napalm-bgp.ts';
import { napalmIosDetail } from './napalm-detail.ts';

/** Whatever follows is taken for a domain there, "not set" too. */
const factsOf = (facts: Facts, inputs: Inputs): unknown => {
  const domain = /Default domain is (.*)/.exec(inputs.get('show hosts') ?? '')?.[1]?.trim();
  const { hostname } = facts;
  const known = domain !== undefined && hostname !== null;
  return { ...shapeFacts(facts, 'Unknown'), ...(known ? { fqdn: `${hostname}.${domain}` } : {}) };
};

/** A link-local address is not read there until it is certain that no other host has it. */
const addresses = (result: InterfacesIp, inputs: Inputs): InterfacesIp => {
  const shaped = structuredClone(result);
  for (const block of (inputs.get('show ipv6 interface') ?? '').split(/^(?=\S)/m)) {
    const [, tentative] = /^[ \t]+IPv6 is (?!enabled)\w+, link-local address is ([0-9A-Fa-f:.]+)/m.exec(block) ?? [];
    const known = shaped[block.split(' ')[0] ?? '']?.ipv6;
    if (tentative !== undefined && known) delete known[toAddress(tentative)];
  }
  return shaped;
};

/** What NAPALM's ios prints. */
export const napalm: Napalm = {
  facts: factsOf,
  bgp: (_result, inputs) => napalmIosBgp(inputs),
  'bgp-detail': (_result, inputs) => napalmIosDetail(inputs),
  'interfaces-ip': addresses,
};
