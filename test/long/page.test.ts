import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiOf, barriers, chromiumPath, openBrowser, openPage } from '../page.ts';
import { upForTest } from '../plumb-up.ts';

const { folder, start, edit } = upForTest('examples/eos', ['inventory.yml', 'intended']);

let browser: Browser;
let up: ReturnType<typeof start>;
let url: string;
let key: string;
beforeAll(async () => {
  if (chromiumPath) browser = await openBrowser();
});
afterAll(() => browser?.close());

/** leaf2 waits for an approval, leaf3 for a probe that never passes; spine1 and leaf1 come in sync. */
beforeEach(async () => {
  const path = join(folder(), 'inventory.yml');
  const text = await readFile(path, 'utf8');
  const probe = "{ command: show version, contains: 'is never printed' }"; // its trial lasts longer than a test may
  const waits = `policy: { confirmSeconds: 590, probes: [${probe}] } }`;
  await writeFile(
    path,
    text.replace(/(leaf2: .*) }$/m, '$1, policy: { approval: manual } }').replace(/(leaf3: .*) }$/m, `$1, ${waits}`),
  );
  up = start('up', '--lab', 'eos', '--api-port', '0');
  await up.says(/^api +http/m);
  ({ url, key } = await apiOf(up.printed()));
});

const row = (page: Page, name: string) => page.locator('tbody tr', { has: page.locator(`[data-device="${name}"]`) });
const sideways = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

/** What has the focus once the key is taken, and nothing was painted yet. */
const pressesU = `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true }));
  Promise.resolve().then(() => document.activeElement.textContent)`;

