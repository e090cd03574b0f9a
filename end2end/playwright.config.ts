import { defineConfig, devices } from '@playwright/test';

const chromium = {
  ...devices['Desktop Chrome'],
  launchOptions: {
    executablePath: process.env.MILLWRIGHT_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  },
  locale: 'en-GB',
  timezoneId: 'Asia/Shanghai',
};

export default defineConfig({
  testDir: 'tests',
  timeout: 90_000,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  projects: [
    { name: 'sqlite', use: chromium },
    { name: 'no-script', use: { ...chromium, javaScriptEnabled: false }, grep: /@no-script/ },
    {
      name: 'postgres',
      use: chromium,
      grep: /@smoke/,
      metadata: { databaseUrl: process.env.MILLWRIGHT_TEST_POSTGRES_E2E },
    },
  ],
});
