import { byName } from '../../../../../core/by-name.ts';
import type { Getter } from '../../../../getters/getter.ts';
import { toAddress } from '../../../../getters/values.ts';
import type { InterfacesIp } from '../../../../shapes.ts';

/** Where NX-OS prints an address without its length: link-local and unconfigured ones. */
const unsaidLength = 64;

/** From the CLI's text, all VRFs. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['show ip interface vrf all', 'show ipv6 interface vrf all'],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    let name = '';
    const add = (family: 'ipv4' | 'ipv6', address?: string, length?: string) => {
      const both = result[name] ?? {};
      result[name] = both;
      const known = both[family] ?? {};
      both[family] =
        address === undefined
          ? known
          : { ...known, [toAddress(address)]: { prefix_length: Number(length ?? unsaidLength) } };
    };
    for (const line of (inputs.get('show ip interface vrf all') ?? '').split('\n')) {
      name = /^(\S+?),? Interface status:/.exec(line)?.[1] ?? name;
      const [, address, length] = /IP address: ([\d.]+|none)(?:, IP subnet: \S+?\/(\d+))?/.exec(line) ?? [];
      if (address === 'none') add('ipv4');
      else if (address !== undefined && length !== undefined) add('ipv4', address, length);
    }
    for (const line of (inputs.get('show ipv6 interface vrf all') ?? '').split('\n')) {
      const start = /^(\S+?),? Interface status:/.exec(line)?.[1];
      if (start !== undefined) {
        name = start;
        add('ipv6');
      }
      const [, address, length] =
        /^\s*(?:IPv6 (?:link-local )?address: )?(?=[0-9A-Fa-f.]*:)([0-9A-Fa-f:.]+)(?:\/(\d+))?(?: \(\w+\))? \[(?:IN)?VALID\]/.exec(
          line,
        ) ?? [];
      if (address !== undefined) add('ipv6', address, length);
    }
    return result;
  },
};
