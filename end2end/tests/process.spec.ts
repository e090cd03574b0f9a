import { csvOf, expect, expectAccessibleInEveryLook, test } from '../fixtures.ts';
import type { Api } from '../lib/api.ts';

const create = (api: Api, model: string, type: string, code: string, parentId: number) =>
  api.must<number>(`/industry/modelling/${model}/create`, { type, code, name: `${code} 节点`, parentId });

/** A route with two steps, one of them with an ideal cycle, done at a center with one machine. */
async function route(api: Api, code: string): Promise<number> {
  const technology = await create(api, 'technics', 'technology', `${code}-T`, 0);
  const operation = await create(api, 'technics', 'process', `${code}-P`, technology);
  const step = await create(api, 'technics', 'step', `${code}-S1`, operation);
  await create(api, 'technics', 'step', `${code}-S2`, operation);
  const cycle = { name: '理想节拍', enName: 'idealCycleTime', value: '45', parentId: step, parentType: 'step' };
  await api.must('/industry/modelling/attribute/create', cycle);
  let above = 0;
  for (const type of ['factory', 'workshop', 'beltline', 'machiningCenter']) above = await create(api, 'factory', type, `${code}-${type}`, above);
  await create(api, 'factory', 'equipment', `${code}-M`, above);
  const link = { id: operation, idType: 'PROCESS', depId: above, depIdType: 'MACHIN_CENTER' };
  await api.must('/industry/modelling/technics/dependence/add', link);
  return technology;
}

test('a route shows its steps with cycle and machines @no-script', async ({ signedIn: page, server, api }) => {
  const code = `PRO1-${test.info().project.name}`;
  const technology = await route(api, code);
  await page.goto(`${server.url}/process?node=${technology}`);
  const table = page.locator('table.route');
  await expect(table.locator('tr', { hasText: `${code}-S1` })).toContainText('45 s');
  await expect(table.locator('tr', { hasText: `${code}-S2` }).locator('.tag.warn')).toBeVisible();
  await expect(table).toContainText(`${code}-M`);
  expect(await csvOf(page, 'a[href*="model.csv"]')).toContain(`step,${code}-S1`);
  if (test.info().project.name !== 'no-script') await expectAccessibleInEveryLook(page);
  await table.locator('a', { hasText: `${code}-S2` }).click();
  await expect(page.locator('h1')).toContainText(`${code}-S2`);
  await expect(page.locator('table.route td[aria-current]')).toContainText(`${code}-S2`);
});
