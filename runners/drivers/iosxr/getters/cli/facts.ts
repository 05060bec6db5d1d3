import type { Getter } from '../../../../getters/getter.ts';
import { pick } from '../../../../getters/values.ts';
import type { Facts } from '../../../../shapes.ts';
import { uptimeInWords } from '../../../ios/getters/facts.ts';

const commands = [
  'show version',
  'show inventory',
  'show ipv4 interface brief',
  'show running-config hostname',
] as const;
const [version, inventory, brief, hostname] = commands;

/** From the CLI's text; IOS-XR tells its own name in its configuration alone. */
export const facts: Getter<Facts> = {
  requests: commands,
  parse: (inputs) => {
    const text = (command: string) => inputs.get(command) ?? '';
    const get = (from: string, pattern: RegExp) => pick(text(from), pattern) ?? null;
    return {
      hostname: get(hostname, /^hostname (\S+)/m),
      fqdn: null,
      vendor: 'Cisco',
      model: get(inventory, /PID: (\S+)/) ?? get(version, /^cisco (.*?)(?: \(| processor)/m),
      os_version: get(version, /Version\s*:?\s*([\w.]+)/),
      serial_number: get(inventory, /SN: (\S+)/),
      uptime: uptimeInWords(pick(text(version), / uptime is (.+)/)),
      interface_list: [...text(brief).matchAll(/^([A-Z][\w/.-]*\d)\s/gm)].map(([, name = '']) => name),
    };
  },
};
