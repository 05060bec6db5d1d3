import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../api/main.ts';
import { leaseKey } from '../../core/bus.ts';
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
