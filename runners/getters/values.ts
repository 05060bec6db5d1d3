import { isIPv6 } from 'node:net';

/** A whole number as a device writes it; null for anything else. */
export const toNumber = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null;
  return typeof value === 'string' && /^\s*-?\d+(?:\.\d*)?\s*$/.test(value) ? Math.trunc(Number(value)) : null;
};

/** An AS number as an integer, also from asdot (`1.10` is 65546). */
export const toAs = (value: unknown): number | null => {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const [, high, low] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  return high === undefined ? toNumber(text) : Number(high) * 65_536 + Number(low);
};

/** An address in its one canonical form: IPv6 in lower case with its longest run of zeros left out. */
export const toAddress = (text: string): string => {
  const [address = '', zone] = text.trim().split('%');
  if (!isIPv6(address)) return text.trim();
  const canonical = address.includes('.')
    ? address.toLowerCase()
    : new URL(`http://[${address}]`).hostname.slice(1, -1);
  return zone === undefined ? canonical : `${canonical}%${zone}`;
};

/** An identifier that is none: a session that is not up has no peer that told its own. */
export const toRouterId = (text: string | undefined | null): string | null =>
  text === undefined || text === null || text === '' || text === '0.0.0.0' ? null : text;

const secondsOf: Record<string, number> = { y: 31_536_000, w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Seconds of `00:01:02`, `1d02h`, `6w3d`, `1y2w`, `0002h36m`, `3 days, 02:01:00`, `P3DT2H1M`; null for `never`. */
export const toSeconds = (text: string): number | null => {
  if (/^P[\dYMWDTHS.]+$/.test(text)) return isoSeconds(text);
  const clock = /^(?:(\d+) days?,? )?(\d+):(\d+):(\d+)(?:\.\d+)?$/.exec(text.trim());
  if (clock) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = clock.slice(1).map((part) => Number(part ?? 0));
    return days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
  }
  const parts = [...text.matchAll(/(?<!\d)(\d+)([ywdhms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text.trim()) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (secondsOf[unit ?? ''] ?? 0), 0);
};

/** NX-OS prints its times as ISO 8601 durations in some releases. */
const isoSeconds = (text: string): number | null => {
  const [, years, months, weeks, days, hours, minutes, seconds] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(text) ?? [];
  const n = (part: string | undefined) => Number(part ?? 0);
  if (/^PT?$/.test(text)) return null;
  const wholeDays = n(years) * 365 + n(months) * 30 + n(weeks) * 7 + n(days);
  return wholeDays * 86_400 + n(hours) * 3_600 + n(minutes) * 60 + n(seconds);
};

/** Orders names as people do: Ethernet2 before Ethernet10. */
export const byName = (first: string, second: string): number => {
  const parts = (name: string) => name.toLowerCase().split(/(\d+)/);
  const [left, right] = [parts(first), parts(second)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    return index % 2 === 1 ? Number(part) - Number(other) : part < other ? -1 : 1;
  }
  return left.length - right.length;
};

/** The first group of the first match in a text; undefined where there is none. */
export const pick = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1]?.trim();
