/** The industry API through the official Node client, unchanged. */
import { createRequire } from 'node:module';

import { APP_KEY, APP_SECRET } from './binary.ts';

const { Client } = createRequire(import.meta.url)('aliyun-api-gateway');

export interface Reply<T = unknown> {
  id: string;
  code: number;
  message: string | null;
  localizedMsg: string | null;
  data: T;
}

export class Api {
  readonly #client = new Client(APP_KEY, APP_SECRET);

  constructor(readonly url: string) {}

  /** A call whatever its answer. */
  post<T>(path: string, params: object, apiVer = '1.0.0'): Promise<Reply<T>> {
    const data = { version: '1.0', request: { apiVer }, params };
    return this.#client.post(this.url + path, { data, headers: { accept: 'application/json' }, timeout: 20_000 });
  }

  get<T>(path: string, query: Record<string, string>): Promise<Reply<T>> {
    return this.#client.get(this.url + path, { query, headers: { accept: 'application/json' }, timeout: 20_000 });
  }

  /** A call that must succeed. */
  async must<T>(path: string, params: object, apiVer?: string): Promise<T> {
    const reply = await this.post<T>(path, params, apiVer);
    if (reply.code !== 200) throw new Error(`${path} ${JSON.stringify(params)}: ${reply.code} ${reply.message}`);
    return reply.data;
  }
}
