import { csvOf, expect, expectAccessibleInEveryLook, follow, test } from '../fixtures.ts';
import { definition, importDevices, importProduct } from '../lib/devices.ts';

/** A key for each test and project: products of one name would meet. */
const key = (n: number) => `${n}`.padStart(2, '0').repeat(8) + Buffer.from(test.info().project.name.padEnd(8)).toString('hex').slice(0, 16);

const TABLE = (prefix: string) => [
  'mac,serial_number,country,region,city,longitude,latitude',
  `${prefix}01,泵 1,China,Guangdong,Guangzhou,113.264,23.129`,
  `${prefix}02,泵 2,China,Guangdong,Shenzhen,114.058,22.543`,
  `${prefix}03,泵 3,China,Shanghai,Shanghai,121.474,31.230`,
  `${prefix}04,,,,,,`,
].join('\n');

test('a product is imported with its devices, and the list and the map show them @no-script', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, `泵站 ${test.info().project.name}`, key(1));
  await expect(page.locator('table.tbl tbody tr')).toHaveCount(6);
  await expect(page.locator('table.tbl')).toContainText('800–2900');
  await importDevices(page, TABLE('e1'));
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(4);
  await expect(page.locator('.map-panel')).toBeVisible();
  expect(await page.locator('.mp-a').count()).toBeGreaterThan(0);
  const csv = await csvOf(page, 'a[href*="devices.csv"]');
  for (const mac of ['e101', 'e102', 'e103', 'e104']) expect(csv).toContain(mac);
});

test('facets, search and map narrow the list by its address @no-script', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, `筛选 ${test.info().project.name}`, key(2));
  await importDevices(page, TABLE('e2'));
  const product = new URL(page.url()).searchParams.get('products')!;
  await page.goto(`${server.url}/devices?products=${product}&country=China&region=Guangdong`);
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(2);
  await page.goto(`${server.url}/devices?products=${product}`);
  await page.locator('input[name=text]').fill('E203');
  await page.locator('form[role=search] button').click();
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(1);
  expect(page.url()).toContain('text=E203');
  expect(page.url()).toContain(`products=${product}`);
  await page.goto(`${server.url}/devices?products=${product}&area=113,22,115,24`);
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(2);
  await page.goto(`${server.url}/devices?products=${product}&online=1`);
  await expect(page.locator('.dev-list .blank')).toBeVisible();
  await expect(page.locator('.chip')).toHaveCount(2);
});

test('a device tells what it is, and what it never said', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, '详情', key(3));
  await importDevices(page, TABLE('e3'));
  await page.locator('.dev-list a.two', { hasText: '泵 3' }).click();
  await expect(page.locator('h1')).toContainText('泵 3');
  await expect(page.locator('.dl')).toContainText('Shanghai');
  await expect(page.locator('.ctl')).toHaveCount(6);
  // Off line: nothing can be sent, so nothing offers to.
  await expect(page.locator('.ctl-form')).toHaveCount(0);
  for (const tab of ['online', 'messages', 'bindings']) {
    await page.locator(`.tabs a[href*="tab=${tab}"]`).click();
    await expect(page.locator('.tabs [aria-current]')).toHaveAttribute('href', new RegExp(`tab=${tab}`));
    await expect(page.locator('.blank').first()).toBeVisible();
  }
  const answer = await page.goto(`${server.url}/device/1`);
  expect(answer!.status()).toBe(404);
});

test('the pages of devices are readable everywhere', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, '可读', key(4));
  await expectAccessibleInEveryLook(page);
  await importDevices(page, TABLE('e4'));
  await expectAccessibleInEveryLook(page);
  await page.locator('.dev-list a.two').first().click();
  await expect(page.locator('.tabs')).toBeVisible();
  await expectAccessibleInEveryLook(page);
  await page.goto(`${server.url}/products?edit=import`);
  await expectAccessibleInEveryLook(page);
});

test('the list follows a device that registers', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, '注册', key(5));
  await importDevices(page, 'mac\ne501');
  await follow(page, page.url());
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(1);
  const form = { passcode: 'SECRET', mac: 'e502', product_key: key(5) };
  expect((await page.request.post(`${server.url}/dev/devices`, { form })).status()).toBe(201);
  await expect(page.locator('.dev-list')).toContainText('e502');
});

test('a refused definition says where it is wrong and keeps what was typed @no-script', async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/products?edit=import`);
  const wrong = definition('错', key(6)).replace('"uint16"', '"uint17"');
  await page.locator('textarea[name=definition]').fill(wrong);
  await page.locator('input[name=product_secret]').fill('0123456789abcdef0123456789abcdef');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.field.bad')).toContainText('attrs[2]');
  await expect(page.locator('textarea[name=definition]')).toHaveValue(/uint17/);
});
