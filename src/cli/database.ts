// Owns opening the database for a command, and `migrate`. A file is created and migrated by itself; a remote database only
// by `migrate`.
import { existsSync } from 'node:fs';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { openRemote } from '../../db/remote.ts';
import { createStore } from '../../db/store.ts';
import { type BotConfig, configExit, type DemoConfig } from '../config.ts';
import { type Call, Exit, type Result } from './command.ts';

type Config = BotConfig | DemoConfig;

export async function openDatabase(config: Config, migrating: boolean): Promise<Engine> {
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

/** The database as it is: nothing is created and nothing migrated. null: there is no file. */
export async function openAsItIs({ database }: Config): Promise<Engine | null> {
  if (database.kind === 'remote') return openRemote(database.url, database.authToken ?? '');
  return existsSync(database.path) ? openLocal(database.path) : null;
}

export async function migrate({ engine, config, flags }: Call): Promise<Result> {
  const applied = await engine.migrate(migrations);
  if (config.database.kind === 'remote' && flags['confirm-remote'] === true)
    await createStore(engine).setMeta('remoteConfirmed', 'yes');
  return { text: applied.length === 0 ? '库已是最新' : `已升级：${applied.join('、')}`, json: { applied } };
}
