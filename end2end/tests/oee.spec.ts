import { type Page } from '@playwright/test';

import { expect, expectAccessible, signIn, test } from '../fixtures.ts';
import { type Figures, dayOee, lineOee, shiftOee } from '../lib/oee.ts';
import { DAY, wall } from '../lib/plant.ts';

const DAY_RANGE = `range=day@${DAY}`;
const percent = (share: number | null) => (share === null ? '–' : (share * 100).toFixed(1));
const cells = (figures: Figures) => [figures.availability, figures.performance, figures.quality].map(percent);

/** The machine's own page, reached as a person reaches it: overview, line, machine. */
async function open(page: Page, machine: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(machine) }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(machine);
}

test.describe('the pages of a scripted day', () => {
  test('show the figures of an independent calculation, from the line down to each machine', async ({ signedIn: page, server, plant }) => {
    await page.goto(`${server.url}/oee?${DAY_RANGE}`);
    const line = page.getByRole('row', { name: /叶轮加工线/ }).first();
    for (const shift of plant.shifts) {
      await expect(line).toContainText(percent(lineOee(plant, [shift]).oee));
    }
    for (const text of cells(lineOee(plant, plant.shifts))) await expect(line).toContainText(text);

    await line.getByRole('link', { name: /叶轮加工线/ }).last().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('叶轮加工线');
    for (const machine of plant.machines) {
      const day = dayOee(plant, machine);
      const row = page.getByRole('row', { name: new RegExp(machine) });
      for (const text of [percent(day.oee), ...cells(day)]) await expect(row).toContainText(text);
    }

    const machine = plant.machines[0]!;
    await open(page, machine);
    const day = dayOee(plant, machine);
    const sum = page.getByRole('table', { name: 'Show the arithmetic' });
    const exact = (share: number) => `${(share * 100).toFixed(3)} %`;
    await expect(sum.getByRole('row', { name: /^A / })).toContainText(exact(day.availability));
    await expect(sum.getByRole('row', { name: /^P / })).toContainText(exact(day.performance!));
    await expect(sum.getByRole('row', { name: /^Q / })).toContainText(exact(day.quality!));
    await expect(sum.getByRole('row', { name: /OEE = A/ })).toContainText(exact(day.oee));
  });

  test('show one shift of one machine', async ({ signedIn: page, server, plant }) => {
    const machine = plant.machines[3]!;
    const shift = plant.shifts[2]!;
    await page.goto(`${server.url}/oee?${DAY_RANGE}`);
    await page.getByRole('link', { name: /叶轮加工线/ }).last().click();
    await open(page, machine);
    await page.goto(`${page.url().split('?')[0]}?range=shift@${wall(shift.begin).replace(' ', 'T').slice(0, 16)}`);
    await expect(page.locator('.range-t b')).toContainText(shift.name);
    const figures = shiftOee(plant, machine, shift);
    const sum = page.getByRole('table', { name: 'Show the arithmetic' });
    await expect(sum.getByRole('row', { name: /OEE = A/ })).toContainText(`${(figures.oee * 100).toFixed(3)} %`);
  });

  test('are readable without scripting @no-script', async ({ signedIn: page, server, plant }) => {
    await page.goto(`${server.url}/oee?${DAY_RANGE}`);
    await expect(page.getByRole('row', { name: /叶轮加工线/ }).first()).toContainText(percent(lineOee(plant, plant.shifts).oee));
    await page.getByRole('link', { name: /叶轮加工线/ }).last().click();
    await page.getByRole('link', { name: new RegExp(plant.machines[0]!) }).first().click();
    await expect(page.getByRole('table', { name: 'Show the arithmetic' })).toContainText(percent(dayOee(plant, plant.machines[0]!).oee));
  });

  test('follow a report without being loaded again', async ({ signedIn: page, server, api, plant }) => {
    // The day after: the figures of the scripted one stay what they are.
    await page.goto(`${server.url}/oee?range=day@${wall(31 * 3600).slice(0, 10)}`);
    await page.getByRole('link', { name: /叶轮加工线/ }).last().click();
    await open(page, plant.machines[5]!);
    const cause = `reported while somebody looks ${Date.now()}`;
    await expect(page.getByText(cause)).toHaveCount(0);
    const report = { equipmentCode: plant.machines[5]!, status: 3, faultCause: cause, beginDateTime: wall(31 * 3600), endDateTime: wall(32 * 3600) };
    expect(await api.must('/industry/oee/equipment/status/set', report, '1.0.1')).toBe(1);
    await expect(page.getByText(cause).first()).toBeAttached();
  });

  test('give what they show as CSV', async ({ signedIn: page, server, plant }) => {
    await page.goto(`${server.url}/oee?${DAY_RANGE}`);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    const lines = (await text((await download).url(), page)).trim().split('\r\n');
    expect(lines).toHaveLength(1 + plant.machines.length * plant.shifts.length);
    const first = plant.machines[0]!;
    const row = lines.find((l) => l.includes(`,${first},`) && l.includes(`,${plant.shifts[0]!.name},`))!;
    expect(Number(row.split(',').at(-1))).toBeCloseTo(shiftOee(plant, first, plant.shifts[0]!).oee, 9);
  });

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1440, 390]) {
      test(`have no violation that axe finds, ${scheme}, ${width} wide`, async ({ browser, server, plant }) => {
        const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, locale: 'zh-CN' });
        const page = await context.newPage();
        await signIn(page, server.url);
        await page.goto(`${server.url}/oee?${DAY_RANGE}`);
        await expectAccessible(page);
        await page.getByRole('link', { name: /叶轮加工线/ }).last().click();
        await expect(page.locator('.mach')).toBeVisible();
        await expectAccessible(page);
        await open(page, plant.machines[0]!);
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
        await context.close();
      });
    }
  }
});

async function text(url: string, page: Page): Promise<string> {
  return (await page.request.get(url)).text();
}
