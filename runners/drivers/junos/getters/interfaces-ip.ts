import { byName } from '../../../../core/by-name.ts';
import { addAddress } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import type { InterfacesIp } from '../../../shapes.ts';
import { children, textOf } from '../../../xml.ts';
import { replyOf } from './replies.ts';

/** The families that are told, and the length of a host's address. */
const longest = new Map([
  ['inet', 32],
  ['inet6', 128],
]);

/** From `get-interface-information` (terse): logical interfaces; an address without a length is a host's. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['get-interface-information'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    const physical = children(replyOf(inputs, 'get-interface-information'), 'physical-interface');
    for (const logical of physical.flatMap((each) => children(each, 'logical-interface'))) {
      const interfaceName = textOf(logical, 'name') ?? '';
      for (const family of children(logical, 'address-family')) {
        const hosts = longest.get(textOf(family, 'address-family-name') ?? '');
        if (hosts === undefined) continue;
        for (const each of children(family, 'interface-address')) {
          const [address = '', length] = textOf(each, 'ifa-local')?.split('/') ?? [];
          if (address !== '') addAddress(result, interfaceName, address, Number(length ?? hosts));
        }
      }
    }
    return result;
  },
};
