import { byName } from '../../../../core/by-name.ts';
import { addAddress } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import type { InterfacesIp } from '../../../shapes.ts';

// Sources: Huawei "display ip interface brief", "display ip interface", "display ipv6 interface"; HPE the same; captures of both.

const brief = 'display ip interface brief';
const long = 'display ip interface';
const six = 'display ipv6 interface';

/** Names of both families begin a line like this: `Vlan-interface1 current state: UP`. */
const named = /^(\S+) current state\s*:/i;

const inBrief = /^(\S+)\s.*?\b(\d+\.\d+\.\d+\.\d+)\/(\d+)\b/;
const inLong = /Internet Address(?: is|\s*:)\s*(\d+\.\d+\.\d+\.\d+)\/(\d+)/i;
/** Link-local addresses are told without a length, and left out. */
const inSix = /^\s+([\dA-Fa-f:.]+),\s+subnet is\s+[\dA-Fa-f:.]+\/(\d+)/;

const fromBrief = (result: InterfacesIp, text: string): void => {
  for (const line of text.split('\n')) {
    const [, name = '', address, length] = inBrief.exec(line) ?? [];
    if (address !== undefined) addAddress(result, name, address, Number(length));
  }
};

const fromBlocks = (result: InterfacesIp, text: string, pattern: RegExp): void => {
  let name = '';
  for (const line of text.split('\n')) {
    name = named.exec(line)?.[1] ?? name;
    const [, address, length] = pattern.exec(line) ?? [];
    if (address !== undefined) addAddress(result, name, address, Number(length));
  }
};

/** Huawei VRP: its short form shows one address with its mask for each interface, the long one secondary ones as well. */
export const vrpInterfacesIp: Getter<InterfacesIp> = {
  requests: [brief, long, six],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    fromBrief(result, inputs.get(brief) ?? '');
    fromBlocks(result, inputs.get(long) ?? '', inLong);
    fromBlocks(result, inputs.get(six) ?? '', inSix);
    return result;
  },
};

/** HP Comware: its short form tells no masks. */
export const comwareInterfacesIp: Getter<InterfacesIp> = {
  requests: [long, six],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    fromBlocks(result, inputs.get(long) ?? '', inLong);
    fromBlocks(result, inputs.get(six) ?? '', inSix);
    return result;
  },
};
