import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's browser; undefined where it is not installed. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

export type Watched = AsyncDisposable & {
  page: Page;
  context: BrowserContext;
  /** What the browser complained of, and what the page asked of others than its server. */
  complaints: string[];
};

/** A browser without a window. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(chromiumPath ? { executablePath: chromiumPath } : {}), args: ['--no-sandbox'] });

type Options = { key?: string; width?: number; theme?: 'light' | 'dark' };

/** A deployment that the page shows may take its trial's time, and a busy machine adds to it. */
const patienceMs = 100_000;

/** A tab on the page, logged in where a key is given, of which every complaint is kept. */
export const openPage = async (browser: Browser, url: string, options: Options = {}): Promise<Watched> => {
  const { key, width = 1440, theme = 'light' } = options;
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ viewport, colorScheme: theme, hasTouch: width < 768 });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // another test's lab may bring up interfaces meanwhile, at which Chromium begins its connections anew
    if (message.text().includes('ERR_NETWORK_CHANGED')) return;
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  if (key) {
    await page.getByLabel('API key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  }
  return { page, context, complaints, [Symbol.asyncDispose]: () => context.close() };
};

/** What keeps people out who use a keyboard or a screen reader, by the rules of WCAG 2.2 AA. */
export const barriers = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe: rules } = globalThis as unknown as { axe: typeof import('axe-core') };
    return (await rules.run()).violations;
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
};

/** The API that `plumb up` printed, and its key. */
export const apiOf = async (printed: string): Promise<{ url: string; key: string }> => {
  const [, url = '', file = ''] = /^api +(\S+) +\(key in (.+)\)$/m.exec(printed) ?? [];
  return { url, key: (await readFile(file, 'utf8')).trim() };
};
