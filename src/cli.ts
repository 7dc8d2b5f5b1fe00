// Entry point of the operator's commands. stdout carries only the result; progress, reasons and logs go to stderr.
// Exit codes: 0 done · 1 refused · 2 wrong usage · 78 configuration.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Engine } from '../db/engine.ts';
import { openLocal } from '../db/local.ts';
import { migrations } from '../db/migrations.gen.ts';
import { openRemote } from '../db/remote.ts';
import { createStore } from '../db/store.ts';
import { importStore } from '../db/storeImport.ts';
import { createBot } from './bot/bot.ts';
import { type BotConfig, configExit, type DemoConfig, readConfig } from './config.ts';
import { refuseUnconfirmed } from './domain/campaignCheck.ts';
import { refusedLine, reportJson } from './domain/importPlan.ts';
import { instantOf } from './domain/time.ts';
import { createPlatform } from './feishu/client.ts';
import { createLog } from './log.ts';
import { newId } from './newId.ts';
import type { Clock } from './ports.ts';
import { faultLine, parseCampaign } from './sheets/campaignFile.ts';
import { readTable } from './sheets/table.ts';
import { createImports } from './usecases/imports.ts';
import { createVault } from './vault.ts';

const usage = `用法：lookback <命令>
  migrate [--confirm-remote]                       建库、升级库
  campaign load 文件或编号                          载入活动
  campaign list                                    已载入的活动
  import areas|people|households 文件 [--dry-run] [--deactivate-missing]
  tick [--at 时间]                                 办一次到点的事
  加 --json 输出机器可读的结果`;

class Exit extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

interface Call {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly config: BotConfig | DemoConfig;
  readonly engine: Engine;
  readonly clock: Clock;
}

/** What a command prints: for people, and with --json. */
interface Result {
  readonly text: string;
  readonly json: unknown;
}

const commands: Readonly<Record<string, (c: Call) => Promise<Result>>> = {
  migrate,
  campaign,
  import: importFile,
  tick,
};

async function main(): Promise<void> {
  const { positionals, values: flags } = parse();
  const [name = '', ...words] = positionals;
  const command = commands[name];
  if (!command) throw new Exit(2, usage);
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  if (config.mode === 'invalid') throw new Exit(configExit, config.problems.join('\n'));
  const clock: Clock = { now: () => (config.rehearsalNow === null ? Date.now() : config.rehearsalNow) };
  const engine = await open(config, name === 'migrate');
  try {
    const result = await command({ words, flags, config, engine, clock });
    process.stdout.write(`${flags.json === true ? JSON.stringify(result.json) : result.text}\n`);
  } finally {
    await engine.close();
  }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        'deactivate-missing': { type: 'boolean' },
        'confirm-remote': { type: 'boolean' },
        at: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Exit(2, `${error instanceof Error ? error.message : ''}\n${usage}`);
  }
}

/** A file is created and migrated by itself; a remote database only by `migrate`. */
async function open(config: BotConfig | DemoConfig, migrating: boolean): Promise<Engine> {
  const { database } = config;
  if (database.kind === 'file') {
    const engine = await openLocal(database.path);
    await engine.migrate(migrations);
    return engine;
  }
  const engine = openRemote(database.url, database.authToken ?? '');
  if (!migrating && (await engine.pending(migrations)).length > 0) {
    throw new Exit(configExit, 'DATABASE_URL：远程数据库还没有准备好，请先运行 npx lookback migrate。');
  }
  return engine;
}

async function migrate({ engine, config, flags }: Call): Promise<Result> {
  const applied = await engine.migrate(migrations);
  if (config.database.kind === 'remote' && flags['confirm-remote'] === true)
    await createStore(engine).setMeta('remoteConfirmed', 'yes');
  return { text: applied.length === 0 ? '库已是最新' : `已升级：${applied.join('、')}`, json: { applied } };
}

async function campaign(c: Call): Promise<Result> {
  const [verb, target] = c.words;
  const store = createStore(c.engine);
  if (verb === 'list') {
    const all = await store.campaigns();
    const rows = all.map((one) => ({
      id: one.id,
      title: one.title,
      items: one.items.length,
      phases: one.phases.length,
    }));
    return { text: rows.map((r) => `${r.id}  ${r.title}`).join('\n') || '还没有载入活动', json: rows };
  }
  if (verb !== 'load' || target === undefined) throw new Exit(2, usage);
  const file = existsSync(target)
    ? target
    : fileURLToPath(new URL(`../campaigns/${basename(target)}.yaml`, import.meta.url));
  if (!existsSync(file)) throw new Exit(1, `${target}: 没有这个活动文件`);
  const parsed = parseCampaign(readFileSync(file, 'utf8'), basename(file));
  if ('faults' in parsed) throw new Exit(1, parsed.faults.map(faultLine).join('\n'));
  const definition = parsed.campaign;
  const open = refuseUnconfirmed(definition);
  if (open.length > 0) throw new Exit(1, open.map((sentence) => `${basename(file)}: ${sentence}`).join('\n'));
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
  const before = await store.campaign(definition.id);
  if (before && before.hash !== hash && (await answered(c.engine, definition.id))) {
    throw new Exit(1, `${basename(file)}: 活动 ${definition.id} 已有填报，不能再改。要改请换一个编号（id）。`);
  }
  if (before?.hash !== hash) await store.loadCampaign(definition, hash, c.clock.now());
  await (await imports(c)).enrolAll({ ...definition, hash }, { onProgress: progress('编入活动') });
  const json = { id: definition.id, items: definition.items.length, phases: definition.phases.length };
  return { text: `已载入 ${definition.id}：${json.items} 项，${json.phases} 个阶段`, json };
}

