// Owns the proof of bad days: two townships' campaign goes wrong in every way a platform or a machine can, and everybody is
// told the same, once. `npm run soak -- --proof` is the same with the whole county.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { xinfeng } from '../support/xinfeng.ts';
import { badCalls } from './badLine.ts';
import { type RunOptions, type RunReport, runCampaign } from './campaignRun.ts';
import { type County, daaTown, newCounty } from './county.ts';
import { heldBack, lineOf, overnight, sixHours } from './heldBack.ts';
import { linesOf, ofTownship } from './list.ts';
import { anyDay, breaches, dayOf, goodDay, timeOf } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const swiftTown = '360722109';
/** ms; the machine may be shared. Alone it takes a tenth. */
const busyMachine = 600_000;

let county: County;
let good: RunReport;
beforeAll(async () => {
  county = await newCounty(xinfeng(), [daaTown, swiftTown]);
  good = await run({});
}, busyMachine);
afterAll(() => county?.close());

async function run(o: Omit<RunOptions, 'county'>): Promise<RunReport> {
  const report = await runCampaign({ county, ...o });
  const late = Math.max(...report.told.map((t) => t.at - t.slot)) / 1000;
  console.info(
    `${report.told.length} messages in ${Math.round(report.seconds)} s; at most ${late} s after their slots`,
  );
  return report;
}

const township = (r: RunReport) => linesOf(ofTownship(county, daaTown, r.told));

test('the small county’s township is told what it is told in the whole one', async () => {
  await expect(`${township(good).join('\n')}\n`).toMatchFileSnapshot('../golden/proof/township.txt');
  expect(good.wrong).toEqual([]);
  expect(breaches(county, good.told, goodDay)).toEqual([]);
});

test(
  'a day minute by minute is told as one whose empty hours are skipped',
  async () => {
    const day = { from: '2023-07-18T23:00', to: '2023-07-20T00:00' };
    const skipped = await run(day);
    const whole = await run({ ...day, everyMinute: true });
    expect(whole.told.length).toBeGreaterThan(100);
    expect(linesOf(whole.told)).toEqual(linesOf(skipped.told));
    expect(whole.told.map((t) => t.slot).sort()).toEqual(skipped.told.map((t) => t.slot).sort());
  },
  busyMachine,
);

/** Everybody is told the same on the same day, once; what must hold of every message holds. */
function expectSame(report: RunReport): void {
  expect(report.wrong).toEqual([]);
  expect(linesOf(report.told)).toEqual(linesOf(good.told));
  expect(breaches(county, report.told, anyDay)).toEqual([]);
}

test(
  'two instances on one database tell everybody once, in one call each',
  async () => {
    const report = await run({ bots: 2 });
    expectSame(report);
    expect(breaches(county, report.told, goodDay)).toEqual([]);
    expect(report.problems).toEqual([]);
  },
  busyMachine,
);

test(
  'one call in ten failing in each of five ways, everybody is told once, on the same day',
  async () => {
    const report = await run({ bad: { share: 0.1, seed: 7, fates: badCalls(20) } });
    expectSame(report);
    for (const [way, n] of report.struck) expect(n, way).toBeGreaterThan(100);
  },
  busyMachine,
);

test(
  'killed in the middle of sending, again and again, everybody is told once',
  async () => {
    await promisify(execFile)(process.execPath, ['build.mjs', '--quiet', 'soak'], { cwd: root });
    const atCalls = [5, 120, 371, 640];
    const report = await run({ kills: { script: `${root}dist/soak.js`, atCalls } });
    expect(report.killed).toBe(atCalls.length);
    expectSame(report);
    expect(breaches(county, report.told, { ...anyDay, calls: 3 })).toEqual([]);
    expect(report.problems).toEqual([]);
  },
  busyMachine,
);

test(
  'six hours without the platform, from the middle of a morning’s wave: what arrived is found, the rest told when it is back',
  async () => {
    const report = await run({ outages: [sixHours] });
    expectSame(report);
    expect(breaches(county, report.told, { ...anyDay, calls: 1 })).toEqual([]);
    const morning = report.told.filter((t) => timeOf(t.slot) < '10:00' && dayOf(t.slot) === '2023-07-14');
    const times = morning.map((t) => timeOf(t.at)).sort();
    expect(times.filter((time) => time === '09:02').length).toBeGreaterThanOrEqual(5);
    const back = times.filter((time) => time !== '09:02');
    expect(back.length).toBeGreaterThan(100);
    expect([back[0], (back.at(-1) ?? '') < '15:13']).toEqual(['15:10', true]);
  },
  busyMachine,
);

test(
  'outages that last past 18:00: told with the next working day’s first slot, within its digest, or not at all where it is over',
  async () => {
    const report = await run({ outages: overnight, to: '2023-07-31T12:00' });
    expect(report.wrong).toEqual([]);
    expect(report.told.map(lineOf).sort()).toEqual(heldBack(county, good.told, overnight));
    expect(breaches(county, report.told, anyDay)).toEqual([]);
    const late = report.told.filter((t) => dayOf(t.at) !== dayOf(t.slot));
    expect(late.length).toBeGreaterThan(300);
    const times = late.map((t) => timeOf(t.at)).sort();
    expect([times[0], times.at(-1)]).toEqual(['09:02', '09:02']);
  },
  busyMachine,
);