describe.skipIf(!chromiumPath && process.env.CI !== 'true')('the page', () => {
  it('asks for the key, refuses a wrong one, and then shows what each device is in', async () => {
    await using tab = await openPage(browser, url);
    const { page, complaints } = tab;
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('API key').fill('plumb_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('this key opens nothing').waitFor();
    expect(complaints.splice(0).filter((text) => !text.includes('401'))).toEqual([]);
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await row(page, 'leaf1').getByText('in sync').waitFor();
    expect(await page.evaluate<number>('sessionStorage.length')).toBe(0); // what opens it is out of reach of scripts
    await page.reload();
    await row(page, 'leaf2').getByText('awaits approval').waitFor();
    await row(page, 'leaf3')
      .getByText(/^trial \d:\d\d$/)
      .waitFor();
    expect(await page.locator('h1').textContent()).toBe('One approval is waiting.');
    await page.getByRole('button', { name: /^1\s*awaiting/ }).click();
    await page.waitForURL((now) => now.searchParams.get('filter') === 'sync=awaiting');
    await expect.poll(() => page.locator('tbody [data-device]').allTextContents()).toEqual(['leaf2']);
    expect(complaints).toEqual([]);
  });

  it('shows what is saved as it is deployed, and its difference', async () => {
    await using tab = await openPage(browser, `${url}/devices/leaf1`, { key });
    const { page, complaints } = tab;
    await page.getByText('leaf1 runs what is intended.').waitFor();
    await edit('leaf1', 'description P2P_spine1_Ethernet1', 'description uplink to spine1');
    const change = page.locator('.diff tr', { hasText: 'uplink' });
    await change.first().waitFor();
    expect(await change.first().locator('ins').textContent()).toContain('uplink');
    await page.getByText('leaf1 runs what is intended.').waitFor();
    await page.getByLabel('Command').fill('show hostname');
    await page.keyboard.press('Enter');
    await page.getByText('Hostname: leaf1').waitFor();
    await page.getByLabel('Command').fill('reload');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('refused', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('lets a person approve what is shown, and undo a trial, by keyboard alone', async () => {
    await using tab = await openPage(browser, url, { key });
    const { page, complaints } = tab;
    await row(page, 'leaf2').getByText('awaits approval').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('leaf2');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('leaf2 is waiting for approval.').waitFor();
    await page.getByText('Deploy this difference to leaf2?').waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await page.getByText('leaf2 runs what is intended.').waitFor();
    await page.keyboard.press(']');
    await page.getByText(/leaf3 runs a trial and undoes it at \d\d:\d\d:\d\d, unless it is confirmed\./).waitFor();
    await page.locator('.checks', { hasText: 'is never printed' }).waitFor();
    await page.keyboard.press('u');
    await page.getByText('leaf3 goes back to what it ran before').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // keeps it
    await page.getByText('leaf3 goes back to what it ran before').waitFor({ state: 'detached' });
    expect(await page.evaluate<string>(pressesU)).toBe('Undo now'); // the next key answers, however soon it comes
    await page.keyboard.press('Enter');
    await page.getByText('leaf3 is out of sync: cancelled.').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await row(page, 'leaf3').locator('.st', { hasText: 'cancelled' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('compares what ran before with what runs, and shows what a rollback would change before it can be asked for', async () => {
    await using tab = await openPage(browser, `${url}/devices/leaf1`, { key });
    const { page, complaints } = tab;
    const done = (word: string) => page.locator('.log a', { hasText: word });
    await done('deploy applied').waitFor();
    await edit('leaf1', 'description P2P_spine1_Ethernet1', 'description uplink to spine1');
    await done('deploy applied').nth(1).waitFor();
    await page.getByRole('button', { name: 'Roll back…' }).click();
    const preview = page.getByRole('region', { name: 'Roll back' });
    await preview.locator('ins', { hasText: 'P2P_spine1_Ethernet1' }).waitFor();
    expect(await preview.locator('del').allTextContents()).toEqual(['uplink to spine1']);
    expect(await done('rollback').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);

    const made = await page.request.post(`${url}/api/v1/keys`, {
      headers: { authorization: `Bearer ${key}` },
      data: { name: 'looks', grants: [{ role: 'viewer' }] },
    });
    await using other = await openPage(browser, page.url(), { key: (await made.json()).key });
    const button = other.page.getByRole('button', { name: 'Roll back now', disabled: true });
    await button.waitFor();
    await other.page.getByText('needs the permission "deploy"').waitFor();

    await page.getByRole('button', { name: 'Roll back now' }).click();
    await done('rollback applied').waitFor();
    await page.keyboard.press('v');
    const versions = page.getByRole('region', { name: 'Two versions' });
    await versions.locator('del', { hasText: 'uplink to spine1' }).waitFor();
    expect(await versions.locator('ins').allTextContents()).toEqual(['P2P_spine1_Ethernet1']);
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it('pairs both ends of BGP sessions, and folds equal answers of many devices', async () => {
    await using tab = await openPage(browser, url, { key });
    const { page, complaints } = tab;
    for (const name of ['leaf1', 'spine1']) await row(page, name).getByText('in sync').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await page.getByRole('button', { name: 'Read all now' }).click();
    const line = page.locator('tbody tr', { hasText: 'leaf1' }).filter({ hasText: 'spine1' });
    await line.getByText('65100').waitFor();
    expect(await line.count()).toBe(1);
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByLabel('Devices, by selector').fill('role=leaf, !leaf2 or spine1');
    await page.getByLabel('Command').fill('show version');
    await page.keyboard.press('Enter');
    await page
      .getByText(/answer alike|differs? from/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it('says when it lost the connection, how old is what it shows, and goes on', async () => {
    await using tab = await openPage(browser, url, { key });
    const { page, context } = tab;
    await row(page, 'leaf1').getByText('in sync').waitFor();
    await context.setOffline(true);
    await page.getByText(/No connection for \d+ s\./).waitFor();
    await page.getByText(/What you see is as of \d\d:\d\d:\d\d\./).waitFor();
    expect(await page.locator('main.is-stale').count()).toBe(1);
    await page.getByRole('button', { name: /^Try now/ }).waitFor();
    await context.setOffline(false);
    await page.locator('.lost').waitFor({ state: 'detached' });
    up.child.kill('SIGTERM');
    await page.getByText(/No connection for/).waitFor();
  });

  it.each([1440, 360])('keeps nobody out, and scrolls not sideways, %i pixels wide', async (width) => {
    for (const theme of ['light', 'dark'] as const) {
      await using tab = await openPage(browser, url, { key, width, theme });
      const { page, complaints } = tab;
      const answers = {
        '/': /approval/,
        '/devices/leaf3': /leaf3 runs a trial/,
        '/bgp': /session/,
        '/run': /^One command/,
        '/activity': /^Of the last/,
      };
      for (const [path, answer] of Object.entries(answers)) {
        await page.goto(`${url}${path}`);
        await page.locator('h1', { hasText: answer }).waitFor();
        expect(await barriers(page)).toEqual([]);
        expect(await sideways(page)).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
    }
  });
});
