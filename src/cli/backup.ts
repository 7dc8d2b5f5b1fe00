// Owns `backup`: one consistent copy while the bot goes on, checked before it gets its name. The key is in no copy: it is
// not in the database.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { link, mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { inspect } from '../../db/backup.ts';
import { copyDatabase } from '../../db/copy.ts';
import { type Desk, Exit, type Result, usage } from './command.ts';

const onlyMine = 0o600; // households' data

export async function backup({ config, flags, say }: Desk): Promise<Result> {
  const out = flags.out;
  if (typeof out !== 'string' || out === '') throw new Exit(2, usage);
  const { database } = config;
  if (database.kind === 'remote') {
    const how = '请用数据库服务自己的备份（托管的看控制台“备份/时间点恢复”，自建 sqld 请备份它的数据目录）';
    throw new Exit(1, `backup: 数据在 ${new URL(database.url).host}，不在本机。${how}。`);
  }
  if (!existsSync(database.path)) throw new Exit(1, `backup: 没有数据库文件 ${database.path}，请核对 DATABASE_URL。`);
  for (const path of [out, sumFile(out)]) {
    if (existsSync(path)) throw new Exit(1, `${path}: 已经有这个文件，没有覆盖。请换一个文件名。`);
  }
  await mkdir(dirname(out), { recursive: true });
  const draft = `${out}.part`;
  await rm(draft, { force: true });
  try {
    say('正在复制……');
    await writeFile(draft, '', { mode: onlyMine, flag: 'wx' }); // the copy goes into it, so nobody else ever reads it
    copyDatabase(database.path, draft);
    await settle(draft);
    const sum = await sha256(draft);
    say('正在检查……');
    const found = inspect(draft);
    if (found.faults.length > 0) throw new Exit(1, found.faults.map((fault) => `${out}: ${fault}`).join('\n'));
    await named(draft, out);
    await writeFile(sumFile(out), `${sum}  ${basename(out)}\n`, { mode: onlyMine, flag: 'wx' });
    await settle(sumFile(out));
    await settle(dirname(out), 'r'); // the names as well
    const json = { file: out, bytes: (await stat(out)).size, sha256: sum, households: found.households };
    const text = `已备份到 ${out}（${json.bytes} 字节，${json.households} 户，已填 ${found.answered} 户），校验值在 ${sumFile(out)}。`;
    return { text: `${text}\nDATA_KEY 不在备份里，请另外保存：没有它，备份里的证件号码和电话打不开。`, json };
  } finally {
    await rm(draft, { force: true });
  }
}

export const sumFile = (file: string): string => `${file}.sha256`;

/** Gives the draft its name, unless somebody else took it meanwhile. */
async function named(draft: string, out: string): Promise<void> {
  try {
    await link(draft, out);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new Exit(1, `${out}: 已经有这个文件，没有覆盖。请换一个文件名。`);
  }
}

/** On the disk, not only on its way there. */
export async function settle(path: string, flags: 'r' | 'r+' = 'r+'): Promise<void> {
  const file = await open(path, flags);
  await file.sync();
  await file.close();
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
