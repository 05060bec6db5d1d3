import { byName } from '../../../../core/by-name.ts';
import { addAddress } from '../../../getters/addresses.ts';
import type { Getter, Inputs } from '../../../getters/getter.ts';
import { jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toNumber } from '../../../getters/values.ts';
import type { InterfacesIp } from '../../../shapes.ts';

const jsonCommand = 'ip -j addr';
const textCommand = 'ip addr';

/** Older releases of iproute2, and busybox, know no `-j`: some say so, some print the text all the same. */
const isJson = (text: string | undefined) => text !== undefined && /^\s*\[/.test(text);

const fromText = (inputs: Inputs): InterfacesIp => {
  const result: InterfacesIp = byName();
  let name = '';
  for (const line of (inputs.get(textCommand) ?? '').split('\n')) {
    name = /^\d+: ([^\s:@]+)/.exec(line)?.[1] ?? name;
    const [, address, length] = /^\s+inet6? ([0-9A-Fa-f:.]+)(?: peer [0-9A-Fa-f:.]+)?(?:\/(\d+))?\s/.exec(line) ?? [];
    if (address !== undefined) {
      addAddress(result, name, address, Number(length ?? (address.includes(':') ? 128 : 32)));
    }
  }
  return result;
};

/** From iproute2's JSON, or its text; interfaces without addresses are not listed. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: [jsonCommand],
  parse: (inputs) => {
    if (!isJson(inputs.get(jsonCommand))) return fromText(inputs);
    const result: InterfacesIp = byName();
    for (const link of listAt(jsonOf(inputs, jsonCommand))) {
      for (const each of listAt(link, 'addr_info')) {
        const [address, length] = [textAt(each, 'local'), toNumber(textAt(each, 'prefixlen'))];
        if (address !== undefined && length !== null) addAddress(result, textAt(link, 'ifname') ?? '', address, length);
      }
    }
    return result;
  },
};
