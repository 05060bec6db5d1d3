import { named } from '../../../../../core/by-name.ts';
import type { Getter, Inputs } from '../../../../getters/getter.ts';
import { pick } from '../../../../getters/values.ts';
import type { Facts } from '../../../../shapes.ts';
import { uptimeInWords } from '../../../ios/getters/facts.ts';
import { chassisSerial } from '../facts.ts';

const longNames: Record<string, string> = {
  Eth: 'Ethernet',
  Po: 'Port-channel',
  port_channel: 'Port-channel',
  mgmt: 'Management',
  Lo: 'Loopback',
  Tu: 'Tunnel',
  Vl: 'Vlan',
  Fa: 'FastEthernet',
  Gi: 'GigabitEthernet',
};

const longName = (name: string) =>
  name.replace(/^[A-Za-z_-]+/, (word) => named(longNames, word.replace('-', '_')) ?? named(longNames, word) ?? word);

/** JSON where the release has it, else the text of `show inventory`. */
const serialOf = (inputs: Inputs): string | null => {
  const json = inputs.get('show inventory | json');
  if (json?.trim().startsWith('{')) {
    try {
      return chassisSerial(JSON.parse(json));
    } catch {
      // an old release prints an error, or the text
    }
  }
  const text = inputs.get('show inventory') ?? '';
  return pick(text, /^NAME:\s+"Chassis",.*\n\s*PID:.*SN:\s+(\w*)/m) ?? null;
};

/** From the CLI's text. */
export const facts: Getter<Facts> = {
  requests: ['show version', 'show hosts', 'show interface status', 'show hostname', 'show inventory | json'],
  parse: (inputs) => {
    const version = inputs.get('show version') ?? '';
    const domain = pick(inputs.get('show hosts') ?? '', /Default domain.*is (?!not set)(\S+)/);
    const printed = (inputs.get('show hostname') ?? '').trim();
    const full = printed.split('.').length > 2;
    const hostname = full && domain && printed.endsWith(`.${domain}`) ? printed.slice(0, -domain.length - 1) : printed;
    const status = (inputs.get('show interface status') ?? '').split('\n');
    const interfaces = status
      .filter((line) => /^\S/.test(line) && !/^(?:-----|Port\s)/.test(line))
      .map((line) => longName(line.split(/\s+/)[0] ?? ''));
    return {
      hostname: hostname || null,
      fqdn: full ? printed : domain && hostname ? `${hostname}.${domain}` : null,
      vendor: 'Cisco',
      model:
        pick(version, /^.*\scisco (.{0,200} chassis)/im) ??
        pick(version, /^.*\scisco (.{0,200}) \(.{0,200}chassis/im) ??
        null,
      os_version: pick(version, /^[ \t]*(?:system:|NXOS:)\s+version\s+(\S+)/m) ?? null,
      serial_number: serialOf(inputs),
      uptime: uptimeInWords(/ uptime is (.+)/.exec(version)?.[1]),
      interface_list: interfaces,
    };
  },
};
