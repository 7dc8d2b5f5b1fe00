// Owns the product's promise on a bad day, in small: sixty cadres, every fault of the platform at five in a hundred, and the
// bot killed and restarted. `npm run soak` is the same in large.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { xinfeng } from '../support/xinfeng.ts';
import { type SoakReport, soak } from './soak.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let report: SoakReport;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['build.mjs', '--quiet', 'soak'], { cwd: root });
  report = await soak({
    campaign: xinfeng(),
    script: `${root}dist/soak.js`,
    size: { villages: 6, households: 100, cadres: 10 },
    speed: 30,
    minutes: 60,
    acts: 8,
    think: 12_000,
    ends: ['SIGKILL', 'SIGTERM'],
    share: 0.05,
    holdMs: 500,
    badFrom: 'opening',
    seed: 7,
    tell: () => undefined,
  });
  const { n, p50, p99, max } = report.waits;
  const ms = [p50, p99, max].map(Math.round).join(' / ');
  console.info(`${report.acknowledged} acknowledged, ${n} answers in ${ms} ms (median, 99 %, longest)`);
}, 180_000);

test('on a bad day nothing that was acknowledged is lost or changed, nothing is stored or sent twice, every count is right', () => {
  expect(report.faults).toEqual([]);
});

test('the day was a bad one, and work went on all the same', () => {
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(report.unknown).toBeGreaterThan(0);
  expect([...report.struck.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(100);
});

test('the bot has nothing to complain of but the platform', () => {
  expect([...report.problems.keys()].filter((what) => !what.includes('PlatformError'))).toEqual([]);
});
