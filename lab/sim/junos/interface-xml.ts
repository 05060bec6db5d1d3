import type { Interface } from '../config/interfaces.ts';
import { child, value } from '../config/tree.ts';
import { junosSpace } from './hardware.ts';
import { elapsed, type JunosParts, leaf } from './oper.ts';

/** How much is asked for. */
type Detail = { terse: boolean; extensive: boolean; name: string | undefined };

const counters = (device: JunosParts['device'], extensive: boolean): string => {
  const seconds = Math.floor(device.uptime);
  const traffic = `<traffic-statistics>${leaf('input-bytes', seconds * 240)}${leaf('output-bytes', seconds * 220)}${leaf('input-packets', seconds * 2)}${leaf('output-packets', seconds * 2)}</traffic-statistics>`;
  if (!extensive) return traffic;
  const errors = `<input-error-list>${leaf('input-errors', 0)}${leaf('input-drops', 0)}${leaf('input-discards', 0)}</input-error-list><output-error-list>${leaf('output-errors', 0)}${leaf('output-drops', 0)}</output-error-list>`;
  const frames = ['input', 'output']
    .map(
      (way) => `${leaf(`${way}-unicasts`, seconds * 2)}${leaf(`${way}-broadcasts`, 0)}${leaf(`${way}-multicasts`, 0)}`,
    )
    .join('');
  return `${traffic}${errors}<ethernet-mac-statistics>${frames}</ethernet-mac-statistics>`;
};

const families = ({ ipv4, ipv6 }: Interface, terse: boolean): string =>
  [
    { name: 'inet', addresses: ipv4 },
    { name: 'inet6', addresses: ipv6 },
  ]
    .filter(({ addresses }) => addresses.length > 0)
    .map(({ name, addresses }) => {
      const rows = addresses.map((address) => {
        const local = terse ? address : (address.split('/')[0] ?? '');
        return `<interface-address>${leaf('ifa-local', local)}${terse ? '' : leaf('ifa-destination', address)}</interface-address>`;
      });
      return `<address-family>${leaf('address-family-name', name)}${rows.join('')}</address-family>`;
    })
    .join('');

const matches = (wanted: string | undefined, name: string): boolean => {
  if (wanted === undefined || wanted === name || wanted === name.replace(/\.\d+$/, '')) return true;
  const glob = wanted.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${glob}$`).test(name);
};

/** `get-interface-information`: ports and their units, with counters and all else unless it is terse. */
export const interfaces = ({ device }: JunosParts, { terse, extensive, name: wanted }: Detail): string => {
  const units = device.interfaces();
  const ports = (child(device.running, 'interfaces')?.children ?? []).filter(({ text }) => matches(wanted, text));
  const status = (up: boolean) => (up ? 'up' : 'down');
  const rows = ports.map((port) => {
    const own = units.filter(({ name }) => name.startsWith(`${port.text}.`));
    const enabled = !child(port, 'disable');
    const carrier = own.length === 0 ? device.hasCarrier(port.text) : own.some(({ up, enabled: on }) => up || !on);
    const description = (value(port, 'description') ?? '').replace(/^"|"$/g, '');
    const more = terse
      ? ''
      : `${leaf('if-type', /^lo/.test(port.text) ? 'Loopback' : 'Ethernet')}${leaf('link-level-type', 'Ethernet')}${leaf('mtu', value(port, 'mtu') ?? (/^lo/.test(port.text) ? 'Unlimited' : '1514'))}${/^lo/.test(port.text) ? '' : leaf('speed', '1000mbps')}${leaf('current-physical-address', '0c:00:00:aa:bb:01')}${leaf('hardware-physical-address', '0c:00:00:aa:bb:01')}<interface-flapped junos:seconds="${Math.floor(device.uptime)}">${elapsed(device.uptime)} ago</interface-flapped>${counters(device, extensive)}`;
    const logical = own.map((unit) => {
      const told = unit.description === '' ? '' : leaf('description', unit.description);
      const flags = terse
        ? `${leaf('admin-status', status(unit.enabled))}${leaf('oper-status', status(unit.up))}`
        : `<if-config-flags>${unit.up ? '<iff-up/>' : '<iff-down/>'}</if-config-flags>${counters(device, extensive)}`;
      return `<logical-interface>${leaf('name', unit.name)}${flags}${told}${families(unit, terse)}</logical-interface>`;
    });
    return `<physical-interface>${leaf('name', port.text)}${leaf('admin-status', status(enabled))}${leaf('oper-status', status(enabled && carrier))}${description === '' ? '' : leaf('description', description)}${more}${logical.join('')}</physical-interface>`;
  });
  return `<interface-information ${junosSpace}>${rows.join('')}</interface-information>`;
};
