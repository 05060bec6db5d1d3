import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lead } from '../../../../api/webhooks/lead.ts';
import { natsForTest } from '../../../nats.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());

describe('the lead', () => {
  it('is taken over from an instance that says no more, and no sooner; that one leads no more by then', async () => {
    const [first, second] = [new Lead(nats.store, 1_000), new Lead(nats.store, 1_000)];
    await first.renew();
    expect(first.holds).toBe(true);
    const heardMs = performance.now();
    await expect
      .poll(async () => {
        await second.renew(); // the first one is killed: it says nothing
        if (second.holds) expect(first.holds).toBe(false);
        return second.holds;
      })
      .toBe(true);
    expect(performance.now() - heardMs).toBeGreaterThan(990);
    await first.renew(); // it was only paused
    expect([first.holds, second.holds]).toEqual([false, true]);
  });

  it('is free at once when whoever had it leaves', async () => {
    const [first, next] = [new Lead(nats.store, 60_000), new Lead(nats.store, 60_000)];
    await nats.store.api.delete('hooks.lead');
    await first.renew();
    await next.renew();
    expect([first.holds, next.holds]).toEqual([true, false]);
    await first.leave();
    await next.renew();
    expect([first.holds, next.holds]).toEqual([false, true]);
  });

  it('is one alone where several take it at the same moment', async () => {
    await nats.store.api.delete('hooks.lead');
    const all = Array.from({ length: 8 }, () => new Lead(nats.store));
    await Promise.all(all.map((each) => each.renew()));
    expect(all.filter(({ holds }) => holds)).toHaveLength(1);
  });
});
