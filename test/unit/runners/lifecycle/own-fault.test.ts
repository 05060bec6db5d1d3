import { describe, expect, it } from 'vitest';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { deployForTest, runnerForTest } from '../../../runner.ts';

const old = 'hostname leaf1\nrouter bgp 65001\n';
const wanted = `${old} neighbor 10.0.0.0\n`;

describe("a fault of Plumbline's own", () => {
  it.each([
    ['load', 'internal'],
    ['commit', 'internal'],
    ['committed', 'internal'],
    ['bgp', 'internal'],
  ])('at %s ends its job, which says so, and undoes it', async (at, code) => {
    await using nats = await natsForTest();
    const device = new FakeDevice(old);
    device.on = (operation) => {
      if (operation === at) throw new TypeError('fake: undefined is not a function');
    };
    await using runner = await runnerForTest(nats.store, device);
    const job = await deployForTest(nats.store, wanted, { confirmSeconds: 3 });
    expect(job.outcome).toMatchObject({ kind: 'failed', code, detail: expect.stringContaining('is not a function') });
    expect([device.running, device.startup]).toEqual([old, old]);
    expect(runner.devices()).toEqual(['leaf1']);
  });
});
