import { spawn } from 'node:child_process';
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
  test.slow();
  await importProduct(page, server.url, '可读', key(4));
  await expectAccessibleInEveryLook(page);
  await importDevices(page, TABLE('e4'));
  await expectAccessibleInEveryLook(page);
  await page.locator('.dev-list a.two').first().click();
  await expect(page.locator('.tabs')).toBeVisible();
  await expectAccessibleInEveryLook(page);
});

test('the forms of products are readable everywhere', async ({ signedIn: page, server }) => {
  test.slow();
  await importProduct(page, server.url, '表单', key(8));
  await page.goto(`${server.url}/products?edit=import`);
  await expectAccessibleInEveryLook(page);
  await page.goto(`${server.url}/products?edit=new`);
  await expectAccessibleInEveryLook(page);
  const product = await page.locator('table.tbl a.two', { hasText: '表单' }).getAttribute('href');
  for (const form of ['point&point=mode', 'machine&from=*', 'machine&from=mode']) {
    await page.goto(`${server.url}${product}?edit=${form}`);
    await expectAccessibleInEveryLook(page);
  }
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

test('a product is made by hand: its datapoints, and what they mean for a machine @no-script', async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/products?edit=new`);
  await page.locator('input[name=name]').fill(`手工 ${test.info().project.name}`);
  await page.locator('input[name=product_secret]').fill('0123456789abcdef0123456789abcdef');
  await page.locator('.edit-form button.primary').click();
  await page.waitForURL(/\/products\/\d+$/);
  await expect(page.locator('.blank').first()).toBeVisible();
  const product = page.url();
  const add = async (name: string, kind: string, type: string, more: Record<string, string> = {}) => {
    await page.goto(`${product}?edit=point`);
    await page.locator('[name="point[name]"]').fill(name);
    await page.locator('[name="point[kind]"]').selectOption(kind);
    await page.locator('[name="point[data_type]"]').selectOption(type);
    for (const [field, value] of Object.entries(more)) await page.locator(`[name="point[${field}]"]`).fill(value);
    await page.locator('.edit-form button.primary').click();
    await page.waitForURL(product);
  };
  await add('mode', 'status_writable', 'enum', { choices: '停机\n生产' });
  await add('count', 'status_readonly', 'uint32');
  await add('speed', 'status_readonly', 'uint16', { max: '3000', ratio: '0.5' });
  const rows = page.locator('table.tbl tbody tr');
  await expect(rows).toHaveCount(3);
  await expect(page.locator('table.tbl')).toContainText('0–1500');
  // What is wrong is said at its field, and nothing that was typed is lost.
  await page.goto(`${product}?edit=point&point=speed`);
  await page.locator('[name="point[max]"]').fill('70000');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.field.bad')).toContainText('65535');
  await expect(page.locator('[name="point[max]"]')).toHaveValue('70000');
  await page.goto(`${product}?edit=machine&from=mode`);
  await page.locator('[name="rule[statuses][1]"]').selectOption('1');
  await page.locator('[name="rule[otherwise]"]').selectOption('7');
  await page.locator('[name="rule[pieces]"]').selectOption('count');
  await page.locator('form:has([name="rule[pieces]"]) button.primary').click();
  await page.waitForURL(product);
  await expect(page.locator('.dl').last()).toContainText('生产');
  // The rule names it: it cannot go.
  await page.goto(`${product}?edit=point&point=count`);
  await page.locator('details.ask summary').click();
  await page.locator('details.ask button').click();
  await expect(page.locator('.note.bad[role=alert]')).toBeVisible();
  await page.goto(`${product}?edit=point&point=speed`);
  await page.locator('details.ask summary').click();
  await page.locator('details.ask button').click();
  await page.waitForURL(product);
  await expect(rows).toHaveCount(2);
});

test('a device is told what to do, and what is typed stays while the fleet goes on', async ({ signedIn: page, server }) => {
  await importProduct(page, server.url, '控制', key(7));
  const register = (mac: string) => page.request.post(`${server.url}/dev/devices`, { form: { passcode: 'SECRET', mac, product_key: key(7) } });
  const did = new URLSearchParams(await (await register('e701')).text()).get('did')!;
  const [host, port] = server.mqtt.split(':') as [string, string];
  // A device of plain JSON: it says something once, and hears what it is told.
  const device = spawn('mosquitto_sub', ['-h', host, '-p', port, '-i', did, '-u', did, '-P', 'SECRET', '-q', '1', '-t', `app2dev/${did}/#`, '-F', '%x']);
  const heard: string[] = [];
  device.stdout.on('data', (data: Buffer) => heard.push(data.toString()));
  try {
    await page.goto(`${server.url}/devices?text=e701`);
    await page.locator('.dev-list a.two').first().click();
    await page.waitForURL(/\/device\/\d+/);
    await expect(page.locator('h1')).toContainText('e701');
    await page.reload();
    const speed = page.locator('[name="set.speed"]');
    await expect(speed).toBeVisible({ timeout: 15_000 });
    await speed.fill('1200');
    const again = page.waitForResponse((answer) => answer.url().includes('/ui/device?'));
    await register('e702');
    await again;
    await page.waitForTimeout(300);
    await expect(speed).toHaveValue('1200');
    await page.locator('.ctl-form button[type=submit]').first().click();
    await expect(page.locator('.confirm li')).toContainText('1200');
    await page.locator('.confirm button.primary').click();
    await expect(page.locator('.note.good')).toBeVisible();
    await expect.poll(() => heard.join('')).toContain('04b0');
  } finally {
    device.kill();
  }
});