async function answered(engine: Engine, id: string): Promise<boolean> {
  return (
    (await engine.read("select 1 from screening where campaign_id = ? and state <> 'todo' limit 1", [id])).length > 0
  );
}

async function imports({ engine, config, clock }: Call) {
  if (config.dataKey === null)
    throw new Exit(configExit, 'DATA_KEY：导入名单要用它加密证件和电话，请先设置（32 字节，base64）。');
  const made = createImports({ store: importStore(engine), vault: await createVault(config.dataKey), clock, newId });
  await made.resume();
  return made;
}

async function importFile(c: Call): Promise<Result> {
  const [kind, file] = c.words;
  if ((kind !== 'areas' && kind !== 'people' && kind !== 'households') || file === undefined) throw new Exit(2, usage);
  if (!existsSync(file)) throw new Exit(1, `${file}: 没有这个文件`);
  const read = await readTable(readFileSync(file));
  if (!read.ok) throw new Exit(1, refusedLine(basename(file), read.refused));
  const options = {
    dryRun: c.flags['dry-run'] === true,
    deactivateMissing: c.flags['deactivate-missing'] === true,
    onProgress: progress('导入'),
  };
  const report = await (await imports(c))[kind](read.table, options);
  if (report.refused.length > 0) {
    if (c.flags.json === true) process.stdout.write(`${JSON.stringify(reportJson(report))}\n`);
    throw new Exit(1, report.refused.map((r) => refusedLine(basename(file), r)).join('\n'));
  }
  for (const note of report.notes) process.stderr.write(`${note}\n`);
  for (const code of report.missingList) process.stderr.write(`名单里没有、库里有（未删除）：${code}\n`);
  const { created, updated, unchanged, missing } = report;
  const gone = missing > 0 ? `，名单里没有而库里有 ${missing}（未删除）` : '';
  return {
    text: `${options.dryRun ? '预演，没有改动：' : ''}新增 ${created}，更新 ${updated}，不变 ${unchanged}${gone}`,
    json: reportJson(report),
  };
}

async function tick(c: Call): Promise<Result> {
  const { config, engine } = c;
  if (config.mode !== 'bot') throw new Exit(configExit, 'LARK_APP_ID：演示模式自己会走钟，不用运行 tick。');
  const store = createStore(engine);
  const from = Number((await store.meta('lastTickAt')) ?? 0);
  const at = typeof c.flags.at === 'string' ? instantOf(c.flags.at) : c.clock.now();
  if (Number.isNaN(at)) throw new Exit(2, '--at 要写成 2023-07-20T09:00:00+08:00 这样的时间');
  if (at < from) throw new Exit(1, 'tick: 给的时间早于上一次，没有办。');
  const clock: Clock = { now: () => at };
  const log = createLog({ level: config.logLevel, write: (line) => process.stderr.write(`${line}\n`), clock });
  const platform = createPlatform({
    baseUrl: config.baseUrl,
    appId: config.app.id,
    appSecret: config.app.secret,
    fetch: (u, i) => fetch(u, i),
    clock,
    log,
  });
  const world = { store, clock, newId, rehearsal: config.rehearsalNow !== null };
  const running: Promise<unknown>[] = [];
  const bot = createBot({ world, platform, log, defer: (work) => running.push(work), owner: newId() });
  const due = (await store.outboxState()).due;
  await bot.tick();
  await Promise.all(running);
  const left = (await store.outboxState()).due;
  const json = { from, to: at, due, sent: Math.max(0, due - left), deferred: left };
  return { text: `到点 ${due}，已发 ${json.sent}，稍后再发 ${left}`, json };
}

/** A bar on a terminal, one line per 5 % elsewhere; both on stderr. */
function progress(what: string): (done: number, total: number) => void {
  let said = -1;
  return (done, total) => {
    const share = total === 0 ? 100 : Math.floor((100 * done) / total);
    const step = process.stderr.isTTY ? share : share - (share % 5);
    if (step === said) return;
    said = step;
    if (process.stderr.isTTY)
      process.stderr.write(`\r${what} ${'█'.repeat(step / 4).padEnd(25, '░')} ${step}%${step === 100 ? '\n' : ''}`);
    else process.stderr.write(`${what} ${step}%\n`);
  };
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Exit ? error.message : `出错了：${String(error)}`}\n`);
    process.exit(error instanceof Exit ? error.code : 1);
  },
);
