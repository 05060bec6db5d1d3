import { byName } from '../../../../core/by-name.ts';
import { addAddress, listInterface } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress, toNumber } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';
import { children, descendants, textOf } from '../../../xml.ts';
import { replyOf, requests } from './bgp-tree.ts';

/** From NETCONF, models Cisco-IOS-XR-ipv4-io-oper and -ipv6-ma-oper: all VRFs in one reply. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: [requests.addresses],
  parse: (inputs) => {
    const root = replyOf(inputs, requests.addresses);
    const result: InterfacesIp = byName();
    const add = (name: string, family: 'ipv4' | 'ipv6', address: string | undefined, length: string | undefined) => {
      const known = listInterface(result, name, family)[family];
      const bits = toNumber(length);
      if (address === undefined || bits === null || known?.[toAddress(address)] !== undefined) return;
      addAddress(result, name, address, bits);
    };
    for (const network of descendants(root, 'ipv4-network')) {
      for (const detail of descendants(network, 'detail')) {
        const name = textOf(detail, 'interface-name') ?? '';
        add(name, 'ipv4', textOf(detail, 'primary-address'), textOf(detail, 'prefix-length'));
        for (const secondary of children(detail, 'secondary-address')) {
          add(name, 'ipv4', textOf(secondary, 'address'), textOf(secondary, 'prefix-length'));
        }
      }
    }
    for (const network of descendants(root, 'ipv6-network')) {
      for (const detail of descendants(network, 'global-detail')) {
        const name = textOf(detail, 'interface-name') ?? '';
        add(name, 'ipv6', undefined, undefined);
        for (const each of children(detail, 'address')) {
          add(name, 'ipv6', textOf(each, 'address'), textOf(each, 'prefix-length'));
        }
      }
    }
    return result;
  },
};
