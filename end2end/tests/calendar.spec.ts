import { expect, expectAccessible, test } from '../fixtures.ts';
import type { Api } from '../lib/api.ts';

const API = '/industry';

/** A factory with one early shift, and a workshop below it. */
async function plant(api: Api, code: string): Promise<{ factory: number; workshop: number }> {
  const node = (type: string, suffix: string, name: string, parentId: number) =>
    api.must<number>(`${API}/modelling/factory/create`, { type, code: `${code}-${suffix}`, name, parentId });
  const factory = await node('factory', 'F', `${code} 工厂`, 0);
  const workshop = await node('workshop', 'W', `${code} 车间`, factory);
  await api.must(`${API}/factorycalendar/shift/add`, {
    ftyModelId: factory, ftyModelValue: 1, name: '早班', beginTime: '06:00', endTime: '14:00',
    nonProdTimeMgtDTOList: [{ type: 2, beginTime: '09:00', endTime: '09:15' }],
  });
  return { factory, workshop };
}

test('a workshop shows the shift of its factory as inherited', async ({ signedIn: page, server, api }) => {
  const { workshop } = await plant(api, 'CAL1');
  await page.goto(`${server.url}/calendar?node=${workshop}&date=2026-03-10`);
  await expect(page.locator('td.day-on .sh.inh')).toContainText('早班');
  await expect(page.locator('.dl')).toContainText('465');
  await expect(page.locator('.dl a.fig')).toContainText('CAL1 工厂');
  await expectAccessible(page);
});

test('a shift that overlaps is refused at its field, and a good one is kept', async ({ signedIn: page, server, api }) => {
  const { factory } = await plant(api, 'CAL2');
  await page.goto(`${server.url}/calendar?node=${factory}&date=2026-03-10&edit=shift`);
  await page.locator('input[name=name]').fill('夜班');
  await page.locator('input[name=beginTime]').fill('13:00');
  await page.locator('input[name=endTime]').fill('22:00');
  await page.locator('.panel form button[type=submit]').first().click();
  await expect(page.locator('.field.bad input[name=beginTime]')).toBeVisible();
  await page.locator('input[name=beginTime]').fill('14:00');
  await page.locator('.panel form button[type=submit]').first().click();
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
  await page.goto(`${server.url}/calendar?node=${factory}&date=2026-03-10`);
  await expect(page.locator('td.day-on .sh')).toHaveCount(2);
});
