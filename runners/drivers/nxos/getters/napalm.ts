import type { Inputs, Napalm } from '../../../getters/getter.ts';
import { jsonOf, textAt } from '../../../getters/json.ts';
import { lastFamily, shapeBgp } from '../../../getters/napalm/bgp.ts';
import { shapeFacts } from '../../../getters/napalm/facts.ts';
import type { Facts, InterfacesIp } from '../../../shapes.ts';
import { bgpFromSummary } from './bgp.ts';
import { chassisOf } from './facts.ts';
import { ipv6Rows } from './interfaces-ip.ts';

/** What was not found is left out, and the name of its version since 10.1 is not known. */
const factsOf = (facts: Facts, inputs: Inputs): unknown => {
  const version = jsonOf(inputs, 'show version');
  const chassis = chassisOf(jsonOf(inputs, 'show inventory'));
  return {
    ...shapeFacts(facts),
    os_version: textAt(version, 'sys_ver_str') ?? textAt(version, 'kickstart_ver_str') ?? '',
    serial_number: chassis === undefined ? null : (textAt(chassis, 'serialnum') ?? ''),
    ...(facts.fqdn ? {} : { fqdn: undefined }),
  };
};

/** The length that a single IPv6 address tells itself is not read there, but that of the interface's prefix. */
const addresses = (result: InterfacesIp, inputs: Inputs): InterfacesIp => {
  const shaped = structuredClone(result);
  for (const { name, addresses: listed, prefixLength, single } of ipv6Rows(inputs)) {
    const [address] = listed;
    const known = shaped[name]?.ipv6?.[address ?? ''];
    if (single && known) known.prefix_length = prefixLength ?? 128;
  }
  return shaped;
};

/** What NAPALM's nxos prints. */
export const napalm: Napalm = {
  facts: factsOf,
  bgp: (_result, inputs) =>
    shapeBgp(bgpFromSummary(inputs, 'last'), {
      remoteId: (_peer, address) => address,
      families: lastFamily,
      uptime: () => -1,
      isUp: ({ is_up, state }) => is_up || state === 'Closing',
    }),
  'interfaces-ip': addresses,
};
