import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listOut, putOut, putTried } from '../../../../api/webhooks/outbox.ts';
import { siteForTest } from '../site.ts';

let site: Awaited<ReturnType<typeof siteForTest>>;
beforeAll(async () => {
  site = await siteForTest();
});
afterAll(() => site[Symbol.asyncDispose]());

describe('plumb webhook', () => {
  it('lists receivers and what did not arrive, and sends that again', async () => {
    expect((await site.run(['webhook', 'list'])).err).toContain('there is no webhook');
    await writeFile(
      join(site.folder, 'plumbline.yml'),
      'webhooks:\n  - { name: noc, url: https://noc.example.net/in }\n  - { name: chat, url: { env: CHAT }, format: slack }\n',
    );
    const event = {
      specversion: '1.0' as const,
      id: 'x-failed',
      source: 'urn:plumbline:dc1',
      type: 'plumbline.job.failed',
      subject: 'leaf1',
      time: '2026-05-04T10:00:00.000Z',
      datacontenttype: 'application/json' as const,
      data: {},
    };
    await putOut(site.store, 'noc', event);
    const [put] = (await listOut(site.store)).values();
    if (!put) throw new Error('it is not there');
    const last = { at: new Date().toISOString(), said: 'HTTP 503' };
    await putTried(site.store, { ...put.value, state: 'dead', tries: 9, next: null, last }, put.revision);
    const { out } = await site.run(['webhook', 'list']);
    expect(out).toMatch(
      /^NAME +HOST +FORMAT +WAITING +SENT +DEAD\nchat +\(in CHAT\) +slack +0 +0 +0\nnoc +noc.example.net +cloudevents +0 +0 +1\n$/,
    );
    expect((await site.run(['webhook', 'dead'])).out).toMatch(
      /\nnoc.x-failed +job.failed +leaf1 +2026-05-04T10:00:00 +9 +HTTP 503\n$/,
    );
    expect(await site.run(['webhook', 'resend', 'noc.x-failed'])).toMatchObject({ code: 0 });
    expect((await listOut(site.store)).get('noc.x-failed')?.value).toMatchObject({ state: 'waiting', tries: 0 });
    expect((await site.run(['webhook', 'dead'])).err).toContain('there are no dead letters');
    expect(await site.run(['webhook', 'resend', 'noc.y'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('plumb webhook dead'),
    });
  });
});
