import type { Getter } from '../../../getters/getter.ts';
import { pick } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';
import { statusCommand } from './bgp.ts';
import { secondsSince } from './time.ts';

const interfacesCommand = 'show interfaces';

/** From birdc's text: the daemon, not the machine that it runs on. */
export const facts: Getter<Facts> = {
  requests: [statusCommand, interfacesCommand],
  parse: (inputs) => {
    const status = inputs.get(statusCommand) ?? '';
    const get = (pattern: RegExp) => pick(status, pattern) ?? null;
    const now = get(/Current server time is (\S+ \S+)/);
    const reboot = get(/Last reboot on (\S+ \S+)/);
    return {
      hostname: get(/Hostname is (\S+)/),
      fqdn: null,
      vendor: 'CZ.NIC',
      model: 'BIRD',
      os_version: get(/BIRD (?:version )?(\d\S*)/),
      serial_number: null,
      uptime: now && reboot ? secondsSince(reboot, now) : null,
      interface_list: [...(inputs.get(interfacesCommand) ?? '').matchAll(/^(\S+) (?:up|down|unknown)/gm)].map(
        ([, name = '']) => name,
      ),
    };
  },
};
