import { byName } from '../../../../../core/by-name.ts';
import { addAddress } from '../../../../getters/addresses.ts';
import type { Getter } from '../../../../getters/getter.ts';
import { toNumber } from '../../../../getters/values.ts';
import type { Facts, InterfacesIp } from '../../../../shapes.ts';
import { children, descendants, textOf } from '../../../../xml.ts';
import { agentReply } from './tree.ts';

/** From the XML agent: system time and inventory in one answer, the interfaces in another. */
export const facts: Getter<Facts> = {
  requests: ['facts', 'interfaces'],
  parse: (inputs) => {
    const root = agentReply(inputs, 'facts');
    const [time] = descendants(root, 'system-time');
    const [chassis] = descendants(root, 'inv-basic-bag');
    const hostname = textOf(time, 'uptime', 'host-name') ?? null;
    return {
      hostname,
      fqdn: hostname,
      vendor: 'Cisco',
      model: textOf(chassis, 'model-name') ?? null,
      os_version: textOf(chassis, 'software-revision') ?? null,
      serial_number: textOf(chassis, 'serial-number') ?? null,
      uptime: toNumber(textOf(time, 'uptime', 'uptime')),
      interface_list: descendants(agentReply(inputs, 'interfaces'), 'interface').flatMap(
        (each) => textOf(each, 'interface-name') ?? [],
      ),
    };
  },
};

/** From the XML agent: both families in one answer. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['addresses'],
  parse: (inputs) => {
    const root = agentReply(inputs, 'addresses');
    const result: InterfacesIp = byName();
    const add = (name: string, address: string | undefined, length: string | undefined) => {
      const bits = toNumber(length);
      if (address !== undefined && bits !== null) addAddress(result, name, address, bits);
    };
    for (const each of descendants(root, 'ipv4-network').flatMap((network) => descendants(network, 'interface'))) {
      const name = textOf(each, 'interface-name') ?? '';
      for (const detail of descendants(each, 'detail')) {
        add(name, textOf(detail, 'primary-address'), textOf(detail, 'prefix-length'));
        for (const other of children(detail, 'secondary-address')) {
          add(name, textOf(other, 'address'), textOf(other, 'prefix-length'));
        }
      }
    }
    for (const each of descendants(root, 'ipv6-network').flatMap((network) => descendants(network, 'global-detail'))) {
      const name = textOf(each, 'interface-name') ?? '';
      for (const other of children(each, 'address')) {
        add(name, textOf(other, 'address'), textOf(other, 'prefix-length'));
      }
    }
    return result;
  },
};
