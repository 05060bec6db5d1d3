import { byName } from '../../../../core/by-name.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';

/** IOS does not tell the length of a link-local address, which is of fe80::/10. */
const linkLocalLength = 10;

/** From the two commands that print a block for each interface; those without addresses of a family are not listed. */
export const addressesFrom = (ipv4: string, ipv6: string): Getter<InterfacesIp> => ({
  requests: [ipv4, ipv6],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    let name = '';
    const add = (family: 'ipv4' | 'ipv6', address?: string, length?: number) => {
      const both = result[name] ?? {};
      result[name] = both;
      const known = both[family] ?? {};
      both[family] = address === undefined ? known : { ...known, [toAddress(address)]: { prefix_length: length ?? 0 } };
    };
    for (const line of (inputs.get(ipv4) ?? '').split('\n')) {
      name = /^([^\s%]\S*) is /.exec(line)?.[1] ?? name;
      const [, address, length] = /^\s+(?:Internet address is|Secondary address) ([\d.]+)\/(\d+)/.exec(line) ?? [];
      if (address !== undefined) add('ipv4', address, Number(length));
    }
    for (const line of (inputs.get(ipv6) ?? '').split('\n')) {
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
});

/** IOS and IOS-XE, the default VRF and all others. */
export const interfacesIp = addressesFrom('show ip interface', 'show ipv6 interface');
