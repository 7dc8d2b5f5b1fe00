// Owns the proof in large, for `npm run soak -- --proof`: the whole county, all 456 hours, once well and then on every kind of
// bad day; each bad one must come to the list of the good one, or to what the rules make of it.
import type { Campaign } from '../../src/domain/campaign.ts';
import { badCalls } from './badLine.ts';
import { type RunOptions, type RunReport, runCampaign } from './campaignRun.ts';
import { type County, newCounty } from './county.ts';
import { heldBack, lineOf, overnight, sixHours } from './heldBack.ts';
import { linesOf, summaryOf } from './list.ts';
import { anyDay, breaches, goodDay, type Limits } from './rules.ts';
import type { Told } from './told.ts';

export interface ProofSoak {
  readonly campaign: Campaign;
  /** Program that runs a bot when started with `--proof-bot JSON`. */
  readonly script: string;
  readonly seed: number;
  /** Codes of the only townships; absent: all. */
  readonly towns?: readonly string[];
  /** Real milliseconds a call is left without an answer. */
  readonly holdMs: number;
  readonly tell: (line: string) => void;
}

interface Day {
  readonly name: string;
  readonly bad: Omit<RunOptions, 'county'>;
  readonly limits: Limits;
  /** What a message is told by, and the lines there must be; default: the good campaign's own. */
  readonly lines?: (told: readonly Told[]) => string[];
  readonly expected?: (good: readonly Told[]) => string[];
}

const kills = 20;
/** A kill leaves leases of 30 s behind; a message may meet two, and more where few villages are there. */
const afterKills = (towns: ProofSoak['towns']): Limits =>
  towns ? { late: 300_000, calls: 6 } : { late: 120_000, calls: 3 };

/** Resolves to what is wrong, one sentence each; empty: nothing. */
export async function proofSoak(o: ProofSoak): Promise<string[]> {
  const county = await newCounty(o.campaign, o.towns);
  try {
    const good = await one(o, county, { name: 'a good campaign', bad: {}, limits: goodDay });
    o.tell(summaryOf(county, good.report.told));
    const faults = [...good.faults];
    for (const day of badOnes(o, county, good.report.told.length)) {
      const { report, faults: own } = await one(o, county, day);
      const { lines = linesOf, expected = linesOf } = day;
      const other = differences(expected(good.report.told), lines(report.told));
      faults.push(...[...own, ...other].map((f) => `${day.name}: ${f}`));
    }
    return faults;
  } finally {
    county.close();
  }
}

function badOnes(o: ProofSoak, county: County, calls: number): Day[] {
  const atCalls = Array.from({ length: kills }, (_, i) => Math.floor(((i + 0.5) / kills) * calls) + (i % 7));
  return [
    { name: 'two instances', bad: { bots: 2 }, limits: goodDay },
    {
      name: `${kills} SIGKILLs, a tick every minute`,
      bad: { kills: { script: o.script, atCalls }, everyMinute: true },
      limits: afterKills(o.towns),
    },
    {
      name: 'one call in ten failing in each of five ways',
      bad: { bad: { share: 0.1, seed: o.seed, fates: badCalls(o.holdMs) } },
      limits: anyDay,
    },
    {
      name: 'six hours without the platform',
      bad: { outages: [sixHours] },
      limits: { ...anyDay, calls: 1 },
    },
    {
      name: 'five times without the platform until the evening',
      bad: { outages: overnight, to: '2023-07-31T12:00' },
      limits: { ...anyDay, calls: 1 },
      lines: (told) => told.map(lineOf).sort(),
      expected: (good) => heldBack(county, good, overnight),
    },
  ];
}

async function one(
  o: ProofSoak,
  county: County,
  { name, bad, limits }: Day,
): Promise<{ report: RunReport; faults: string[] }> {
  const report = await runCampaign({ county, ...bad });
  const latest = Math.max(...report.told.map((t) => t.at - t.slot)) / 1000;
  const calls = report.told.reduce((n, t) => n + t.calls, 0);
  const struck = [...report.struck].map(([way, n]) => `${way} ${n}`).join(', ');
  o.tell(
    `${name}: ${report.told.length} messages in ${calls} calls, at most ${latest} s late, killed ${report.killed} times, ${Math.round(report.seconds)} s; ${struck}`,
  );
  return { report, faults: [...report.wrong, ...report.problems, ...breaches(county, report.told, limits)] };
}

function differences(wanted: readonly string[], told: readonly string[]): string[] {
  const [expected, found] = [new Set(wanted), new Set(told)];
  return [
    ...[...expected].filter((line) => !found.has(line)).map((line) => `missing ${line}`),
    ...[...found].filter((line) => !expected.has(line)).map((line) => `in place of it ${line}`),
  ];
}
