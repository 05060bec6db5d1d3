import { describe, expect, it } from 'vitest';
import { ciscoClock } from '../../../../runners/drivers/cisco/getters/clock.ts';
import { clock as eosClock } from '../../../../runners/drivers/eos/getters/clock.ts';
import { clock as junosClock } from '../../../../runners/drivers/junos/getters/clock.ts';
import { clockOfEpoch } from '../../../../runners/getters/clock.ts';
import type { Getter } from '../../../../runners/getters/getter.ts';

const read = <T>({ parse }: Getter<T>, answer: string | undefined) => parse({ get: () => answer });
const at = Date.parse('2026-11-03T12:03:04Z');

describe("a device's clock", () => {
  it.each([
    ['IOS', '*12:03:04.567 UTC Tue Nov 3 2026\n'],
    ['IOS, by NTP once', '.12:03:04.567 GMT Tue Nov 3 2026'],
    ['IOS-XR, below its own time stamp', 'Tue Nov  3 12:03:04.120 UTC\n12:03:04.168 UTC Tue Nov 3 2026\n'],
    ['NX-OS, with the source', '12:03:04.567 UTC Tue Nov 03 2026\nTime source is NTP\n'],
  ])('is read of %s', (_, output) => expect(read(ciscoClock, output)).toEqual({ at }));

  it('in a zone of which nobody says how far it is from UTC is no time', () => {
    expect(read(ciscoClock, '12:03:04.567 CST Tue Nov 3 2026\n')).toEqual({ zone: 'CST' });
  });

  it.each(['', '% Invalid input detected', '12:03:04 UTC Tue Nov 3', '12:03:04.5 UTC Tue Brumaire 3 2026'])(
    'is not guessed from %j',
    (output) => expect(read(ciscoClock, output)).toBeNull(),
  );

  it('of EOS and Junos is the one that they count, not the local one that they show', () => {
    expect(read(eosClock, '{"utcTime": 1793707384.5, "timezone": "Europe/Berlin"}')).toEqual({ at: at + 500 });
    expect(read(eosClock, '{"timezone": "UTC"}')).toBeNull();
    const reply = (time: string) =>
      `<system-uptime-information xmlns:junos="x"><current-time>${time}</current-time></system-uptime-information>`;
    expect(
      read(junosClock, reply('<date-time junos:seconds="1793707384">2026-11-03 04:03:04 PST</date-time>')),
    ).toEqual({ at });
    expect(read(junosClock, reply('<date-time>2026-11-03 04:03:04 PST</date-time>'))).toBeNull();
    expect(read(junosClock, undefined)).toBeNull();
  });

  it('of a server is what date +%s prints, and nothing else', () => {
    expect(clockOfEpoch('1793707384\n')).toEqual({ at });
    expect(clockOfEpoch('Tue Nov  3 12:03:04 UTC 2026\n')).toBeNull();
    expect(clockOfEpoch('')).toBeNull();
  });
});
