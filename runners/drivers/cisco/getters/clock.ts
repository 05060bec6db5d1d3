import type { Getter } from '../../../getters/getter.ts';
import type { ClockReading } from '../../../shapes.ts';

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `*12:03:04.567 UTC Mon Nov 30 2026`; a `*` or `.` before it tells of NTP. */
const shown = /^[*.]?(\d\d:\d\d:\d\d)(?:\.\d+)? (\S+) (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3}) +(\d{1,2}) (\d{4})\s*$/m;

/**
 * `show clock` of IOS, IOS-XR and NX-OS, which have it alike. What a zone is called is for whoever configures it to choose:
 * only the names that mean UTC are taken for a time.
 */
export const ciscoClock: Getter<ClockReading | null> = {
  requests: ['show clock'],
  parse: (inputs) => {
    const [, time, zone = '', month = '', day = '', year] = shown.exec(inputs.get('show clock') ?? '') ?? [];
    const number = months.indexOf(month) + 1;
    if (time === undefined || number === 0) return null;
    if (!/^(?:UTC|GMT|Z)$/.test(zone)) return { zone };
    return { at: Date.parse(`${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}T${time}Z`) };
  },
};
