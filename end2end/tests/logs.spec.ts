import { expect, expectAccessible, test } from '../fixtures.ts';
import { APP_ID } from '../lib/binary.ts';

test('the log is filtered by its address and saved as CSV', async ({ signedIn: page, server, api }) => {
  for (const [type, title] of [[2, '换班完成'], [4, '主轴过载']] as const) {
    await api.must('/industry/message/log/send', { application: 'scada', module: 'spindle', title, content: 'x', type, appId: APP_ID });
  }
  await page.goto(`${server.url}/logs?level=4`);
  await expect(page.locator('table.tbl tbody')).toContainText('主轴过载');
  await expect(page.locator('table.tbl tbody')).not.toContainText('换班完成');
  await expectAccessible(page);
  const href = await page.locator('a[href*="logs.csv"]').getAttribute('href');
  const csv = await (await page.request.get(`${server.url}${href}`)).text();
  expect(csv).toContain('主轴过载');
  expect(csv).not.toContain('换班完成');
});
