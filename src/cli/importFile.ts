// Owns `import`: a file's rows into the product's own import, its report onto the terminal.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { importStore } from '../../db/storeImport.ts';
import { operatorStore } from '../../db/storeOperator.ts';
import { configExit } from '../config.ts';
import { refusedLine, reportJson } from '../domain/importPlan.ts';
import { newId } from '../newId.ts';
import type { Vault } from '../ports.ts';
import { readTable } from '../sheets/table.ts';
import { createImports } from '../usecases/imports.ts';
import { createVault } from '../vault.ts';
import { type Call, Exit, type Result, usage } from './command.ts';

export async function openImports(c: Call) {
  const vault = await vaultFor(c);
  const made = createImports({ store: importStore(c.engine), vault, clock: c.clock, newId });
  await made.resume();
  return made;
}

/** A roster sealed with two keys could never be looked up as one. */
async function vaultFor({ engine, config }: Call): Promise<Vault> {
  if (config.dataKey === null)
    throw new Exit(configExit, 'DATA_KEY：导入名单要用它加密证件和电话，请先设置（32 字节，base64）。');
  const vault = await createVault(config.dataKey, config.dataKeyPrevious === null ? [] : [config.dataKeyPrevious]);
  const store = operatorStore(engine);
  if (await store.rotating()) throw new Exit(1, '正在更换密钥，请等 npx lookback rotate-key 完成后再导入。');
  const used = await store.anyKeyId();
  if (used !== null && used !== vault.keyId) {
    const told = `DATA_KEY：库里的号码是用另一把密钥（编号 ${used}）加密的，现在填的是 ${vault.keyId}。`;
    throw new Exit(configExit, `${told}请填原来的那把；要换新的，请先运行 npx lookback rotate-key。`);
  }
  return vault;
}

export async function importFile(c: Call): Promise<Result> {
  const [kind, file] = c.words;
  if ((kind !== 'areas' && kind !== 'people' && kind !== 'households') || file === undefined) throw new Exit(2, usage);
  if (!existsSync(file)) throw new Exit(1, `${file}: 没有这个文件`);
  const read = await readTable(readFileSync(file));
  if (!read.ok) throw new Exit(1, refusedLine(basename(file), read.refused));
  const options = {
    dryRun: c.flags['dry-run'] === true,
    deactivateMissing: c.flags['deactivate-missing'] === true,
    onProgress: c.progress('导入'),
  };
  const report = await (await openImports(c))[kind](read.table, options);
  if (report.refused.length > 0) {
    for (const r of report.refused) c.say(refusedLine(basename(file), r));
    return { text: '', json: reportJson(report), failed: true };
  }
  for (const note of report.notes) c.say(note);
  for (const code of report.missingList) c.say(`名单里没有、库里有（未删除）：${code}`);
  const { created, updated, unchanged, missing } = report;
  const gone = missing > 0 ? `，名单里没有而库里有 ${missing}（未删除）` : '';
  return {
    text: `${options.dryRun ? '预演，没有改动：' : ''}新增 ${created}，更新 ${updated}，不变 ${unchanged}${gone}`,
    json: reportJson(report),
  };
}
