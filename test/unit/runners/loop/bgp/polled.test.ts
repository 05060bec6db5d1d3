import { expect, it } from 'vitest';
import { BgpDay, subjects } from '../../../../../core/bus.ts';
import { parseRecord } from '../../../../../core/store/records.ts';
import { FakeDevice, peer } from '../../../../fake-device.ts';
import { natsForTest } from '../../../../nats.ts';
import { runnerForTest } from '../../../../runner.ts';

it('each poll of a device is kept: what flaps, that it does not answer, and where its runner left off', async () => {
  await using nats = await natsForTest();
  const written = nats.store.nc.subscribe(subjects.stored('dc1', 'bgp', '>'))[Symbol.asyncIterator]();
  const next = async (wanted: (day: BgpDay) => boolean): Promise<BgpDay> => {
    for (;;) {
      const { value } = await written.next();
      const day = value && parseRecord(BgpDay, value.data);
      if (day && wanted(day)) return day;
    }
  };
  const device = new FakeDevice('hostname leaf1\n');
  device.bgp = () => ({ global: { router_id: null, peers: { '10.1.1.0': peer({ uptime: null }) } } });
  const runner = await runnerForTest(nats.store, device, { pollSeconds: 0.2 });
  try {
    const first = await next(({ sessions }) => sessions.length > 0);
    expect(first).toMatchObject({ device: 'leaf1', open: true, flaps: [], sessions: [{ states: [{ is: 'up' }] }] });
    device.bgp = () => ({
      global: { router_id: null, peers: { '10.1.1.0': peer({ is_up: false, uptime: null, state: 'Idle' }) } },
    });
    const flapped = await next(({ flaps }) => flaps.length > 0);
    expect(flapped.flaps).toMatchObject([{ peer: '10.1.1.0', was: 'up', is: 'down', said: 'Idle' }]);
    device.bgp = () => {
      throw new Error('the line was cut');
    };
    const closed = await next(({ open }) => !open);
    device.bgp = () => ({ global: { router_id: null, peers: { '10.1.1.0': peer({ uptime: null }) } } });
    const back = await next(({ open }) => open);
    expect(back.flaps).toMatchObject([{ was: 'down', is: 'up' }]);
    expect(back.seen.length).toBe(closed.seen.length + 1);
  } finally {
    await runner[Symbol.asyncDispose]();
  }
  await next(({ open }) => !open);
});
