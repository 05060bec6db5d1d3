import { byName } from '../../../../core/by-name.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';
import { children, textOf } from '../../../xml.ts';
import { replyOf } from './replies.ts';

const families = { inet: { name: 'ipv4', longest: 32 }, inet6: { name: 'ipv6', longest: 128 } } as const;
const isFamily = (name: string): name is keyof typeof families => Object.hasOwn(families, name);

/** From `get-interface-information` (terse): logical interfaces; an address without a length is a host's. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['get-interface-information'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    const physical = children(replyOf(inputs, 'get-interface-information'), 'physical-interface');
    for (const logical of physical.flatMap((each) => children(each, 'logical-interface'))) {
      const interfaceName = textOf(logical, 'name') ?? '';
      for (const family of children(logical, 'address-family')) {
        const familyName = textOf(family, 'address-family-name') ?? '';
        if (!isFamily(familyName)) continue;
        const { name, longest } = families[familyName];
        for (const each of children(family, 'interface-address')) {
          const [address = '', length] = textOf(each, 'ifa-local')?.split('/') ?? [];
          if (address === '') continue;
          const both = result[interfaceName] ?? {};
          result[interfaceName] = both;
          both[name] = { ...both[name], [toAddress(address)]: { prefix_length: Number(length ?? longest) } };
        }
      }
    }
    return result;
  },
};
