import type { Getter } from '../../../getters/getter.ts';
import { toNumber } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';
import { descendants, textOf } from '../../../xml.ts';
import { replyOf, requests } from './bgp-tree.ts';

/** From NETCONF: system time, interfaces and inventory in one reply. The chassis is the first thing in the inventory. */
export const facts: Getter<Facts> = {
  requests: [requests.facts],
  parse: (inputs) => {
    const root = replyOf(inputs, requests.facts);
    const [uptime] = descendants(root, 'system-time').flatMap((each) =>
      each.children.filter(({ name }) => name === 'uptime'),
    );
    const [chassis] = descendants(root, 'inv-basic-bag');
    const hostname = textOf(uptime, 'host-name') ?? null;
    return {
      hostname,
      fqdn: hostname,
      vendor: 'Cisco',
      model: textOf(chassis, 'model-name') ?? null,
      os_version: textOf(chassis, 'software-revision') ?? null,
      serial_number: textOf(chassis, 'serial-number') ?? null,
      uptime: toNumber(textOf(uptime, 'uptime')),
      interface_list: descendants(root, 'interface').map((each) => textOf(each, 'interface-name') ?? ''),
    };
  },
};
