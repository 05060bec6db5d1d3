import type { Getter } from '../../../getters/getter.ts';
import { jsonOf, listAt, textAt } from '../../../getters/json.ts';
import { toNumber } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';

/** The row of the chassis in `show inventory`; its name may hold its quotes. */
export const chassisOf = (inventory: unknown): unknown =>
  listAt(inventory, 'TABLE_inv')
    .flatMap((table) => listAt(table, 'ROW_inv'))
    .find((row) => textAt(row, 'name')?.replaceAll('"', '') === 'Chassis');

/** The serial number of the chassis in `show inventory`. */
export const chassisSerial = (inventory: unknown): string | null => textAt(chassisOf(inventory), 'serialnum') ?? null;

/** From NX-API's JSON. */
export const facts: Getter<Facts> = {
  requests: ['show version', 'show hostname', 'show inventory', 'show interface'],
  parse: (inputs) => {
    const version = jsonOf(inputs, 'show version');
    const part = (name: string) => toNumber(textAt(version, `kern_uptm_${name}`));
    const [days, hours, minutes, seconds] = ['days', 'hrs', 'mins', 'secs'].map(part);
    const known = [days, hours, minutes, seconds].some((each) => typeof each === 'number');
    const rows = listAt(jsonOf(inputs, 'show interface'), 'TABLE_interface').flatMap((table) =>
      listAt(table, 'ROW_interface'),
    );
    return {
      hostname: textAt(version, 'host_name') ?? null,
      fqdn: textAt(jsonOf(inputs, 'show hostname'), 'hostname') ?? null,
      vendor: 'Cisco',
      model: textAt(version, 'chassis_id') ?? null,
      os_version:
        ['sys_ver_str', 'nxos_ver_str', 'kickstart_ver_str'].map((name) => textAt(version, name)).find(Boolean) ?? null,
      serial_number: chassisSerial(jsonOf(inputs, 'show inventory')),
      uptime: known ? (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0) : null,
      interface_list: rows.map((row) => textAt(row, 'interface') ?? ''),
    };
  },
};
