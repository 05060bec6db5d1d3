import type { Getter } from '../../../getters/getter.ts';
import { entriesAt } from '../../../getters/json.ts';
import { byName, pick } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';
import { replyOf } from './answers.ts';
import { interfacesCommand } from './interfaces-ip.ts';

const versionCommand = 'show version';

/** From FRR alone; a session asks Linux for the machine's model, serial number and uptime, too. */
export const facts: Getter<Facts> = {
  requests: [versionCommand, interfacesCommand],
  parse: (inputs) => {
    const [, version, hostname] = /^FRRouting (\S+) \((.*?)\)/m.exec(inputs.get(versionCommand) ?? '') ?? [];
    return {
      hostname: hostname || null,
      fqdn: null,
      vendor: 'FRRouting',
      model: null,
      os_version: version ?? pick(inputs.get(versionCommand) ?? '', /^FRRouting (\S+)/m) ?? null,
      serial_number: null,
      uptime: null,
      interface_list: entriesAt(replyOf(inputs, interfacesCommand))
        .map(([name]) => name)
        .sort(byName),
    };
  },
};
