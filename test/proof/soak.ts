// Owns the proof in large, for `npm run soak -- --proof`: the whole county, all 456 hours, once well and then on every kind of
// bad day; each bad one must come to the list of the good one.
import type { Campaign } from '../../src/domain/campaign.ts';
import { badCalls } from './badLine.ts';
import { type RunOptions, type RunReport, runCampaign } from './campaignRun.ts';
import { type County, newCounty } from './county.ts';
import { linesOf, summaryOf } from './list.ts';
import { breaches } from './rules.ts';

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

type Bad = Omit<RunOptions, 'county'>;

const kills = 20;

/** Resolves to what is wrong, one sentence each; empty: nothing. */
export async function proofSoak(o: ProofSoak): Promise<string[]> {
  const county = await newCounty(o.campaign, o.towns);
  try {
    const good = await one(o, county, { name: 'a good campaign', bad: {}, late: 60_000 });
    o.tell(summaryOf(county, good.report.told));
    const faults = [...good.faults];
    const calls = good.report.told.length;
    for (const { name, bad, late } of badOnes(o, calls)) {
      const { report, faults: own } = await one(o, county, { name, bad, late });
      faults.push(...own.map((f) => `${name}: ${f}`), ...differences(good.report, report).map((f) => `${name}: ${f}`));
    }
    return faults;
  } finally {
    county.close();
  }
}

function badOnes(o: ProofSoak, calls: number): { name: string; bad: Bad; late: number }[] {
  const anyTime = Number.POSITIVE_INFINITY;
  const atCalls = Array.from({ length: kills }, (_, i) => Math.floor(((i + 0.5) / kills) * calls) + (i % 7));
  return [
    { name: 'two instances', bad: { bots: 2 }, late: 60_000 },
    {
      name: `${kills} SIGKILLs, a tick every minute`,
      bad: { kills: { script: o.script, atCalls }, everyMinute: true },
      late: 60_000,
    },
    {
      name: 'one call in ten failing in each of five ways',
      bad: { bad: { share: 0.1, seed: o.seed, fates: badCalls(o.holdMs) } },
      late: anyTime,
    },
    {
      name: 'six hours without the platform',
      bad: { outages: [{ from: '2023-07-14T08:30', to: '2023-07-14T14:30' }] },
      late: anyTime,
    },
  ];
}

async function one(
  o: ProofSoak,
  county: County,
  { name, bad, late }: { readonly name: string; readonly bad: Bad; readonly late: number },
): Promise<{ report: RunReport; faults: string[] }> {
  const report = await runCampaign({ county, ...bad });
  const latest = Math.max(...report.told.map((t) => t.at - t.slot)) / 1000;
  const struck = [...report.struck].map(([way, n]) => `${way} ${n}`).join(', ');
  o.tell(
    `${name}: ${report.told.length} messages, at most ${latest} s late, killed ${report.killed} times, ${Math.round(report.seconds)} s; ${struck}`,
  );
  return { report, faults: [...report.wrong, ...report.problems, ...breaches(county, report.told, { late })] };
}

function differences(good: RunReport, bad: RunReport): string[] {
  const [expected, found] = [new Set(linesOf(good.told)), new Set(linesOf(bad.told))];
  return [
    ...[...expected].filter((line) => !found.has(line)).map((line) => `missing ${line}`),
    ...[...found].filter((line) => !expected.has(line)).map((line) => `in place of it ${line}`),
  ];
}
