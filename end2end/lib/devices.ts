/** A product and some of its devices, made the way people and firmware make them. */
import { type Page, expect } from '@playwright/test';

/** What can be set, what is only read, what may be wrong. */
export function definition(name: string, key: string): string {
  const at = (byte_offset: number, bit_offset: number, len: number, unit: 'bit' | 'byte') => ({ byte_offset, bit_offset, len, unit });
  const attr = (id: number, attrName: string, title: string, type: string, data_type: string, position: object, more: object = {}) =>
    ({ id, name: attrName, display_name: title, desc: '', type, data_type, position, ...more });
  return JSON.stringify({
    name,
    product_key: key,
    protocolType: 'standard',
    packetVersion: '0x00000004',
    entities: [{
      id: 0,
      name: 'entity0',
      display_name: name,
      attrs: [
        attr(0, 'switch', '水泵开关', 'status_writable', 'bool', at(0, 0, 1, 'bit')),
        attr(1, 'mode', '运行模式', 'status_writable', 'enum', at(0, 1, 2, 'bit'), { enum: ['auto', 'manual', 'off'] }),
        attr(2, 'speed', '转速设定', 'status_writable', 'uint16', at(1, 0, 2, 'byte'), { uint_spec: { min: 800, max: 2900, ratio: 1, addition: 0 } }),
        attr(3, 'flow', '流量', 'status_readonly', 'uint16', at(3, 0, 2, 'byte'), { uint_spec: { min: 0, max: 1000, ratio: 0.1, addition: 0 } }),
        attr(4, 'alert_high', '压力偏高', 'alert', 'bool', at(5, 0, 1, 'bit')),
        attr(5, 'fault_dry', '缺水保护', 'fault', 'bool', at(6, 0, 1, 'bit')),
      ],
    }],
    ui: { object: { version: 4, showEditButton: false }, sections: [] },
  });
}

/** Imports a product through its page, which then shows it. */
export async function importProduct(page: Page, url: string, name: string, key: string): Promise<void> {
  await page.goto(`${url}/products?edit=import`);
  await page.locator('textarea[name=definition]').fill(definition(name, key));
  await page.locator('input[name=product_secret]').fill('0123456789abcdef0123456789abcdef');
  await page.locator('.edit-form button.primary').click();
  await expect(page.locator('h1')).toContainText(name);
}

/** Imports devices on the page of their product; the list then shows them. */
export async function importDevices(page: Page, table: string): Promise<void> {
  await page.locator('a[href$="edit=devices"]').click();
  await page.locator('textarea[name=table]').fill(table);
  await page.locator('form:has(textarea[name=table]) button[type=submit]').click();
  await page.waitForURL('**/devices?products=*');
}
