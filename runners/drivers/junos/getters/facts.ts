import type { Getter, Inputs } from '../../../getters/getter.ts';
import { at, jsonOf, textAt } from '../../../getters/json.ts';
import { toNumber } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';
import { children, descendants, textOf, type XmlElement } from '../../../xml.ts';
import { replyOf } from './replies.ts';

const first = (root: XmlElement | undefined, name: string) => descendants(root, name)[0];

/** What a connection already knew when it was captured: `{ facts: { hostname, model … }, uptime_seconds }`. */
const captured = (inputs: Inputs): Partial<Facts> => {
  const known = jsonOf(inputs, 'device_facts');
  if (known === undefined) return {};
  const fact = (name: string) => textAt(known, 'facts', name) ?? null;
  return {
    hostname: fact('hostname'),
    fqdn: fact('fqdn'),
    model: fact('model'),
    os_version: fact('version'),
    serial_number: fact('serialnumber'),
    uptime: toNumber(at(known, 'uptime_seconds')),
  };
};

/** From the RPCs' XML. */
export const facts: Getter<Facts> = {
  requests: [
    'get-system-information',
    'get-system-uptime-information',
    'get-chassis-inventory',
    'get-interface-information',
  ],
  parse: (inputs) => {
    const system = replyOf(inputs, 'get-system-information');
    const chassis = first(replyOf(inputs, 'get-chassis-inventory'), 'chassis');
    const uptime = first(replyOf(inputs, 'get-system-uptime-information'), 'up-time');
    const hostname = first(system, 'host-name')?.text.trim() ?? null;
    const physical = children(replyOf(inputs, 'get-interface-information'), 'physical-interface');
    return {
      hostname,
      fqdn: hostname,
      vendor: 'Juniper',
      model: first(system, 'hardware-model')?.text.trim() ?? textOf(chassis, 'description') ?? null,
      os_version: first(system, 'os-version')?.text.trim() ?? null,
      serial_number: first(system, 'serial-number')?.text.trim() ?? textOf(chassis, 'serial-number') ?? null,
      uptime: toNumber(uptime?.attributes.seconds),
      ...captured(inputs),
      interface_list: physical.map((each) => textOf(each, 'name') ?? ''),
    };
  },
};
