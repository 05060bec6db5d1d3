import { byName } from '../../../../core/by-name.ts';
import { addAddress, listInterface } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import type { InterfacesIp } from '../../../shapes.ts';

/** IOS does not tell the length of a link-local address, which is of fe80::/10. */
const linkLocalLength = 10;

/** From the two commands that print a block for each interface; those without addresses of a family are not listed. */
export const addressesFrom = (ipv4: string, ipv6: string): Getter<InterfacesIp> => ({
  requests: [ipv4, ipv6],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    let name = '';
    for (const line of (inputs.get(ipv4) ?? '').split('\n')) {
      name = /^([^\s%]\S*) is /.exec(line)?.[1] ?? name;
      const [, address, length] = /^\s+(?:Internet address is|Secondary address) ([\d.]+)\/(\d+)/.exec(line) ?? [];
      if (address !== undefined) addAddress(result, name, address, Number(length));
    }
    for (const line of (inputs.get(ipv6) ?? '').split('\n')) {
      const start = /^([^\s%]\S*) is /.exec(line)?.[1];
      if (start !== undefined) {
        name = start;
        listInterface(result, name, 'ipv6');
      }
      const linkLocal = /link-local address is ([0-9A-Fa-f:.]+)/.exec(line)?.[1];
      if (linkLocal !== undefined) addAddress(result, name, linkLocal, linkLocalLength);
      const [, address, length] = /^\s+([0-9A-Fa-f:.]+), subnet is [0-9A-Fa-f:.]+\/(\d+)/.exec(line) ?? [];
      if (address !== undefined) addAddress(result, name, address, Number(length));
    }
    return result;
  },
});

/** IOS and IOS-XE, the default VRF and all others. */
export const interfacesIp = addressesFrom('show ip interface', 'show ipv6 interface');
