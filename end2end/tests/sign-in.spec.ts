import { expect, expectAccessibleInEveryLook, test } from '../fixtures.ts';

test('a wrong password is refused at its field, and the name stays @no-script', async ({ page, server }) => {
  await page.goto(`${server.url}/sign-in?next=/model`);
  if (test.info().project.name !== 'no-script') await expectAccessibleInEveryLook(page);
  await page.locator('input[name=login]').fill('admin');
  await page.locator('input[name=password]').fill('not the password');
  await page.locator('.si-fields button[type=submit]').click();
  await expect(page.locator('.field.bad input[name=password]')).toBeVisible();
  await expect(page.locator('input[name=login]')).toHaveValue('admin');
  expect(page.url()).not.toContain('not');
});
