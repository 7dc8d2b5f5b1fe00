// Owns `doctor`: gathers what the checks need, from the platform, the database and this machine, and prints what they say.
// Changes nothing and may run beside the bot.
import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Engine } from '../../db/engine.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import { operatorStore } from '../../db/storeOperator.ts';
import { arrivalKeys } from '../arrivals.ts';
import { spendingOf } from '../bot/budget.ts';
import type { BotConfig, DemoConfig } from '../config.ts';
import { httpDateOf } from '../domain/time.ts';
import { probePlatform } from '../feishu/probe.ts';
import { examine } from '../usecases/doctor.ts';
import type { Check, DatabaseFacts, DoctorFacts, KeyFacts } from '../usecases/doctorFacts.ts';
import { createVault } from '../vault.ts';
import type { Desk, Result } from './command.ts';
import { openAsItIs } from './database.ts';

type Config = BotConfig | DemoConfig;

export async function doctor(desk: Desk): Promise<Result> {
  const { config } = desk;
  const bot = config.mode === 'bot' ? config : null;
  const database = await look(desk);
  const parts = bot && config.database.kind === 'file' ? await answers(config) : null;
  const used = typeof database === 'string' ? 0 : database.calls;
  const facts: DoctorFacts = {
    mode: config.mode,
    now: desk.realNow(),
    rehearsal: config.rehearsalNow !== null,
    place:
      config.database.kind === 'file'
        ? { kind: 'file', path: resolve(config.database.path) }
        : { kind: 'remote', host: new URL(config.database.url).host },
    database,
    disk: await disk(config),
    running: parts?.well ?? null,
    connected: parts?.connection ?? null,
    transport: bot?.transport ?? 'webhook',
    baseUrl: bot?.baseUrl ?? '',
    monthlyCalls: config.monthlyCalls,
    spending: spendingOf(used, config.monthlyCalls),
    platform: bot && (await ask(bot, desk)),
  };
  return report(examine(facts));
}

/** Settings that cannot be used, as a result of the doctor. */
export function brokenSettings(problems: readonly string[]): Result {
  return report([{ id: 'config', title: '配置', ok: false, say: '有设置要改', fix: problems.join('') }]);
}

function report(checks: readonly Check[]): Result {
  const ok = checks.every((check) => check.ok);
  const lines = checks.map((c) => `${c.ok ? '✓' : '✗'} ${c.title}：${c.say}${c.ok ? '' : `\n    怎么办：${c.fix}`}`);
  const json = { ok, checks: checks.map(({ id, ok: good, fix }) => ({ id, ok: good, fix })) };
  return { text: [...lines, ok ? '全部正常。' : '请按“怎么办”逐项处理，再运行一次。'].join('\n'), json, failed: !ok };
}

function ask(bot: BotConfig, { realNow }: Desk) {
  return probePlatform({
    baseUrl: bot.baseUrl,
    appId: bot.app.id,
    appSecret: bot.app.secret,
    fetch: (input, init) => fetch(input, init),
    now: realNow,
    dateOf: httpDateOf,
  });
}

/** What answers where the bot listens: is it well, its long connection apart, and is that open? null: it has none. */
async function answers({ host, port }: Config): Promise<{ well: boolean; connection: boolean | null }> {
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  try {
    const url = `http://${own.includes(':') ? `[${own}]` : own}:${port}/readyz`;
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    const { parts = {} } = (await response.json()) as { parts?: Record<string, boolean> };
    const { connection = null, ...others } = parts;
    return { well: response.ok || (connection === false && Object.values(others).every(Boolean)), connection };
  } catch {
    return { well: false, connection: null };
  }
}

async function disk({ database }: Config): Promise<DoctorFacts['disk']> {
  if (database.kind === 'remote') return null;
  const folder = dirname(resolve(database.path));
  if (!existsSync(folder)) return null;
  const { bavail, bsize } = await statfs(folder);
  const databaseBytes = existsSync(database.path) ? statSync(database.path).size : 0;
  return { freeBytes: bavail * bsize, databaseBytes };
}

async function look({ config, clock }: Desk): Promise<DoctorFacts['database']> {
  let engine: Engine | null = null;
  try {
    engine = await openAsItIs(config);
    return engine === null ? 'missing' : await databaseFacts(engine, config, clock.now());
  } catch {
    return 'unreachable'; // what to do about it is the same whatever the cause was
  } finally {
    await engine?.close();
  }
}

const unseen: DatabaseFacts = {
  pending: 0,
  mode: null,
  integrity: [],
  difference: null,
  lastTickAt: null,
  lastEventAt: null,
  lastClickAt: null,
  outboxDue: 0,
  outboxDead: 0,
  askedDueAt: null,
  calls: 0,
  inboxWaiting: 0,
  people: 0,
  phoneOnly: 0,
  households: 0,
  campaigns: [],
  remoteConfirmed: false,
  key: null,
};

async function databaseFacts(engine: Engine, config: Config, now: number): Promise<DatabaseFacts> {
  const pending = (await engine.pending(migrations)).length;
  if (pending > 0) return { ...unseen, pending };
  const store = createStore(engine);
  const operator = operatorStore(engine);
  const instant = async (key: string) => {
    const value = await store.meta(key);
    return value === null ? null : Number(value);
  };
  const integrity = config.database.kind === 'file' ? await operator.integrity() : []; // a server sees to its own pages
  const counts = await operator.counts();
  return {
    ...(await operator.gauges(now)),
    pending,
    integrity,
    mode: await store.meta('mode'),
    difference: integrity.length === 0 ? await operator.tallyDifference() : null,
    lastEventAt: await instant(arrivalKeys.event),
    lastClickAt: await instant(arrivalKeys.click),
    people: counts.people,
    phoneOnly: counts.phoneOnly,
    households: counts.households,
    campaigns: (await store.campaigns()).map((c) => c.id),
    remoteConfirmed: (await store.meta('remoteConfirmed')) !== null,
    key: await keyFacts(engine, config),
  };
}

async function keyFacts(engine: Engine, { dataKey, dataKeyPrevious }: Config): Promise<KeyFacts | null> {
  if (dataKey === null) return null;
  const operator = operatorStore(engine);
  const vault = await createVault(dataKey, dataKeyPrevious === null ? [] : [dataKeyPrevious]);
  const previous = dataKeyPrevious === null ? null : (await createVault(dataKeyPrevious)).keyId;
  const stored = [...(await operator.keyIds()).keys()];
  const sample = stored.includes(vault.keyId) ? await operator.sealedWith(vault.keyId) : null;
  const opens = sample === null || (await vault.open(sample).then(Boolean, () => false));
  return { current: vault.keyId, previous, stored, opens, rotating: await operator.rotating() };
}
