import { csvOf, expect, expectAccessibleInEveryLook, follow, test } from '../fixtures.ts';
import type { Api } from '../lib/api.ts';
import { APP_ID } from '../lib/binary.ts';

const send = (api: Api, type: number, title: string) =>
  api.must('/industry/message/log/send', { application: 'scada', module: 'spindle', title, content: 'x', type, appId: APP_ID });

test('the log is filtered by its address and saved as CSV @no-script', async ({ signedIn: page, server, api }) => {
  for (const [type, title] of [[2, '换班完成'], [4, '主轴过载']] as const) await send(api, type, title);
  await page.goto(`${server.url}/logs`);
  await page.locator('select[name=level]').selectOption('4');
  await page.locator('.log-filter button[type=submit]').click();
  await expect(page.locator('table.tbl tbody')).toContainText('主轴过载');
  await expect(page.locator('table.tbl tbody')).not.toContainText('换班完成');
  expect(page.url()).toContain('level=4');
  const csv = await csvOf(page, 'a[href*="logs.csv"]');
  expect(csv).toContain('主轴过载');
  expect(csv).not.toContain('换班完成');
});

test('the log is readable everywhere and follows what is sent', async ({ signedIn: page, server, api }) => {
  await send(api, 3, '温度偏高');
  await follow(page, `${server.url}/logs`);
  await expect(page.locator('table.tbl tbody')).toContainText('温度偏高');
  await expectAccessibleInEveryLook(page);
  await page.locator('input[name=text]').fill('温度');
  await send(api, 3, '温度恢复');
  await expect(page.locator('table.tbl tbody')).toContainText('温度恢复');
  await expect(page.locator('input[name=text]')).toHaveValue('温度');
});

test('a reversed time range is refused at its field @no-script', async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/logs?begin=2026-03-10T10:00&end=2026-03-10T09:00`);
  await expect(page.locator('.field.bad input[name=end]')).toHaveValue('2026-03-10T09:00');
});
