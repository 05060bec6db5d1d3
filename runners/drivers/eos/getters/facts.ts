import type { Getter } from '../../../getters/getter.ts';
import { at, entriesAt, jsonOf, textAt } from '../../../getters/json.ts';
import { byName } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';

/** From eAPI's JSON. The uptime is the device's own where it tells it, else counted from its boot. */
export const facts: Getter<Facts> = {
  requests: ['show version', 'show hostname', 'show interfaces'],
  parse: (inputs) => {
    const version = jsonOf(inputs, 'show version');
    const hostname = jsonOf(inputs, 'show hostname');
    const uptime = at(version, 'uptime');
    const booted = at(version, 'bootupTimestamp');
    const interfaces = entriesAt(jsonOf(inputs, 'show interfaces'), 'interfaces').map(([name]) => name);
    return {
      hostname: textAt(hostname, 'hostname') ?? null,
      fqdn: textAt(hostname, 'fqdn') ?? null,
      vendor: 'Arista',
      model: textAt(version, 'modelName') ?? null,
      os_version: textAt(version, 'internalVersion') ?? textAt(version, 'version') ?? null,
      serial_number: textAt(version, 'serialNumber') || null,
      uptime:
        typeof uptime === 'number'
          ? uptime
          : typeof booted === 'number'
            ? Math.max(0, Date.now() / 1000 - booted)
            : null,
      interface_list: interfaces.filter((name) => !name.includes('.')).sort(byName),
    };
  },
};
