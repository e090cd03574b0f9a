/** Starts the built binary with a store of its own and stops it again. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const APP_KEY = 'key-for-tests-only';
export const APP_SECRET = 'secret-for-tests-only';
export const APP_ID = 'app-id-for-tests-only';
export const PASSWORD = 'password-for-tests-only';

export interface Server {
  url: string;
  /** Where devices connect: `127.0.0.1:PORT`. */
  mqtt: string;
  /** Options that make a management command work on the same store. */
  store: string[];
  command(...args: string[]): string;
  stop(): Promise<void>;
}

export interface Options {
  databaseUrl?: string;
  demo?: boolean;
}

function binary(): string {
  const path = process.env.MILLWRIGHT_BIN;
  if (!path) throw new Error('MILLWRIGHT_BIN names no binary; `cargo xtask test` builds one and sets it');
  return path;
}

export async function start(options: Options = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'millwright-'));
  const store = options.databaseUrl ? ['--database-url', options.databaseUrl] : ['--data', folder];
  const args = ['serve', '--listen', '127.0.0.1:0', '--mqtt-listen', '127.0.0.1:0', ...store, ...(options.demo ? ['--demo'] : [])];
  const child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { url, mqtt } = await listening(child);
  return {
    url,
    mqtt,
    store,
    command: (...rest) => execFileSync(binary(), [...rest, ...store], { encoding: 'utf8' }),
    stop: async () => {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server with an application and an administrator whose credentials the tests know. */
export async function startWithCredentials(options: Options = {}): Promise<Server> {
  const server = await start(options);
  server.command('app', 'create', '--name', 'tests', '--app-key', APP_KEY, '--app-secret', APP_SECRET, '--app-id', APP_ID);
  server.command('admin', 'reset-password', '--login', 'admin', '--password', PASSWORD);
  return server;
}

function listening(child: ChildProcess): Promise<{ url: string; mqtt: string }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    const lines = createInterface({ input: child.stdout! });
    let url = '';
    lines.on('line', (line) => {
      url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1] ?? url;
      const mqtt = /^mqtt on mqtt:\/\/(\S+)$/.exec(line)?.[1];
      if (mqtt) resolve({ url, mqtt });
    });
  });
}
