import { describe, expect, it } from 'vitest';
import { inLab } from '../../../../cli/inventory/lab-inventory.ts';
import type { LabAccess } from '../../../../cli/inventory/run-file.ts';
import { byName } from '../../../../core/by-name.ts';
import type { Inventory } from '../../../../core/inventory/schema.ts';
import { targetOf } from '../../../../lab/proof/target.ts';

const { device } = targetOf({ platform: 'eos', port: 22 }, { knownHosts: '' });
const inventoryOf = (...names: string[]): Inventory => ({
  path: 'inventory.yml',
  site: 'dc1',
  lab: true,
  devices: new Map(names.map((name) => [name, { ...device, name, host: 'as-written' }])),
});

describe('a device of a lab', () => {
  const devices: LabAccess['devices'] = byName();

  it('is where the lab put it, whatever it is called, and elsewhere where the lab has none of that name', () => {
    for (const name of ['leaf1', '__proto__']) devices[name] = { host: name, port: 2201, options: { pathspace: 'a' } };
    const stored = JSON.parse(JSON.stringify({ knownHosts: '', devices })) as LabAccess; // as the other verbs read it
    for (const lab of [{ knownHosts: '', devices }, stored]) {
      const { devices: moved } = inLab(inventoryOf('leaf1', '__proto__', 'constructor', 'toString'), lab);
      expect([...moved.values()].map(({ host, port }) => [host, port])).toEqual([
        ['leaf1', 2201],
        ['__proto__', 2201],
        ['as-written', 22],
        ['as-written', 22],
      ]);
    }
  });
});
