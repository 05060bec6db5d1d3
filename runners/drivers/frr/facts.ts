import type { Facts } from '../../shapes.ts';

const known = (value: string | undefined): string | null =>
  value === undefined || value === '' || /^(?:not specified|none|to be filled.*|default string)$/i.test(value)
    ? null
    : value;

/** Reads what the facts script printed: lines of key=value. */
export const parseFacts = (output: string): Facts => {
  const values = new Map<string, string>();
  const interfaces: string[] = [];
  for (const line of output.split('\n')) {
    const at = line.indexOf('=');
    if (at === -1) continue;
    const key = line.slice(0, at);
    if (key === 'interface') interfaces.push(line.slice(at + 1));
    else values.set(key, line.slice(at + 1).trim());
  }
  const version = /^FRRouting (\S+) \((.*?)\)/.exec(values.get('version') ?? '');
  const uptime = Number.parseFloat(values.get('uptime') ?? '');
  const hostname = known(version?.[2] ?? values.get('hostname'));
  return {
    hostname,
    fqdn: known(values.get('fqdn')) ?? hostname,
    vendor: 'FRRouting',
    model: known([values.get('sys_vendor'), values.get('product_name')].filter(Boolean).join(' ')),
    os_version: version?.[1] ?? null,
    serial_number: known(values.get('product_serial')),
    uptime: Number.isFinite(uptime) ? Math.floor(uptime) : null,
    interface_list: interfaces.sort(new Intl.Collator('en', { numeric: true }).compare),
  };
};
