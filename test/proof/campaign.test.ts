// Owns the proof of a good campaign: 12 to 30 July 2023 on the virtual clock, 311 villages, 311 groups, 2,047 people. What
// was told is a list reviewed by hand; what holds of every message is said once more without the planner.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { xinfeng } from '../support/xinfeng.ts';
import { type RunReport, runCampaign } from './campaignRun.ts';
import { type County, daaTown, newCounty } from './county.ts';
import { linesOf, ofTownship, summaryOf } from './list.ts';
import { breaches, dayOf, goodDay } from './rules.ts';

let county: County;
let report: RunReport;
beforeAll(async () => {
  county = await newCounty(xinfeng());
  report = await runCampaign({ county });
  const late = Math.max(...report.told.map((t) => t.at - t.slot));
  console.info(
    `${report.told.length} messages in ${Math.round(report.seconds)} s; at most ${late} ms after their slots`,
  );
}, 900_000);
afterAll(() => county?.close());

test('the whole county is told exactly this, by day and slot', async () => {
  await expect(summaryOf(county, report.told)).toMatchFileSnapshot('../golden/proof/campaign.txt');
});

test('one township is told exactly this, line by line', async () => {
  const lines = linesOf(ofTownship(county, daaTown, report.told));
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../golden/proof/township.txt');
});

test('every promise is one message, and no message is there that nobody promised', () => {
  expect(report.wrong).toEqual([]);
  expect(report.problems).toEqual([]);
});

test('each in one call, within 60 s of its slot, in working hours, off :00 and :30, once a day, only with something undone', () => {
  expect(breaches(county, report.told, goodDay)).toEqual([]);
});

test('the first morning, 311 groups and 2,000 people, is over within the platform’s limits and a fifth', () => {
  const first = report.told.filter((t) => dayOf(t.at) === '2023-07-12');
  expect(first.filter((t) => t.kind === 'milestone')).toHaveLength(311);
  expect(first.filter((t) => t.kind === 'digest')).toHaveLength(2000);
  const seconds = (Math.max(...first.map((t) => t.at)) - Math.min(...first.map((t) => t.plannedAt))) / 1000;
  console.info(`${first.length} messages of the first morning in ${seconds} s`);
  expect(seconds).toBeLessThanOrEqual(166);
});
