/** What every test stands on: a running binary, a signed-in page, and a console that must stay silent. */
import AxeBuilder from '@axe-core/playwright';
import { type Page, test as base, expect } from '@playwright/test';

import { Api } from './lib/api.ts';
import { PASSWORD, type Server, startWithCredentials } from './lib/binary.ts';
import { type Plant, script, send } from './lib/plant.ts';

interface TestFixtures {
  signedIn: Page;
  quiet: void;
}

interface WorkerFixtures {
  server: Server;
  api: Api;
  /** A scripted day, sent to the server. */
  plant: Plant;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use, info) => {
      const server = await startWithCredentials(info.project.metadata as object);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  api: [async ({ server }, use) => use(new Api(server.url)), { scope: 'worker' }],
  plant: [
    async ({ api }, use) => {
      const plant = script(20260310);
      await send(api, plant);
      await use(plant);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  quiet: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('console', (message) => {
        // A form that the server refuses is answered with its status, which the browser prints by itself.
        const refused = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
        if (message.type() === 'error' && !refused) errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      await use();
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
  signedIn: async ({ page, server }, use) => {
    await signIn(page, server.url);
    await use(page);
  },
});

export { expect };

export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.locator('input[name=login]').fill('admin');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('form[action="/ui/sign-in"] button').click();
  await page.waitForURL((at) => !at.pathname.startsWith('/sign-in'));
}

/** No violation that axe can find. */
export async function expectAccessible(page: Page): Promise<void> {
  // A colour on its way from one theme to the other has no contrast to speak of.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((moving) => moving.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.all(ending.map((moving) => moving.finished.catch(() => undefined)));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' | ')}`)).toEqual([]);
}

/** No violation that axe can find, by day and by night, at a desk and on a phone. */
export async function expectAccessibleInEveryLook(page: Page): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider, `wider than ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Opens a page and waits until it hears of changes. */
export async function follow(page: Page, url: string): Promise<void> {
  const listening = page.waitForResponse('**/ui/events');
  await page.goto(url);
  await listening;
}

/** The text of a file that a link on the page saves. */
export async function csvOf(page: Page, link: string): Promise<string> {
  const href = await page.locator(link).first().getAttribute('href');
  const answer = await page.request.get(new URL(href!, page.url()).href);
  expect(answer.headers()['content-disposition']).toContain('.csv');
  return answer.text();
}
