import { byName } from '../../../../core/by-name.ts';
import { addAddress, listInterface } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toNumber } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';

const prefixLength = (subnet: string | undefined) => toNumber(subnet?.split('/').at(-1));

/** From eAPI's JSON. An interface without any address is listed with empty families. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['show ip interface', 'show ipv6 interface'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    const add = (name: string, address: string | undefined, length: number | null) => {
      listInterface(result, name, 'ipv4', 'ipv6');
      if (address && address !== '0.0.0.0' && length !== null) addAddress(result, name, address, length);
    };
    for (const [name, details] of entriesAt(jsonOf(inputs, 'show ip interface'), 'interfaces')) {
      const addresses = at(details, 'interfaceAddress');
      // older releases print a list of one
      for (const each of Array.isArray(addresses) ? addresses : [addresses]) {
        add(name, textAt(each, 'primaryIp', 'address'), toNumber(at(each, 'primaryIp', 'maskLen')));
        for (const secondary of listAt(each, 'secondaryIpsOrderedList')) {
          add(name, textAt(secondary, 'address'), toNumber(at(secondary, 'maskLen')));
        }
      }
    }
    for (const [name, details] of entriesAt(jsonOf(inputs, 'show ipv6 interface'), 'interfaces')) {
      add(name, textAt(details, 'linkLocal', 'address'), prefixLength(textAt(details, 'linkLocal', 'subnet')));
      for (const each of listAt(details, 'addresses')) {
        add(name, textAt(each, 'address'), prefixLength(textAt(each, 'subnet')));
      }
    }
    return result;
  },
};
