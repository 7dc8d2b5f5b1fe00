// Owns one whole run: a county, its cadres, the simulator, two bad lines and a bot that is killed and restarted; then quiet,
// and the comparison of what was said with what is stored. Knows no expectation: it reports.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import { tallyDifferenceSql } from '../../db/tallyCheck.ts';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import { cadreOpenId, groupId, type SeedSize, seed, villageName } from '../support/seed.ts';
import { type Attempt, disagreements } from './books.ts';
import { type Bots, createBots } from './bots.ts';
import { type Cadre, openCard, type Workplace, work } from './cadre.ts';
import { createDice, type Dice } from './dice.ts';
import { type Asked, letterFaults, unanswered } from './letters.ts';
import { inward, type Line, outward, startLine } from './line.ts';

export interface SoakOptions {
  readonly campaign: Campaign;
  /** Program that runs a bot when started with `--bot JSON`. */
  readonly script: string;
  readonly size: SeedSize;
  /** Simulated milliseconds per real one. */
  readonly speed: number;
  /** Simulated minutes after which nobody begins anything new. */
  readonly minutes: number;
  /** Acts of one cadre at most, and simulated milliseconds between two on average. */
  readonly acts: number;
  readonly think: number;
  /** How the bot's process ends in turn, spread over the run. */
  readonly ends: readonly ('SIGKILL' | 'SIGTERM')[];
  /** Share of requests that meet each fault. */
  readonly share: number;
  /** Real milliseconds a call that worked is left without an answer. */
  readonly holdMs: number;
  /** The faults begin before the cards are opened, or when all are open. */
  readonly badFrom: 'opening' | 'answering';
  readonly seed: number;
  readonly tell: (line: string) => void;
}

export interface SoakReport {
  /** What is lost, doubled or unsound; empty: nothing. */
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly unknown: number;
  readonly asked: number;
  readonly heard: ReadonlyMap<string, number>;
  readonly struck: ReadonlyMap<string, number>;
  readonly problems: ReadonlyMap<string, number>;
  /** Answers of the bot, in real milliseconds. */
  readonly waits: { readonly n: number; readonly p50: number; readonly p99: number; readonly max: number };
  readonly peakRss: number;
  readonly seconds: number;
}

const start = Date.parse('2023-07-12T08:30:00+08:00');
const minute = 60_000;
const app = {
  id: 'cli_50a450a450a450a4',
  secret: 'secret-of-the-soak',
  encryptKey: 'encrypt-key-of-the-soak',
  verificationToken: 'verification-token-of-the-soak',
};

interface Stage {
  readonly o: SoakOptions;
  readonly campaign: Campaign;
  readonly dice: Dice;
  readonly clock: VirtualClock;
  readonly sim: Simulator;
  readonly toBot: Line;
  readonly toPlatform: Line;
  readonly bots: Bots;
  readonly file: string;
}

