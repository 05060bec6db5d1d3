import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../api/main.ts';
import { type BgpDay, leaseKey } from '../../core/bus.ts';
import { dayOf, putBgpDay } from '../../core/store/bgp/days.ts';
import { newJob } from '../../core/store/jobs.ts';
import { putRecord } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import type { BgpPeer } from '../../runners/shapes.ts';
import { peer } from '../fake-device.ts';
import { natsForTest } from '../nats.ts';
import { barriers, chromiumPath, openBrowser, openPage } from '../page.ts';
import { storeJob } from '../stored.ts';
import { entry, stateOf } from '../unit/api/harness.ts';

const leaves = Number(process.env.PLUMB_SHOT_LEAVES ?? 6);
const spines = Number(process.env.PLUMB_SHOT_SPINES ?? 2);
const links = Array.from({ length: leaves * spines }, (_, at) => ({
  leaf: (at % leaves) + 1,
  spine: Math.floor(at / leaves) + 1,
}));
const down = { is_up: false, state: 'Active', uptime: -1, last_error: 'hold time expired' };
/** leaf2 has lost spine1; spine2 has nothing of leaf3; leaf4 is held by nobody. */
const isDown = (leaf: number, spine: number) => leaf === 2 && spine === 1;
const isHalf = (leaf: number, spine: number) => leaf === 3 && spine === 2;

const read = async (store: Store, device: string, peers: Record<string, BgpPeer>, addresses: readonly string[]) => {
  const ended = { state: 'finished', outcome: { kind: 'done' }, finishedAt: new Date().toISOString() } as const;
  const bgp = { global: { router_id: null, peers } };
  await storeJob(store, { ...newJob(device, 'bgp'), ...ended, result: { bgp } });
  const ipv4 = Object.fromEntries(addresses.map((address) => [address, { prefix_length: 31 }]));
  await storeJob(store, {
    ...newJob(device, 'interfaces-ip'),
    ...ended,
    result: { 'interfaces-ip': { eth0: { ipv4 } } },
  });
};

const hour = 3_600_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

/** What was kept of a device in the last 30 hours, of which nobody read it for two; leaf3 not in the last one, either. */
const keep = async (store: Store, device: string): Promise<void> => {
  const hours = Array.from({ length: 30 }, (_, at) => 30 - at).filter((at) => at < 8 || at > 10);
  const sessions = links
    .filter(({ leaf, spine }) => [`leaf${leaf}`, `spine${spine}`].includes(device))
    .map(({ leaf, spine }): BgpDay['sessions'][number] => {
      const lost = leaf === 1 && spine === 1 ? [20, 16, 4] : [];
      const states: BgpDay['sessions'][number]['states'] = [
        { at: ago(30 * hour), is: 'up' },
        ...lost.flatMap((at): typeof states => [
          { at: ago(at * hour), is: 'down', said: 'hold time expired' },
          { at: ago(at * hour - 600_000), is: 'up' },
        ]),
        ...(isDown(leaf, spine) ? ([{ at: ago(hour / 3), is: 'down' }] as const) : []),
      ];
      const prefixes = hours.map((at) => 200 + Math.round(12 * Math.sin(at / 3 + spine)));
      const peer = `10.${spine}.${leaf}.${device.startsWith('leaf') ? 0 : 1}`;
      return { vrf: 'global', peer, remoteAs: 65_000, states, dropped: 0, prefixes };
    });
  const open = device !== 'leaf3';
  const seen = [
    { from: ago(30 * hour), to: ago(10 * hour) },
    { from: ago(8 * hour), to: ago(open ? 0 : hour) },
  ];
  const counted = hours.map((at) => ago(at * hour));
  const who = { version: 1 as const, device, runner: 'runner-1', epoch: 1 };
  await putBgpDay(store, dayOf(Date.now()), { ...who, open, seen, counted, sessions, flaps: [] }, 0);
};

/** A site of spines and leaves, as its devices were read last; leaf1 has a server of another AS. */
const makeSite = async (store: Store) => {
  const make = async (name: string, role: string) => {
    await putRecord(store.inventory, name, { ...entry(name), labels: { role: [role] } });
    await putRecord(store.state, name, stateOf(name));
    const at = new Date().toISOString();
    if (name !== 'leaf4') await putRecord(store.lease, name, { runner: 'runner-1', epoch: 1, at });
  };
  for (let spine = 1; spine <= spines; spine++) {
    await make(`spine${spine}`, 'spine');
    await keep(store, `spine${spine}`);
    const own = links.filter((link) => link.spine === spine);
    const told = own.filter(({ leaf }) => !isHalf(leaf, spine));
    const peers = told.map(({ leaf }) => [`10.${spine}.${leaf}.1`, peer(isDown(leaf, spine) ? down : {})] as const);
    await read(
      store,
      `spine${spine}`,
      Object.fromEntries(peers),
      own.map(({ leaf }) => `10.${spine}.${leaf}.0`),
    );
  }
  for (let leaf = 1; leaf <= leaves; leaf++) {
    await make(`leaf${leaf}`, 'leaf');
    const own = links.filter((link) => link.leaf === leaf);
    const peers = own.map(({ spine }) => {
      const state = isHalf(leaf, spine) ? { ...down, last_error: null } : isDown(leaf, spine) ? down : {};
      return [`10.${spine}.${leaf}.0`, peer(state)] as const;
    });
    await keep(store, `leaf${leaf}`);
    const server = leaf === 1 ? { '192.0.2.9': peer({ remote_as: 64_511 }) } : {};
    await read(
      store,
      `leaf${leaf}`,
      { ...Object.fromEntries(peers), ...server },
      own.map(({ spine }) => `10.${spine}.${leaf}.1`),
    );
  }
};

