import { describe, expect, it } from 'vitest';
import { faults, waits } from '../../../wire/faulty-wire.ts';
import { strike } from '../../../wire/strike.ts';
import { transports } from '../../../wire/transports.ts';

describe.each(Object.entries(transports))('%s', (name, start) => {
  it('outlives a reset in the first milliseconds, when a connection changes hands', async () => {
    await using transport = await start();
    const limits = { loginMs: 3_000, commandMs: 500 };
    const times = Array.from({ length: 40 }, (_, index) => 1 + index / 8);
    await Promise.all(times.map((lateMs) => strike(transport, 'reset', 0, limits, lateMs)));
  });

  it('ends with a failure of the table, in time, with nothing left open, whatever the network does', async () => {
    await using transport = await start();
    const quick = { loginMs: 2_000, commandMs: 500 };
    const patient = { loginMs: 500, commandMs: 300 };
    const atOnce = faults.filter((fault) => !waits.has(fault));
    const first = atOnce.flatMap((fault) => [0, 1, 2, 3, 5, 8].map((at) => strike(transport, fault, at, quick)));
    const ended = await Promise.all(first);
    const later = [...waits].flatMap((fault) => [0, 1, 3, 14].map((at) => strike(transport, fault, at, patient)));
    ended.push(...(await Promise.all(later)));
    // at the connection, and at the first word but of who says none
    const struck = ended.filter((one) => one.struck).length;
    expect(struck).toBeGreaterThanOrEqual(name === "doctor's look" ? faults.length : 2 * faults.length);
  });
});