/** Resolves to what was found. Rejects when the world itself breaks. */
export async function soak(o: SoakOptions): Promise<SoakReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'lookback-soak-'));
  const stage = await setUp(o, join(folder, 'county.db'));
  try {
    const played = await play(stage);
    await calm(stage, played.asked);
    await stage.bots.end('SIGTERM');
    const faults = await examine(stage, played);
    return { ...reportOf(stage, played), faults, seconds: (performance.now() - began) / 1000 };
  } finally {
    await stage.bots.end('SIGKILL');
    await stage.sim.close();
    await stage.toBot.close();
    await stage.toPlatform.close();
    stage.clock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function setUp(o: SoakOptions, file: string): Promise<Stage> {
  const campaign = asSample(o.campaign);
  const engine = await openLocal(file);
  await seed(engine, { size: o.size, campaign, clock: { now: () => start } });
  await createStore(engine).close();
  const clock = createVirtualClock({ start, speed: o.speed });
  const { id: appId, secret: appSecret, encryptKey, verificationToken } = app;
  const log = { info() {}, warn() {} };
  const keys = { appId, appSecret, encryptKey, verificationToken, name: '回头看助手' };
  const sim = new Simulator({ clock, app: keys, log });
  const dice = createDice(o.seed);
  const { share, holdMs } = o;
  const toBot = await startLine({ dice: createDice(o.seed + 1), share, fates: inward });
  const fates = outward({ holdMs, revoke: () => sim.revokeTokens() });
  const toPlatform = await startLine({ dice: createDice(o.seed + 2), share, fates });
  toPlatform.target = await sim.listen('127.0.0.1', 0);
  sim.setBotUrl(`${toBot.url}/webhook/event`);
  const at = (url: string) => {
    toBot.target = url;
  };
  const bots = createBots({ script: o.script, clock, start: { file, baseUrl: toPlatform.url, app }, at });
  o.tell(`${o.size.villages * o.size.households} households imported`);
  return { o, campaign, dice, clock, sim, toBot, toPlatform, bots, file };
}

interface Played {
  readonly attempts: readonly Attempt[];
  readonly asked: readonly Asked[];
  readonly heard: ReadonlyMap<string, number>;
}

async function play(stage: Stage): Promise<Played> {
  const { o, clock, sim, dice, campaign, bots } = stage;
  await bots.start();
  const cadres = await inhabit(stage);
  o.tell(`${cadres.length} cadres in ${o.size.villages} bound groups`);
  const bad = (from: SoakOptions['badFrom']) => {
    if (from === o.badFrom) stage.toBot.bad = stage.toPlatform.bad = true;
  };
  let ends = Number.POSITIVE_INFINITY;
  const over = () => clock.now() >= ends;
  const attempts: Attempt[] = [];
  const heard = new Map<string, number>();
  const asked: Asked[] = [];
  const { think, acts } = o;
  const at: Workplace = { sim, campaign, dice, think, acts, tomorrow: '2023-07-13', attempts, heard, over };
  bad('opening');
  const cards = await Promise.all(cadres.map(async (cadre) => ({ cadre, card: await openCard(at, cadre) })));
  bad('answering');
  ends = clock.now() + o.minutes * minute;
  o.tell('every card is open');
  const crowd = Promise.all(cards.map(({ cadre, card }) => work(at, cadre, card)));
  let busy = true;
  const asking = ask(stage, { cadres, asked, until: () => !busy || clock.now() > ends - 2 * minute });
  const done = () => attempts.length / (cadres.length * acts * 0.7);
  const share = () => Math.max(done(), 1 - (ends - clock.now()) / (o.minutes * minute));
  const restarting = restarts(stage, () => (busy ? share() : 1));
  await crowd;
  busy = false;
  await Promise.all([asking, restarting]);
  return { attempts, asked, heard };
}

/** People, groups with the bot in them, each bound to its village. Resolves to the cadres, their village's card known. */
async function inhabit({ o, sim, clock }: Stage): Promise<Cadre[]> {
  const { villages, cadres } = o.size;
  const all: Cadre[] = [];
  for (let v = 0; v < villages; v++) {
    const members = Array.from({ length: cadres }, (_, n) => cadreOpenId(v, n));
    const nameOf = (n: number) => `${villageName(v)[1]}例${n + 1}`;
    for (const [n, openId] of members.entries()) sim.addUser({ openId, name: nameOf(n) });
    const chatId = sim.addChat({ name: `${villageName(v)}工作群`, members, chatId: groupId(v) }).chatId;
    const [first = ''] = members;
    sim.addBot(chatId, first);
    await sim.say(first, chatId, `绑定 ${villageName(v)}`, { mentionBot: true });
    const card = await until(clock, () => sim.messages(chatId).find((m) => m.content.includes('继续排查')));
    for (const [n, openId] of members.entries())
      all.push({ openId, name: nameOf(n), chatId, villageCard: card.messageId });
  }
  return all;
}

async function until<T>(clock: VirtualClock, look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 3000; tries++) {
    const found = look();
    if (found !== undefined) return found;
    await clock.sleepUntil(clock.now() + 200);
  }
  throw new Error('it does not come');
}

