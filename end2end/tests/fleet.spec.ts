import { csvOf, expect, expectAccessibleInEveryLook, follow, test } from '../fixtures.ts';
import { importDevices, importProduct } from '../lib/devices.ts';
import type { Page } from '@playwright/test';

/** A key for each test and project: products of one name would meet. */
const key = (n: number) => `${n + 50}`.repeat(8) + Buffer.from(test.info().project.name.padEnd(8)).toString('hex').slice(0, 16);

const TABLE = (prefix: string) => [
  'mac,serial_number,country,region,city,longitude,latitude',
  `${prefix}01,泵 1,China,Guangdong,Guangzhou,113.264,23.129`,
  `${prefix}02,泵 2,China,Guangdong,Shenzhen,114.058,22.543`,
  `${prefix}03,泵 3,China,Shanghai,Shanghai,121.474,31.230`,
].join('\n');

/** A product with three devices; its id. */
async function fleet(page: Page, url: string, name: string, n: number): Promise<string> {
  await importProduct(page, url, `${name} ${test.info().project.name}`, key(n));
  await importDevices(page, TABLE(`f${n}`));
  return new URL(page.url()).searchParams.get('products')!;
}

/** A group made by its form; below the one that is shown, else at the top. */
async function makeGroup(page: Page, name: string): Promise<void> {
  await page.locator('.edit-form input[name=name]').fill(name);
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.stack h2', { hasText: name }).first()).toBeVisible();
}

test('groups are made, named, filled by a pasted list, moved and deleted @no-script', async ({ signedIn: page, server }) => {
  const product = await fleet(page, server.url, '分组', 1);
  await page.goto(`${server.url}/devices/groups?product=${product}&edit=new`);
  await makeGroup(page, '全部');
  await page.locator('a[href*="edit=new"]').first().click();
  await makeGroup(page, '华南');
  const south = page.url();
  await page.goto(`${south}&edit=assign`);
  await page.locator('textarea[name=names]').fill('f101\nF102, f101\nnothing');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.results tbody tr')).toHaveCount(4);
  await expect(page.locator('.results tbody tr', { hasText: 'nothing' })).toContainText('unknown');
  await expect(page.locator('.results tbody tr', { hasText: 'F102' })).toContainText('added');
  await page.goto(south);
  await expect(page.locator('form .tbl tbody tr')).toHaveCount(2);
  const csv = await csvOf(page, 'a[href*="group.csv"]');
  for (const mac of ['f101', 'f102']) expect(csv).toContain(mac);

  await page.locator('.tick').first().check();
  await page.locator('.take-out button').click();
  await expect(page.locator('form .tbl tbody tr')).toHaveCount(1);
  await page.locator('a[href*="edit=rename"]').click();
  await makeGroup(page, '华南大区');
  // Full groups stay.
  await page.locator('.ask summary').click();
  await expect(page.locator('.ask .danger')).toHaveCount(0);
  await page.goto(`${server.url}/devices/groups?product=${product}&edit=new`);
  await makeGroup(page, '华东');
  await page.locator('a[href*="edit=move"]').click();
  await page.locator('select[name=parent_gid]').selectOption({ label: '全部 › 华南大区' });
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.dl').first()).toContainText('全部 › 华南大区 › 华东');
  await page.locator('.ask summary').click();
  await page.locator('.ask .danger').click();
  await expect(page.locator('.tree')).not.toContainText('华东');
  await page.locator('.dl a[href^="/devices?group="]').click();
  await expect(page.locator('.dev-list tbody tr')).toHaveCount(1);
});

test('reports show their figures, keep their filter in the address, and refuse what is too long @no-script', async ({ signedIn: page, server }) => {
  const product = await fleet(page, server.url, '报表', 2);
  const reports = `${server.url}/devices/reports?product=${product}`;
  await page.goto(reports);
  await expect(page.locator('.kpi').first().locator('.v')).toHaveText('3');
  await page.goto(`${reports}&tab=history`);
  await expect(page.locator('.tbl tbody tr')).toHaveCount(30);
  await page.locator('select[name=cycle]').selectOption('month');
  await page.locator('.fleet-filter button').click();
  await expect(page).toHaveURL(/cycle=month/);
  await page.goto(`${reports}&tab=history&cycle=date&start=2026-01-01&end=2026-03-01`);
  await expect(page.locator('.field.bad')).toContainText('30');
  await page.goto(`${reports}&tab=places`);
  await expect(page.locator('.places tbody tr')).toHaveCount(6);
  await expect(page.locator('.places tbody')).toContainText('66.7 %');
  const csv = await csvOf(page, 'a[href*="report.csv"]');
  expect(csv).toContain('China,Guangdong,Shenzhen,1,0,0,0');
  await page.goto(`${reports}&tab=trouble`);
  await expect(page.locator('.blank')).toBeVisible();
});

