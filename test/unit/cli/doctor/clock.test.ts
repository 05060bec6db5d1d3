import { describe, expect, it } from 'vitest';
import { checkClock } from '../../../../cli/doctor/clock.ts';
import { putRecord } from '../../../../core/store/records.ts';
import { natsForTest } from '../../../nats.ts';

const hour = 3_600_000;

describe("plumb doctor, of the server's clock", () => {
  it('says how far it is ahead or behind, and what to do', async () => {
    await using nats = await natsForTest();
    await putRecord(nats.store.lease, 'leaf1', { runner: 'r1', epoch: 1 });
    const at = (ms: number) => checkClock(nats.store, true, Date.now() + ms);
    expect(await at(0)).toMatchObject({ check: 'clock', result: 'ok' });
    expect(await at(-3 * hour)).toMatchObject({ result: 'warn', detail: expect.stringContaining('3h ahead of') });
    expect(await at(3 * hour)).toMatchObject({ result: 'warn', detail: expect.stringContaining('behind') });
    expect((await at(3 * hour)).fix).toContain('timedatectl');
    expect(await checkClock(nats.store, false, Date.now() + 3 * hour)).toMatchObject({ result: 'ok' });
  });
});
