import type { InterfacesIp } from '../../driver.ts';
import type { Getter } from '../getter.ts';

/** Huawei VRP and HP Comware: IPv4 of every interface; older releases tell the mask only in the long form. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: ['display ip interface brief'],
  parse: (inputs) => {
    const result: InterfacesIp = {};
    const add = (name: string, address: string, length: string) => {
      const known = result[name]?.ipv4 ?? {};
      result[name] = { ipv4: { ...known, [address]: { prefix_length: Number(length) } } };
    };
    const brief = inputs.get('display ip interface brief') ?? '';
    for (const line of brief.split(/\r?\n/)) {
      const [, name, address, length] = /^(\S+)\s.*?\b(\d+\.\d+\.\d+\.\d+)\/(\d+)\b/.exec(line) ?? [];
      if (name !== undefined && address !== undefined && length !== undefined) add(name, address, length);
    }
    if (Object.keys(result).length > 0 || !/\d+\.\d+\.\d+\.\d+/.test(brief)) return result;
    let name = '';
    for (const line of (inputs.get('display ip interface') ?? '').split(/\r?\n/)) {
      name = /^(\S+) current state\s*:/i.exec(line)?.[1] ?? name;
      const [, address, length] = /Internet Address(?: is|\s*:)\s*(\d+\.\d+\.\d+\.\d+)\/(\d+)/i.exec(line) ?? [];
      if (address !== undefined && length !== undefined) add(name, address, length);
    }
    return result;
  },
};