test('people are registered, imported with a result by line, and bound @no-script', async ({ signedIn: page, server }) => {
  const product = await fleet(page, server.url, '用户', 3);
  const appid = `app-${test.info().project.name}`;
  await page.goto(`${server.url}/devices/users?tab=apps`);
  await page.locator('input[name=name]').fill('泵管家');
  await page.locator('input[name=appid]').fill(appid);
  await page.locator('form[action*="app/create"] button').click();
  await expect(page.locator('.tbl')).toContainText(appid);

  await page.goto(`${server.url}/devices/users?edit=import`);
  await page.locator('select[name=appid]').last().selectOption(appid);
  await page.locator('textarea[name=csv]').fill('username,phone\nlin,13800138000\nwei,13900139000\nlin,1');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.results tbody tr')).toHaveCount(3);
  await expect(page.locator('.results tbody')).toContainText('lin is taken');

  await page.goto(`${server.url}/devices/users?app=${appid}&text=lin`);
  await expect(page.locator('.tbl tbody tr')).toHaveCount(1);
  await expect(page.locator('.tbl tbody')).toContainText('138***000');
  await page.locator('.tbl tbody a.two').click();
  await expect(page.locator('h1')).toContainText('lin');
  await expect(page.locator('.dl')).toContainText('13800138000');
  const devices = await page.request.get(`${server.url}/ui/devices.csv?query[products]=${product}`);
  const did = (await devices.text()).split('\r\n')[1]!.split(',')[0]!;
  await page.locator('.phead a[href*="edit=bind"]').click();
  await page.locator('select[name=product_key]').selectOption(key(3));
  await page.locator('textarea[name=dids]').fill(`${did}\nnothing`);
  await page.locator('form[action*="user/bind"] button').click();
  await expect(page.locator('.results tbody tr')).toHaveCount(2);
  await page.goto(page.url().split('&')[0]!);
  await expect(page.locator('.tbl tbody tr').first()).toContainText(did);
  await page.locator('form[action*="unbind"] button').click();
  await expect(page.locator('form[action*="unbind"]')).toHaveCount(0);
  await page.goto(`${server.url}/devices/users?tab=reports&product=${product}`);
  await expect(page.locator('.kpi').first().locator('.v')).toHaveText('1');
});

test('the pages of the fleet are readable everywhere', async ({ signedIn: page, server }) => {
  test.slow();
  const product = await fleet(page, server.url, '可读', 4);
  await page.goto(`${server.url}/devices/groups?product=${product}&edit=new`);
  await makeGroup(page, '全部');
  const group = page.url();
  await page.goto(`${group}&edit=assign`);
  await expectAccessibleInEveryLook(page);
  for (const tab of ['', 'history', 'places']) {
    await page.goto(`${server.url}/devices/reports?product=${product}&tab=${tab}`);
    await expectAccessibleInEveryLook(page);
  }
  for (const rest of ['tab=apps', 'tab=reports']) {
    await page.goto(`${server.url}/devices/users?${rest}`);
    await expectAccessibleInEveryLook(page);
  }
});

test('a group follows what others do to it', async ({ signedIn: page, server, context }) => {
  const product = await fleet(page, server.url, '跟随', 5);
  await page.goto(`${server.url}/devices/groups?product=${product}&edit=new`);
  await makeGroup(page, '全部');
  const group = page.url();
  await follow(page, group);
  const other = await context.newPage();
  await other.goto(`${group}&edit=assign`);
  await other.locator('textarea[name=names]').fill('f501');
  await other.locator('.edit-form button.primary').click();
  await expect(page.locator('form .tbl tbody tr')).toHaveCount(1);
});
