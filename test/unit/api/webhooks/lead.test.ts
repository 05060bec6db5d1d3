import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lead } from '../../../../api/webhooks/lead.ts';
import { natsForTest } from '../../../nats.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] })); // time goes on when it is told to
afterEach(() => void vi.useRealTimers());

describe('the lead', () => {
  it('is taken over from an instance that says no more, and no sooner; that one leads no more by then', async () => {
    const [first, second] = [new Lead(nats.store), new Lead(nats.store)];
    const lead = () => [first.holds, second.holds];
    await first.renew();
    await second.renew();
    expect(lead()).toEqual([true, false]);
    vi.advanceTimersByTime(7_000); // the first one is killed: it says nothing
    await second.renew();
    expect(lead()).toEqual([false, false]);
    vi.advanceTimersByTime(2_999);
    await second.renew();
    expect(lead()).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    await second.renew();
    expect(lead()).toEqual([false, true]);
    await first.renew(); // it was only paused
    expect(lead()).toEqual([false, true]);
  });

  it('is free at once when whoever had it leaves', async () => {
    const [first, next] = [new Lead(nats.store), new Lead(nats.store)];
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
