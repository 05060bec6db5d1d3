import { byName } from '../../../../../core/by-name.ts';
import { addAddress, listInterface } from '../../../../getters/addresses.ts';
import type { Getter } from '../../../../getters/getter.ts';
import type { InterfacesIp } from '../../../../shapes.ts';

/** Where NX-OS prints an address without its length: link-local and unconfigured ones. */
const unsaidLength = 64;

/** From the CLI's text, all VRFs. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['show ip interface vrf all', 'show ipv6 interface vrf all'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    let name = '';
    for (const line of (inputs.get('show ip interface vrf all') ?? '').split('\n')) {
      name = /^(\S+?),? Interface status:/.exec(line)?.[1] ?? name;
      const [, address, length] = /IP address: ([\d.]+|none)(?:, IP subnet: \S+?\/(\d+))?/.exec(line) ?? [];
      if (address === 'none') listInterface(result, name, 'ipv4');
      else if (address !== undefined && length !== undefined) addAddress(result, name, address, Number(length));
    }
    for (const line of (inputs.get('show ipv6 interface vrf all') ?? '').split('\n')) {
      const start = /^(\S+?),? Interface status:/.exec(line)?.[1];
      if (start !== undefined) {
        name = start;
        listInterface(result, name, 'ipv6');
      }
      const [, address, length] =
        /^\s*(?:IPv6 (?:link-local )?address: )?(?=[0-9A-Fa-f.]*:)([0-9A-Fa-f:.]+)(?:\/(\d+))?(?: \(\w+\))? \[(?:IN)?VALID\]/.exec(
          line,
        ) ?? [];
      if (address !== undefined) addAddress(result, name, address, Number(length ?? unsaidLength));
    }
    return result;
  },
};
