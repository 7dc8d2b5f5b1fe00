// Owns one run of the campaign on the virtual clock: platform, line, bots, script. Says what was told; judges nothing.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocal } from '../../db/local.ts';
import { createStore } from '../../db/store.ts';
import { createVirtualClock, type VirtualClock } from '../../simulator/clock.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { createDice } from '../soak/dice.ts';
import { type Fate, type Line, startLine } from '../soak/line.ts';
import { app, type Bots, botElsewhere, botsHere, type Killable } from './bots.ts';
import { countSends } from './calls.ts';
import type { County } from './county.ts';
import { type Drive, drive } from './drive.ts';
import type { Outage } from './heldBack.ts';
import { deedsOf } from './script.ts';
import { type Heard, heard } from './told.ts';

export interface RunOptions {
  readonly county: County;
  /** Default: the whole campaign, from the night before until the night after. */
  readonly from?: string;
  readonly to?: string;
  readonly everyMinute?: boolean;
  /** Bots side by side; default: one. */
  readonly bots?: number;
  /** What may become of a call, each on `share` of them. */
  readonly bad?: { readonly share: number; readonly seed: number; readonly fates: Readonly<Record<string, Fate>> };
  /** Nobody can reach the platform in between, again and again. */
  readonly outages?: readonly Outage[];
  /** The bot is a process of its own, killed at these calls to the platform (before or after it took them, in turn). */
  readonly kills?: { readonly script: string; readonly atCalls: readonly number[] };
}

export interface RunReport extends Heard {
  readonly problems: readonly string[];
  readonly struck: ReadonlyMap<string, number>;
  readonly killed: number;
  readonly seconds: number;
}

/** In memory where there is such a place: what a disk has taken for good is proved by test/kill, not here. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const campaignFrom = '2023-07-11T23:00';
const campaignTo = '2023-07-31T00:00';
const instant = (local: string) => Date.parse(`${local}:00+08:00`);

/** Rejects when the world itself breaks. */
export async function runCampaign(o: RunOptions): Promise<RunReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(memory, 'lookback-proof-run-'));
  const file = join(folder, 'county.db');
  o.county.copy(file);
  const clock = createVirtualClock({ start: instant(o.from ?? campaignFrom), paused: true });
  const sim = platform(o.county, clock);
  const address = await sim.listen('127.0.0.1', 0);
  const { line, arm } = await lineOf(o);
  line.target = address;
  const at = { file, clock, baseUrl: o.bad || o.outages || o.kills ? line.url : address };
  const bots = o.kills ? botElsewhere(at, o.kills.script) : await botsHere(at, o.bots ?? 1);
  arm(bots);
  const engine = await openLocal(file);
  const store = createStore(engine);
  const { times } = o.county.campaign.reminders ?? {};
  const sends = countSends(sim);
  const reach = cutting({ line, address, sim }, o);
  const onTick = (now: number) => {
    sends.look();
    return reach(now);
  };
  const slots = Object.values(times ?? {});
  const all: Drive = { clock, bots, store, engine, deeds: deedsOf(o.county), slots, onTick };
  try {
    const to = instant(o.to ?? campaignTo);
    await drive({ ...all, everyMinute: o.everyMinute ?? false }, clock.now(), to);
    sends.look();
    const said = await heard(o.county, { engine, sim, sends });
    const killed = 'killed' in bots ? (bots as Killable).killed : 0;
    const seconds = (performance.now() - began) / 1000;
    return { ...said, problems: bots.problems, struck: line.struck, killed, seconds };
  } finally {
    await bots.close();
    await store.close();
    await sim.close();
    await line.close();
    clock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function platform(county: County, clock: VirtualClock): Simulator {
  const { id: appId, secret: appSecret, encryptKey, verificationToken } = app;
  const keys = { appId, appSecret, encryptKey, verificationToken, name: '回头看助手' };
  const sim = new Simulator({ clock, app: keys, log: { info() {}, warn() {} } });
  sim.faults.noPushes = true; // nobody types anything here: what people do is written down by the script
  for (const { openId, name } of county.people) sim.addUser({ openId, name });
  for (const { chatId, name, areaCode } of county.groups) {
    const members = county.people.filter((p) => p.areaCode === areaCode).map((p) => p.openId);
    sim.addChat({ chatId, name, members, hasBot: true });
  }
  return sim;
}

interface Way {
  readonly line: Line;
  /** What fails fails from now on. */
  arm(bots: Bots | Killable): void;
}

async function lineOf({ bad, kills }: RunOptions): Promise<Way> {
  let strike: () => void = () => undefined;
  const fates = kills ? { passed: counting(kills.atCalls, () => strike()) } : (bad?.fates ?? {});
  const line = await startLine({ dice: createDice(bad?.seed ?? 1), share: bad?.share ?? 1, fates });
  return {
    line,
    arm(bots) {
      line.bad = bad !== undefined || kills !== undefined;
      if ('kill' in bots) strike = () => bots.kill();
    },
  };
}

/** Strikes at these calls, counted from 1: odd ones before the platform took them, even ones after. */
function counting(atCalls: readonly number[], strike: () => void): Fate {
  const left = new Set(atCalls);
  let calls = 0;
  return async (send) => {
    calls += 1;
    if (!left.delete(calls)) return send();
    if (calls % 2 === 0) await send(); // it worked, and the bot never heard of it
    strike();
    return null;
  };
}

interface Reach {
  readonly line: Line;
  readonly address: string;
  readonly sim: Simulator;
}

/** Nobody is at the other end of the line while an outage lasts; false: it does. */
function cutting({ line, address, sim }: Reach, { outages = [] }: RunOptions): (at: number) => boolean {
  return (at) => {
    const one = outages.find((o) => at >= instant(o.from) && at < instant(o.to));
    const losing = one?.answersLost === true && at === instant(one.from);
    sim.faults.apiFailures.length = 0;
    if (losing) sim.faults.apiFailures.push({ on: 'POST /im/v1/messages', code: 0, when: 'cut', times: 1e9 });
    const cut = one !== undefined && !losing;
    line.target = cut ? '' : address;
    return !cut;
  };
}
