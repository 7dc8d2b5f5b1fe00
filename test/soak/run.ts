// Entry point of `npm run soak`: the whole run with its figures, exit 1 when anything is lost, doubled, unsound or late. With
// --bot it is the bot's process of a run; with --proof the campaign's reminders are proved in place of the cadres' answers.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Campaign } from '../../src/domain/campaign.ts';
import { faultLine, parseCampaign } from '../../src/sheets/campaignFile.ts';
import { runProofBot } from '../proof/botProcess.ts';
import { proofSoak } from '../proof/soak.ts';
import { runBot } from './botProcess.ts';
import { type SoakReport, soak } from './soak.ts';

const options = {
  'proof-bot': { type: 'string' },
  proof: { type: 'boolean', default: false },
  towns: { type: 'string' },
  hold: { type: 'string', default: '200' },
  bot: { type: 'string' },
  seed: { type: 'string', default: '1' },
  villages: { type: 'string', default: '100' },
  minutes: { type: 'string', default: '10' },
  speed: { type: 'string', default: '2.5' },
} as const;
/** The platform waits 3 s for an answer; ours is promised in 2. */
const longestWait = 2000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.bot !== undefined) return runBot(JSON.parse(values.bot));
  if (values['proof-bot'] !== undefined) return runProofBot(JSON.parse(values['proof-bot']));
  const file = 'campaigns/xinfeng-2023-13.yaml';
  const read = parseCampaign(readFileSync(file, 'utf8'), file);
  if ('faults' in read) throw new Error(read.faults.map(faultLine).join('\n'));
  if (values.proof) return prove(read.campaign, values);
  const report = await soak({
    campaign: read.campaign,
    script: fileURLToPath(import.meta.url),
    size: { villages: Number(values.villages), households: 400, cadres: 20 },
    speed: Number(values.speed),
    minutes: Number(values.minutes),
    acts: 1000,
    think: 40_000,
    ends: ['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGTERM', 'SIGKILL'],
    share: 0.05,
    holdMs: 15_000,
    badFrom: 'answering', // before, the platform's own limits decide how fast 2,000 cards go out
    seed: Number(values.seed),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  print(report, values.seed);
  if (report.faults.length > 0 || report.waits.max > longestWait) process.exitCode = 1;
}

function print(r: SoakReport, seed: string): void {
  const many = (map: ReadonlyMap<string, number>) =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .map(([what, n]) => `  ${String(n).padStart(7)}  ${what}`)
      .join('\n');
  const ms = (n: number) => `${Math.round(n)} ms`;
  const lines = [
    `${r.acknowledged} answers acknowledged, ${r.unknown} without a clear answer, ${r.asked} questions; seed ${seed}`,
    `answers of the bot: ${r.waits.n}; p50 ${ms(r.waits.p50)}, p99 ${ms(r.waits.p99)}, longest ${ms(r.waits.max)} (at most ${longestWait} ms)`,
    `memory of the bot: ${Math.round(r.peakRss / 2 ** 20)} MiB at most`,
    `${Math.round(r.seconds)} s on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
    `faults of the lines:\n${many(r.struck)}`,
    `said to taps:\n${many(r.heard)}`,
    `errors in the bot's log:\n${r.problems.size === 0 ? '        none' : many(r.problems)}`,
    r.faults.length === 0
      ? 'nothing lost, nothing doubled, every count right'
      : `${r.faults.length} FAULTS\n${r.faults.slice(0, 50).join('\n')}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function prove(campaign: Campaign, o: { seed: string; hold: string; towns?: string }): Promise<void> {
  const faults = await proofSoak({
    campaign,
    script: fileURLToPath(import.meta.url),
    seed: Number(o.seed),
    holdMs: Number(o.hold),
    ...(o.towns === undefined ? {} : { towns: o.towns.split(',') }),
    tell: (line) => process.stderr.write(`${line}\n`),
  });
  const found =
    faults.length === 0
      ? 'everybody was told the same, once'
      : `${faults.length} FAULTS\n${faults.slice(0, 50).join('\n')}`;
  process.stdout.write(`${found}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

await main();
