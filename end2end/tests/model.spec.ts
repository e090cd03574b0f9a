import { expect, expectAccessible, test } from '../fixtures.ts';

test('a factory is created, given an attribute and deleted again', async ({ signedIn: page, server }) => {
  await page.goto(`${server.url}/model?edit=new`);
  await page.locator('input[name=code]').fill('MOD1-F');
  await page.locator('input[name=name]').fill('MOD1 工厂');
  await page.locator('.panel form button.primary').click();
  await expect(page.locator('h1')).toContainText('MOD1 工厂');
  await expectAccessible(page);
  await page.locator('.ask:has(input[name=enName]) > summary').click();
  await page.locator('input.in[name=name]').fill('面积');
  await page.locator('input.in[name=enName]').fill('area');
  await page.locator('input.in[name=value]').fill('1200');
  await page.locator('form:has(input.in[name=enName]) button[type=submit]').click();
  await expect(page.locator('form:has(input.in[name=enName]) button[type=submit]')).toBeEnabled();
  await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
  await page.reload();
  await expect(page.locator('table.tbl')).toContainText('area');
});

test('a node with something below it tells why it cannot be deleted', async ({ signedIn: page, server, api }) => {
  const create = (type: string, code: string, parentId: number) =>
    api.must<number>('/industry/modelling/factory/create', { type, code, name: code, parentId });
  const factory = await create('factory', 'MOD2-F', 0);
  await create('workshop', 'MOD2-W', factory);
  await page.goto(`${server.url}/model?node=${factory}`);
  await page.locator('.ask:has(.note.bad) > summary').click();
  await expect(page.locator('.note.bad').first()).toContainText('1');
  await page.goto(`${server.url}/model?find=MOD2-W`);
  await expect(page.locator('.found')).toContainText('MOD2-F');
});
