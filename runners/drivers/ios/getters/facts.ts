import type { Getter } from '../../../getters/getter.ts';
import { pick } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';

const unitSeconds: Record<string, number> = {
  year: 31_536_000,
  week: 604_800,
  day: 86_400,
  hour: 3_600,
  minute: 60,
  second: 1,
};

/** Seconds of `27 weeks, 4 days, 16 minutes`; null where it is no such text. */
export const uptimeInWords = (text: string | undefined): number | null => {
  const parts = [...(text ?? '').matchAll(/(?<!\d)(\d+) (year|week|day|hour|minute|second)(?:s|\(s\))?/g)];
  if (parts.length === 0) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? ''] ?? 0), 0);
};

/** From `show version`; the domain from `show hosts`. */
export const facts: Getter<Facts> = {
  requests: ['show version', 'show hosts', 'show ip interface brief'],
  parse: (inputs) => {
    const version = inputs.get('show version') ?? '';
    const [, hostname = null, uptime] = /^(.*\S) uptime is (.+)$/m.exec(version) ?? [];
    const domain = pick(inputs.get('show hosts') ?? '', /Default domain is (?!not set)(\S+)/);
    const brief = (inputs.get('show ip interface brief') ?? '').split(/Any interface listed with.*/).at(-1) ?? '';
    const interfaces = brief
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^Interface\s/.test(line) && !/^%/.test(line))
      .map((line) => line.trim().split(/\s+/)[0] ?? '');
    return {
      hostname,
      fqdn: hostname !== null && domain !== undefined ? `${hostname}.${domain}` : null,
      vendor: 'Cisco',
      model: pick(version, /Cisco (\S{1,64}) .{1,300}bytes of/i) ?? null,
      os_version:
        pick(version, /^(?:Cisco IOS Software(?: \[.*?\])?, |IOS \(tm\) )(.*Version.*|.*Software.*)$/m) ?? null,
      serial_number: pick(version, /Processor board ID (.+)/) ?? null,
      uptime: uptimeInWords(uptime),
      interface_list: interfaces,
    };
  },
};
