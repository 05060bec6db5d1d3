import { byName } from '../../../../core/by-name.ts';
import type { Getter } from '../../../getters/getter.ts';
import { toAddress } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';

// Sources: Huawei "display ip interface brief", "display ip interface", "display ipv6 interface"; HPE the same; captures of both.

const brief = 'display ip interface brief';
const long = 'display ip interface';
const six = 'display ipv6 interface';

/** Names of both families begin a line like this: `Vlan-interface1 current state: UP`. */
const named = /^(\S+) current state\s*:/i;

const add = (result: InterfacesIp, name: string, family: 'ipv4' | 'ipv6', address: string, length: string): void => {
  const entry = result[name] ?? {};
  entry[family] = { ...entry[family], [toAddress(address)]: { prefix_length: Number(length) } };
  result[name] = entry;
};

const fromBrief = (result: InterfacesIp, text: string): void => {
  for (const line of text.split('\n')) {
    const [, name, address, length] = /^(\S+)\s.*?\b(\d+\.\d+\.\d+\.\d+)\/(\d+)\b/.exec(line) ?? [];
    if (name !== undefined && address !== undefined && length !== undefined) add(result, name, 'ipv4', address, length);
  }
};

const fromLong = (result: InterfacesIp, text: string): void => {
  let name = '';
  for (const line of text.split('\n')) {
    name = named.exec(line)?.[1] ?? name;
    const [, address, length] = /Internet Address(?: is|\s*:)\s*(\d+\.\d+\.\d+\.\d+)\/(\d+)/i.exec(line) ?? [];
    if (address !== undefined && length !== undefined) add(result, name, 'ipv4', address, length);
  }
};

/** Link-local addresses are told without a length, and left out. */
const fromSix = (result: InterfacesIp, text: string): void => {
  let name = '';
  for (const line of text.split('\n')) {
    name = named.exec(line)?.[1] ?? name;
    const [, address, length] = /^\s+([\dA-Fa-f:.]+),\s+subnet is\s+[\dA-Fa-f:.]+\/(\d+)/.exec(line) ?? [];
    if (address !== undefined && length !== undefined) add(result, name, 'ipv6', address, length);
  }
};

/** Huawei VRP: its short form shows one address with its mask for each interface, the long one secondary ones as well. */
export const vrpInterfacesIp: Getter<InterfacesIp> = {
  requests: [brief, long, six],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    fromBrief(result, inputs.get(brief) ?? '');
    fromLong(result, inputs.get(long) ?? '');
    fromSix(result, inputs.get(six) ?? '');
    return result;
  },
};

/** HP Comware: its short form tells no masks. */
export const comwareInterfacesIp: Getter<InterfacesIp> = {
  requests: [long, six],
  parse: (inputs) => {
    const result: InterfacesIp = byName();
    fromLong(result, inputs.get(long) ?? '');
    fromSix(result, inputs.get(six) ?? '');
    return result;
  },
};
