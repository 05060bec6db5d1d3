import type { InterfacesIp } from '../../driver.ts';
import type { Getter } from '../getter.ts';
import { toAddress } from '../values.ts';

/** IOS does not tell the length of a link-local address, which is of fe80::/10. */
const linkLocalLength = 10;

/** From `show ip interface` and `show ipv6 interface`; interfaces without addresses of a family are not listed. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['show ip interface', 'show ipv6 interface'],
  parse: (inputs) => {
    const result: InterfacesIp = {};
    let name = '';
    const add = (family: 'ipv4' | 'ipv6', address?: string, length?: number) => {
      const both = result[name] ?? {};
      result[name] = both;
      const known = both[family] ?? {};
      both[family] = address === undefined ? known : { ...known, [toAddress(address)]: { prefix_length: length ?? 0 } };
    };
    for (const line of (inputs.get('show ip interface') ?? '').split(/\r?\n/)) {
      name = /^([^\s%]\S*) is /.exec(line)?.[1] ?? name;
      const [, address, length] = /^\s+(?:Internet address is|Secondary address) ([\d.]+)\/(\d+)/.exec(line) ?? [];
      if (address !== undefined) add('ipv4', address, Number(length));
    }
    for (const line of (inputs.get('show ipv6 interface') ?? '').split(/\r?\n/)) {
      const start = /^([^\s%]\S*) is /.exec(line)?.[1];
      if (start !== undefined) {
        name = start;
        add('ipv6');
      }
      const linkLocal = /link-local address is ([0-9A-Fa-f:.]+)/.exec(line)?.[1];
      if (linkLocal !== undefined) add('ipv6', linkLocal, linkLocalLength);
      const [, address, length] = /^\s+([0-9A-Fa-f:.]+), subnet is [0-9A-Fa-f:.]+\/(\d+)/.exec(line) ?? [];
      if (address !== undefined) add('ipv6', address, Number(length));
    }
    return result;
  },
};
