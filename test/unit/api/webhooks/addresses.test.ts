import { lookup } from 'node:dns/promises';
import { describe, expect, it } from 'vitest';
import { checkedLookup, isAllowed, networks } from '../../../../api/webhooks/addresses.ts';
import { bodyOf, lineOf } from '../../../../api/webhooks/formats.ts';
import { hooksFrom } from '../../../../api/webhooks/hooks.ts';
import { post } from '../../../../api/webhooks/post.ts';
import type { CloudEvent } from '../../../../core/config/webhooks.ts';
import { newJob } from '../../../../core/store/jobs.ts';
import { hook, receiver } from './receiver.ts';

const none = networks([]);
const event = (data: object): CloudEvent => ({
  specversion: '1.0',
  id: 'x-done',
  source: 'urn:plumbline:dc1',
  type: 'plumbline.job.failed',
  subject: 'leaf1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  data,
});
const never = new AbortController().signal;

describe('an address that a webhook is sent to', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.0.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fd00::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '::10.0.0.1',
    'ff02::1',
  ])('is refused where it is private: %s', (address) => {
    expect(isAllowed(address, false, none)).toBe(false);
  });

  it('may be any other one, by TLS, and a private one that is named', () => {
    for (const address of ['1.1.1.1', '172.32.0.1', '2606:4700::1111'])
      expect(isAllowed(address, false, none)).toBe(true);
    expect(isAllowed('1.1.1.1', true, none)).toBe(false);
    expect(isAllowed('10.1.2.3', true, networks(['10.1.0.0/16']))).toBe(true);
    expect(isAllowed('10.2.0.1', false, networks(['10.1.0.0/16']))).toBe(false);
    expect(() => networks(['10.0.0.0/99'])).toThrow('"10.0.0.0/99" is no network');
  });

  it('is checked however it is written, and nothing is sent', async () => {
    await using heard = await receiver();
    const { port } = new URL(heard.url);
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost']) {
      const { kind, said } = await post(hook('x', `http://${host}:${port}`, { allow: [] }), event({}), never);
      expect([host, kind, said]).toEqual([host, 'never', expect.stringContaining('nothing is sent there')]);
    }
    expect(heard.got).toEqual([]);
    expect(await post(hook('x', heard.url), event(newJob('leaf1', 'deploy')), never)).toEqual({
      kind: 'sent',
      said: 'HTTP 204',
    });
  });

  it('is the one that was checked: the connection has what the look-up gave', async () => {
    const found = await lookup('localhost', { all: true });
    const given = await new Promise((resolve) =>
      checkedLookup(true, networks(['127.0.0.0/8', '::1/128']))('localhost', { all: true }, (_error, list) =>
        resolve(list),
      ),
    );
    expect(given).toEqual(found);
  });
});

describe('what is sent', () => {
  const job = { ...newJob('leaf1', 'deploy'), state: 'finished', author: 'key:<!channel>' };
  const hostile = event({
    ...job,
    outcome: { kind: 'failed', code: 'rejected', detail: '<!here> [a](http://x)\u0007\u202e' },
  });

  it('says what happened in one line, without what a terminal or a chat would take for more', () => {
    expect(lineOf(hostile)).toBe(
      `leaf1: deploy failed: rejected: <!here> [a](http://x)  (key:<!channel>), job ${job.id}`,
    );
    const slack = JSON.parse(bodyOf(hostile, 'slack').body);
    expect(slack.text).toContain('&lt;!here&gt;');
    expect(slack.blocks[0].text).toMatchObject({ type: 'plain_text', text: lineOf(hostile) });
    const teams = JSON.parse(bodyOf(hostile, 'teams').body);
    expect(teams.attachments[0].content.body).toEqual([
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: lineOf(hostile) }] },
    ]);
  });
});

describe('webhooks of plumbline.yml', () => {
  it('have their secrets in the environment', () => {
    const settings = { name: 'chat', url: { env: 'CHAT' }, format: 'slack' as const };
    expect(hooksFrom([settings], { CHAT: 'https://hooks.example.net/T0/x' })[0]?.url.pathname).toBe('/T0/x');
    expect(() => hooksFrom([settings], {})).toThrow('webhook "chat": the variable CHAT is not set');
    expect(() => hooksFrom([settings], { CHAT: 'ftp://x' })).toThrow('no https:// address');
    const short = { name: 'noc', url: 'https://x.example', secret: { env: 'S' } };
    expect(() => hooksFrom([short], { S: 'short' })).toThrow('less than 16 bytes');
    const one = { name: 'noc', url: 'https://x.example' };
    expect(() => hooksFrom([one, one], {})).toThrow('there are two named "noc"');
  });
});
