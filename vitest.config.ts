// Owns which tests run where: Node, a real browser, workerd, and the pure rules once more in two other time zones.
import { existsSync } from 'node:fs';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

const there = (path: string): boolean => existsSync(new URL(path, import.meta.url));

/**
 * A process keeps its modules from file to file: loading them anew costs more than most files' tests. No test replaces a
 * module, and none leaves anything in one that another could meet. Nobody waits so long; a machine busy with other work may.
 */
const together = { isolate: false, testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 15_000 } } };

/** The rules must not depend on the machine's zone; test/house/zone.test.ts proves that TZ really holds there. */
const inZone = (name: string, zone: string) => ({
  test: {
    ...together,
    name,
    env: { TZ: zone },
    include: ['test/domain/**/*.test.ts', 'test/house/zone.test.ts'],
  },
});

/** The flows once more with everything coming in over the long connection: what people notice is the same on both. */
const longConnection = {
  test: {
    ...together,
    name: 'long-connection',
    env: { LONG_CONNECTION: 'yes' },
    include: ['asking', 'binding', 'checklist', 'handIn', 'lasting', 'private', 'stopping', 'together'].map(
      (flow) => `test/flows/${flow}.test.ts`,
    ),
  },
};

/** Processes that are killed or kept waiting and must still answer in time: one story after the other, beside nothing else. */
const kill = {
  test: {
    ...together,
    name: 'kill',
    include: ['test/kill/**/*.test.ts'],
    maxWorkers: 1,
    sequence: { groupOrder: 3 },
  },
};

/** Beside nothing else: a browser on two shared cores answers slowly. Two at once, since each waits for its page half the time. */
const browser = {
  test: {
    ...together,
    name: 'browser',
    // Pictures for the documents are taken when asked for (`npm run pictures`) and are no test.
    include: [process.env.PICTURES === '1' ? 'test/browser/pictures.ts' : 'test/browser/**/*.test.ts'],
    globalSetup: there('./test/support/browser.setup.ts') ? ['test/support/browser.setup.ts'] : [],
    testTimeout: 240_000,
    maxWorkers: 2,
    sequence: { groupOrder: 1 },
  },
};

/** The Worker in its own runtime, against a libSQL server spoken to over HTTP (started by the global setup). */
const workerd = {
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: './wrangler.toml' },
      // cf: false, because the runtime would otherwise ask the network where it is.
      miniflare: { cf: false, bindings: inject('workerVars') },
    })),
  ],
  test: {
    name: 'workerd',
    include: ['test/**/*.workerd.test.ts'],
    globalSetup: ['test/support/bridge.setup.ts'],
    testTimeout: 60_000,
    sequence: { groupOrder: 2 },
  },
};

export default defineConfig({
  test: {
    maxWorkers: '100%', // of the cores; Vitest's own choice leaves one of two idle
    projects: [
      {
        test: {
          ...together,
          name: 'node',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.workerd.test.ts', 'test/browser/**', 'test/kill/**'],
        },
      },
      inZone('utc', 'UTC'),
      inZone('new-york', 'America/New_York'),
      longConnection,
      kill,
      browser,
      ...(there('./test/support/bridge.setup.ts') ? [workerd] : []),
    ],
  },
});
