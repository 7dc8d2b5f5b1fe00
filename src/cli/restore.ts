// Owns `restore`: a checked backup into an empty place. Nothing is touched before the file has proved sound.
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Inspection, inspect, occupied } from '../../db/backup.ts';
import { happened } from '../../db/units.ts';
import { type BotConfig, configExit, type DemoConfig } from '../config.ts';
import { createVault } from '../vault.ts';
import { settle, sha256, sumFile } from './backup.ts';
import { type Desk, Exit, type Result, usage } from './command.ts';
import { openDatabase } from './database.ts';

type Config = BotConfig | DemoConfig;

export async function restore(desk: Desk): Promise<Result> {
  const { words, config, say } = desk;
  const [file] = words;
  if (file === undefined) throw new Exit(2, usage);
  const { database } = config;
  if (database.kind === 'remote') {
    const how = '请用数据库服务自己的恢复功能，或改用本机文件（DATABASE_URL=file:…）后再恢复';
    throw new Exit(1, `restore: 数据在 ${new URL(database.url).host}，不在本机。${how}。`);
  }
  say('正在核对……');
  const sum = await checkSum(file);
  const found = inspect(file);
  if (found.faults.length > 0)
    throw new Exit(1, found.faults.map((fault) => `${file}: ${fault}。没有恢复。`).join('\n'));
  checkMode(found, config);
  checkPlace(database.path);
  await putInPlace(file, database.path, sum);
  const engine = await openDatabase(config, true);
  const at = desk.realNow();
  const row = { campaignId: null, subject: 'database', actor: 'operator', verb: 'restored', before: null, after: null };
  await engine.commit([happened({ ...row, at })]);
  await engine.close();
  for (const line of await keyNotes(found, config)) say(line);
  const json = { file, households: found.households, answered: found.answered };
  return { text: `已恢复到 ${database.path}：${found.households} 户，已填 ${found.answered} 户。`, json };
}

/** The checksum the file has, and had when it was made. */
async function checkSum(file: string): Promise<string> {
  if (!existsSync(file)) throw new Exit(1, `${file}: 没有这个文件`);
  if (!existsSync(sumFile(file))) throw new Exit(1, `${file}: 旁边没有 ${sumFile(file)}，不能核对，没有恢复。`);
  const wanted = /^[0-9a-f]{64}/.exec(readFileSync(sumFile(file), 'utf8'))?.[0];
  if (wanted === undefined) throw new Exit(1, `${sumFile(file)}: 里面没有校验值，请换一份备份。没有恢复。`);
  if ((await sha256(file)) !== wanted)
    throw new Exit(1, `${file}: 和备份时的校验值不一致，文件已损坏或被改过，请换一份备份。没有恢复。`);
  return wanted;
}

/** Demo and bot never mix. */
function checkMode({ mode }: Inspection, config: Config): void {
  if (config.mode === 'bot' && mode === 'demo')
    throw new Exit(configExit, 'restore: 这是演示库的备份，不能恢复到正式库。');
  if (config.mode === 'demo' && mode !== 'demo')
    throw new Exit(configExit, 'LARK_APP_ID：这是正式库的备份，演示模式不能恢复它；请先填好 LARK_APP_ID 等设置。');
}

function checkPlace(path: string): void {
  if (!existsSync(path)) return;
  const state = occupied(path);
  if (state === 'used')
    throw new Exit(1, `${path}: 库里已有数据，没有动它。请把它移走，或用 DATABASE_URL 换一个文件。`);
  if (state === 'open') throw new Exit(1, `${path}: 有程序正在使用这个库，请先停掉机器人。没有恢复。`);
}

async function putInPlace(file: string, path: string, sum: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.restoring`;
  await copyFile(file, draft);
  await settle(draft);
  if ((await sha256(draft)) !== sum) throw new Exit(1, `${draft}: 复制时出了差错，请核对磁盘，再试一次。没有恢复。`);
  for (const end of ['-wal', '-shm']) await rm(`${path}${end}`, { force: true });
  await rename(draft, path);
  await settle(dirname(path), 'r'); // the name as well
}

async function keyNotes({ keyIds }: Inspection, config: Config): Promise<string[]> {
  if (keyIds.length === 0 || config.dataKey === null) return []; // the demo keeps a key of its own
  const held = [config.dataKey, config.dataKeyPrevious].filter((key) => key !== null);
  const ids = await Promise.all(held.map(async (key) => (await createVault(key)).keyId));
  const missing = keyIds.filter((id) => !ids.includes(id));
  if (missing.length === 0) return [];
  return [
    `注意：备份里的号码是用密钥 ${missing.join('、')} 加密的，现在的 DATA_KEY 打不开。请填备份时用的那把 DATA_KEY。`,
  ];
}
