import { byName } from '../../../../core/by-name.ts';
import { addAddress } from '../../../getters/addresses.ts';
import type { Getter } from '../../../getters/getter.ts';
import { entriesAt, listAt, textAt } from '../../../getters/json.ts';
import type { InterfacesIp } from '../../../shapes.ts';
import { replyOf } from './answers.ts';

/** Names and addresses of all interfaces of all VRFs. */
export const interfacesCommand = 'show interface vrf all json';
const textCommand = 'show interface vrf all';

/** From the text of releases whose `show interface` prints no JSON. */
const fromText = (text: string): InterfacesIp => {
  const result: InterfacesIp = byName();
  let name = '';
  for (const line of text.split('\n')) {
    name = /^Interface (\S+) is /.exec(line)?.[1] ?? name;
    const [, address, length] = /^ +inet6? ([0-9A-Fa-f:.]+)(?: peer [0-9A-Fa-f:.]+)?\/(\d+)/.exec(line) ?? [];
    if (address !== undefined) addAddress(result, name, address, Number(length));
  }
  return result;
};

/** From zebra's JSON, or its text where the release has none; interfaces without addresses are not listed. */
export const interfacesIp: Getter<InterfacesIp> = {
  requests: [interfacesCommand],
  parse: (inputs) => {
    const json = replyOf(inputs, interfacesCommand);
    if (json === undefined) return fromText(inputs.get(textCommand) ?? '');
    const result: InterfacesIp = byName();
    for (const [name, value] of entriesAt(json)) {
      for (const each of listAt(value, 'ipAddresses')) {
        const [address = '', length] = textAt(each, 'address')?.split('/') ?? [];
        if (length !== undefined) addAddress(result, name, address, Number(length));
      }
    }
    return result;
  },
};
