import type { Page } from '@playwright/test';

import { csvOf, expect, expectAccessibleInEveryLook, follow, test } from '../fixtures.ts';
import type { Api } from '../lib/api.ts';

const API = '/industry';

/** A factory with one early shift, and a workshop below it. */
async function plant(api: Api, code: string, over: object = {}): Promise<{ factory: number; workshop: number }> {
  const node = (type: string, suffix: string, name: string, parentId: number) =>
    api.must<number>(`${API}/modelling/factory/create`, { type, code: `${code}-${suffix}`, name, parentId });
  const factory = await node('factory', 'F', `${code} 工厂`, 0);
  const workshop = await node('workshop', 'W', `${code} 车间`, factory);
  await api.must(`${API}/factorycalendar/shift/add`, {
    ftyModelId: factory, ftyModelValue: 1, name: '早班', beginTime: '06:00', endTime: '14:00',
    nonProdTimeMgtDTOList: [{ type: 2, beginTime: '09:00', endTime: '09:15' }], ...over,
  });
  return { factory, workshop };
}

async function fillShift(page: Page, begin: string): Promise<void> {
  await page.locator('.edit-form input[name=name]').fill('夜班');
  await page.locator('.edit-form input[name=beginTime]').fill(begin);
  await page.locator('.edit-form input[name=endTime]').fill('22:00');
  await page.locator('.edit-form button.primary').click();
}

test('a workshop shows the shift of its factory as inherited', async ({ signedIn: page, server, api }) => {
  const { workshop } = await plant(api, 'CAL1');
  await page.goto(`${server.url}/calendar?node=${workshop}&date=2026-03-10`);
  await expect(page.locator('td.day-on .sh.inh')).toContainText('早班');
  await expect(page.locator('.dl')).toContainText('465');
  await expect(page.locator('.dl a.fig')).toContainText('CAL1 工厂');
  await expectAccessibleInEveryLook(page);
  const csv = await csvOf(page, 'a[href*="calendar.csv"]');
  expect(csv).toContain('2026-03-10,1,shift,早班,2026-03-10 06:00:00');
});

test('what others write appears by itself', async ({ signedIn: page, server, api }) => {
  const { factory } = await plant(api, 'CAL3');
  await follow(page, `${server.url}/calendar?node=${factory}&date=2026-03-10`);
  await expect(page.locator('td.day-on .sh')).toHaveCount(1);
  const shutdown = { ftyModelId: factory, ftyModelValue: 1, name: '检修', type: 1 };
  const during = { beginDatetime: '2026-03-10 00:00:00', endDatetime: '2026-03-11 00:00:00' };
  await api.must(`${API}/factorycalendar/plannedshutdown/add`, { ...shutdown, ...during });
  await expect(page.locator('td.day-on .sh.down')).toContainText('检修');
});

test('a shift that overlaps is refused at its field with what was typed, and a good one is shown @no-script', async ({ signedIn: page, server, api }) => {
  const { factory } = await plant(api, `CAL2-${test.info().project.name}`);
  await page.goto(`${server.url}/calendar?node=${factory}&date=2026-03-10&edit=shift`);
  await fillShift(page, '13:00');
  await expect(page.locator('.field.bad input[name=beginTime]')).toBeVisible();
  await expect(page.locator('.edit-form input[name=name]')).toHaveValue('夜班');
  await expect(page.locator('.edit-form input[name=endTime]')).toHaveValue('22:00');
  await fillShift(page, '14:00');
  await expect(page.locator('td.day-on .sh')).toHaveCount(2);
  expect(page.url()).not.toContain('__');
});

test('a week on its rule of hours is copied to another week', async ({ signedIn: page, server, api }) => {
  const { factory } = await plant(api, 'CAL4', { beginEffectiveDate: '2026-03-09', endEffectiveDate: '2026-03-15' });
  await page.goto(`${server.url}/calendar?node=${factory}&date=2026-03-10&view=week`);
  await expect(page.locator('tr.day-on svg[role=img]')).toHaveAttribute('aria-label', '早班 06:00–14:00');
  await page.locator('a[href*="edit=week"]').click();
  await expect(page.locator('input[name=toDate]')).toHaveValue('2026-03-16');
  await expectAccessibleInEveryLook(page);
  await page.locator('input[name=toDate]').fill('2026-03-25');
  await page.locator('.edit-form button.primary').click();
  await page.waitForURL((at) => at.searchParams.get('date') === '2026-03-25');
  await expect(page.locator('tr.day-on svg[role=img]')).toHaveAttribute('aria-label', '早班 06:00–14:00');
});

test('a month is read without scripts @no-script', async ({ signedIn: page, server, api }) => {
  const { workshop } = await plant(api, `CAL5-${test.info().project.name}`);
  await page.goto(`${server.url}/calendar?node=${workshop}&date=2026-03-10`);
  await page.locator('.phead a[href*="view=week"]').click();
  await expect(page.locator('tr.day-on th')).toContainText('10');
});
