import { csvOf, expect, expectAccessibleInEveryLook, follow, test } from '../fixtures.ts';
import type { Api } from '../lib/api.ts';

const create = (api: Api, type: string, code: string, parentId: number) =>
  api.must<number>('/industry/modelling/factory/create', { type, code, name: `${code} 节点`, parentId });

test('a factory is created and given an attribute, and the page follows', async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/model?edit=new`);
  await page.locator('input[name=code]').fill('MOD1-F');
  await page.locator('input[name=name]').fill('MOD1 工厂');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('h1')).toContainText('MOD1 工厂');
  await page.locator('a[href*="edit=attribute"]').click();
  await page.locator('.edit-form input[name=name]').fill('面积');
  await page.locator('.edit-form input[name=enName]').fill('area');
  await page.locator('.edit-form input[name=value]').fill('1200');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('table.tbl')).toContainText('area');
  await expect(page.locator('.edit-form')).toHaveCount(0);
  await expectAccessibleInEveryLook(page);
  expect(await csvOf(page, 'a[href*="model.csv"]')).toContain('factory,MOD1-F,MOD1 工厂');
});

test('a node with something below it tells why it cannot be deleted', async ({ signedIn: page, server, api }) => {
  const factory = await create(api, 'factory', 'MOD2-F', 0);
  await create(api, 'workshop', 'MOD2-W', factory);
  await page.goto(`${server.url}/model?node=${factory}`);
  await page.locator('.ask:has(.note.bad) > summary').click();
  await expect(page.locator('.note.bad').first()).toContainText('1');
  await page.goto(`${server.url}/model?find=MOD2-W`);
  await expect(page.locator('.found')).toContainText('MOD2-F');
});

test('a line is moved to another workshop', async ({ signedIn: page, server, api }) => {
  const factory = await create(api, 'factory', 'MOD3-F', 0);
  const [from, to] = [await create(api, 'workshop', 'MOD3-A', factory), await create(api, 'workshop', 'MOD3-B', factory)];
  const line = await create(api, 'beltline', 'MOD3-L', from);
  await page.goto(`${server.url}/model?node=${line}&edit=node`);
  await expect(page.locator('select[name=parentId]')).toHaveValue(String(from));
  await expectAccessibleInEveryLook(page);
  await page.locator('select[name=parentId]').selectOption(String(to));
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.crumbs')).toContainText('MOD3-B');
});

test('the tree is walked with the keyboard', async ({ signedIn: page, server, api }) => {
  const factory = await create(api, 'factory', 'MOD4-F', 0);
  await create(api, 'beltline', 'MOD4-L', await create(api, 'workshop', 'MOD4-W', factory));
  await follow(page, `${server.url}/model?node=${factory}`);
  const focused = page.locator('.tree a:focus');
  await page.locator('.tree .tn[aria-current] > a').focus();
  for (const [key, name] of [['ArrowRight', 'MOD4-W'], ['ArrowRight', 'MOD4-W']] as const) {
    await page.keyboard.press(key);
    await expect(focused).toContainText(name);
  }
  await expect(page.locator('.tree')).toContainText('MOD4-L');
  await page.keyboard.press('ArrowDown');
  await expect(focused).toContainText('MOD4-L');
  await page.keyboard.press('ArrowLeft');
  await expect(focused).toContainText('MOD4-W');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.tree')).not.toContainText('MOD4-L');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.locator('.tree > ul > li').first().locator('.tn').first()).toHaveAttribute('aria-current', 'page');
});

test('a refused node keeps what was typed @no-script', async ({ signedIn: page, server, api }) => {
  const code = `MOD5-${test.info().project.name}`;
  await create(api, 'factory', code, 0);
  await page.goto(`${server.url}/model?edit=new`);
  await page.locator('input[name=code]').fill(code);
  await page.locator('input[name=name]').fill('又一个工厂');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('.field.bad input[name=code]')).toHaveValue(code);
  await expect(page.locator('.edit-form input[name=name]')).toHaveValue('又一个工厂');
  await page.locator('input[name=code]').fill(`${code}-2`);
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('h1')).toContainText('又一个工厂');
});