/** Now and then somebody asks 进度 in a group; some of these events come twice under two ids. */
async function ask(
  { sim, clock, dice, o }: Stage,
  p: { cadres: readonly Cadre[]; asked: Asked[]; until: () => boolean },
): Promise<void> {
  while (!p.until()) {
    await clock.sleepUntil(clock.now() + (o.think * 20) / Math.sqrt(p.cadres.length));
    const { openId, chatId } = dice.one(p.cadres);
    sim.faults.eventCopies = dice.hits(o.share) ? 2 : 1;
    sim.faults.copyIds = 'new';
    const saying = sim.say(openId, chatId, '进度', { mentionBot: true });
    sim.faults.eventCopies = 1;
    p.asked.push({ openId, chatId, messageId: (await saying).messageId });
  }
}

/** Ends the bot's process when this share of the work is done, and starts it again. */
async function restarts({ o, bots, clock }: Stage, share: () => number): Promise<void> {
  for (const [i, signal] of o.ends.entries()) {
    while (share() < (i + 1) / (o.ends.length + 1)) await clock.sleepUntil(clock.now() + 500);
    await bots.end(signal);
    await bots.start();
    o.tell(`${signal}, started again`);
  }
}

/** The faults end; what was late comes, what waits is sent. */
async function calm({ toBot, toPlatform, sim, bots, clock, o, file }: Stage, asked: readonly Asked[]): Promise<void> {
  toBot.bad = false;
  toPlatform.bad = false;
  const engine = await openLocal(file);
  const open = "select (select count(*) from inbox) + (select count(*) from outbox where state = 'due')";
  for (let round = 0; round < 120; round++) {
    await clock.advanceBy(minute);
    await sim.idle();
    await bots.advanceTo(clock.now());
    const [[left] = []] = await engine.read(open, []);
    if (left === 0 && unanswered(sim, asked).length === 0) break;
  }
  await engine.close();
  o.tell('quiet');
}

async function examine({ file, campaign, sim, o }: Stage, played: Played): Promise<string[]> {
  const engine = await openLocal(file);
  try {
    const { villages } = o.size;
    const p2p = [...new Set(played.asked.map((a) => sim.openP2p(a.openId)))];
    const chatIds = [...Array.from({ length: villages }, (_, v) => groupId(v)), ...p2p];
    return [
      ...(await disagreements(engine, campaign, played.attempts)),
      ...(await letterFaults(engine, sim, { chatIds, asked: played.asked })),
      ...(await fileFaults(engine)),
    ];
  } finally {
    await engine.close();
  }
}

async function fileFaults(engine: Engine): Promise<string[]> {
  const checks: readonly (readonly [what: string, sql: string])[] = [
    ['tallies', tallyDifferenceSql],
    ['integrity', "select * from pragma_integrity_check where integrity_check <> 'ok'"],
    ['guard', 'select count(*) from guard having count(*) > 0'],
    ['events left over', 'select id, last_error from inbox'],
  ];
  const wrong: string[] = [];
  for (const [what, sql] of checks)
    for (const row of await engine.read(sql, [])) wrong.push(`${what}: ${row.join(' ')}`);
  return wrong;
}

function reportOf({ toBot, toPlatform, bots }: Stage, { attempts, asked, heard }: Played) {
  const waits = [...toBot.waits].sort((a, b) => a - b);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  const acknowledged = attempts.filter((a) => a.outcome === 'stored').length;
  return {
    acknowledged,
    unknown: attempts.length - acknowledged,
    asked: asked.length,
    heard,
    struck: new Map([...toBot.struck, ...toPlatform.struck]),
    problems: bots.problems,
    waits: { n: waits.length, p50: at(0.5), p99: at(0.99), max: at(1) },
    peakRss: bots.peakRss,
  };
}