let nats: Awaited<ReturnType<typeof natsForTest>>;
let api: RunningApi;
let browser: Browser;
let heart: NodeJS.Timeout;

beforeAll(async () => {
  if (!chromiumPath) return;
  nats = await natsForTest();
  await makeSite(nats.store);
  let n = 0;
  const beat = () => putRecord(nats.store.lease, leaseKey.runner('runner-1'), { n: ++n, at: new Date().toISOString() });
  await beat();
  heart = setInterval(() => void beat().catch(() => {}), 500);
  const signal = new AbortController().signal;
  const keyFile = join(nats.folder, '.plumb', 'api-key');
  api = await startApi({ store: nats.store, listen: '127.0.0.1', port: 0, signal, keyFile, say: () => {} });
  browser = await openBrowser();
});
afterAll(async () => {
  clearInterval(heart);
  await browser?.close();
  await api?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
});

describe.skipIf(!chromiumPath && process.env.CI !== 'true')('the topology', () => {
  it.each([1440, 360])('shows who is cut off from whom, %i pixels wide', async (width) => {
    for (const theme of ['light', 'dark'] as const) {
      await using tab = await openPage(browser, (await api.loginLink('ann')) ?? '', { width, theme });
      const { page, complaints } = tab;
      await page.getByText('terminal:ann').waitFor({ state: 'attached' });
      await page.goto(`${api.url}/topology`);
      const all = leaves * spines + 1;
      await page
        .locator('h1', { hasText: `1 of ${all} sessions is down, and 1 is configured on one side only.` })
        .waitFor();
      const drawing = page.getByRole('region', { name: 'Drawing' });
      const edges = (kind: string) => drawing.locator(`path.e${kind}`).count();
      expect([await edges(''), await edges('.down'), await edges('.half'), await edges('.na')]).toEqual([
        all,
        1,
        1,
        spines,
      ]);
      const rows = await drawing.locator('text.lbl').allTextContents();
      expect(rows).toEqual(['spine', 'leaf', 'outside']);
      await page.locator('tbody tr', { hasText: 'configured on leaf3 (10.2.3.0) but not on spine2' }).waitFor();
      if (width > 768) {
        await drawing.locator('path.x').hover();
        const card = page.getByRole('region', { name: 'Sessions under the pointer' });
        expect(await card.locator('tr', { hasText: 'Last error' }).locator('td').allTextContents()).toEqual(
          Array(2).fill('hold time expired'),
        );
      }
      if (process.env.PLUMB_SHOT)
        await page.screenshot({ path: `/tmp/page/topo-${theme}-${width}.png`, fullPage: true });
      expect(await barriers(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });

  it.each([1440, 360])(
    'has beside it how each session was, with its flaps and its gaps, %i pixels wide',
    async (width) => {
      for (const theme of ['light', 'dark'] as const) {
        await using tab = await openPage(browser, (await api.loginLink('ann')) ?? '', { width, theme });
        const { page, complaints } = tab;
        await page.getByText('terminal:ann').waitFor({ state: 'attached' });
        await page.goto(`${api.url}/bgp`);
        const row = (text: string) => page.locator('tbody tr', { hasText: text });
        const strip = (text: string, words: RegExp) =>
          row(text).getByRole('img', { name: words }).first().waitFor({ state: 'attached' });
        await strip(
          '3 flaps, the last at',
          /^up for 21 h (?:29|30) min, down for (?:29|30) min, not known for (?:1 h 59 min|2 h)/,
        );
        expect(await row('3 flaps').locator('.strip .down').count()).toBe(3);
        await strip('configured on leaf3', /^up for 2\d h[^,]*, not known for (?:2 h 59 min|3 h)/);
        await strip('192.0.2.9', /^not known for 1 d$/);
        if (process.env.PLUMB_SHOT)
          await page.screenshot({ path: `/tmp/page/bgp-${theme}-${width}.png`, fullPage: true });
        await page.getByRole('button', { name: '1 h', exact: true }).click();
        await strip('hold time expired', /^up for \d+ min, down for \d+ min$/);
        expect(await barriers(page)).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
      }
    },
  );

  it('leads to a device, whose sessions are unknown where nobody looks at it', async () => {
    await using tab = await openPage(browser, (await api.loginLink('ann')) ?? '');
    const { page, complaints } = tab;
    await page.getByText('terminal:ann').waitFor();
    await page.goto(`${api.url}/topology`);
    await page.locator('.spot', { hasText: 'leaf4' }).click();
    await page.locator('h1', { hasText: 'Nothing is known of leaf4: no runner holds it.' }).waitFor();
    const sessions = page.getByRole('complementary', { name: 'About this device' }).locator('tbody tr');
    await sessions.first().waitFor();
    expect(await sessions.locator('.st').allTextContents()).toEqual(Array(spines).fill('unknown'));
    expect(complaints).toEqual([]);
  });
});
