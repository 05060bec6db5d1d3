import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUser } from '../../api/auth/users.ts';
import { type RunningApi, startApi } from '../../api/main.ts';
import { putRecord } from '../../core/store/records.ts';
import { natsForTest } from '../nats.ts';
import { barriers, chromiumPath, openBrowser, openPage } from '../page.ts';
import { entry } from '../unit/api/harness.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let api: RunningApi;
let browser: Browser;
const password = 'correct horse battery';

beforeAll(async () => {
  if (!chromiumPath) return;
  nats = await natsForTest();
  for (const device of ['leaf1', 'leaf2']) await putRecord(nats.store.inventory, device, entry(device));
  const grants = [{ role: 'viewer' as const, on: 'leaf1' }];
  await setUser(nats.store, { name: 'ann', grants, by: 'the test' }, password);
  const signal = new AbortController().signal;
  const keyFile = join(nats.folder, '.plumb', 'api-key');
  api = await startApi({ store: nats.store, listen: '127.0.0.1', port: 0, signal, keyFile, say: () => {} });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.[Symbol.asyncDispose]();
  await nats?.[Symbol.asyncDispose]();
});

describe.skipIf(!chromiumPath && process.env.CI !== 'true')('a browser on plain HTTP of this machine', () => {
  it('is let in by the link of plumb up, stays so when it is loaded anew, and is out by logging out', async () => {
    const link = (await api.loginLink('ann@laptop')) ?? '';
    await using tab = await openPage(browser, link);
    const { page, context, complaints } = tab;
    await page.getByText('terminal:ann@laptop').waitFor();
    expect(page.url()).toBe(`${api.url}/`);
    expect(await page.evaluate('document.cookie + sessionStorage.length')).toBe('0');
    expect(await context.cookies()).toMatchObject([
      { name: '__Host-plumb', httpOnly: true, secure: true, sameSite: 'Strict' },
    ]);
    await page.reload();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('API key').waitFor();
    await expect.poll(async () => (await context.cookies()).length).toBe(0);
    await page.reload();
    await page.getByLabel('API key').waitFor();
    expect(complaints).toEqual([]);
    expect((await page.goto(link))?.status()).toBe(401);
  });

  it('is let in by name and password, and shows what that user may see', async () => {
    await using tab = await openPage(browser, api.url);
    const { page, complaints } = tab;
    await page.getByRole('button', { name: 'User' }).click();
    expect(await barriers(page)).toEqual([]);
    await page.getByLabel('User').fill('ann');
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('the name or the password is wrong').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByText('user:ann').waitFor();
    await page.locator('[data-device="leaf1"]').first().waitFor();
    expect(await page.locator('[data-device="leaf2"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
