// Owns `campaign load` and `campaign list`.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../db/engine.ts';
import { createStore } from '../../db/store.ts';
import type { Campaign } from '../domain/campaign.ts';
import { checkBeside } from '../domain/campaignBeside.ts';
import { refuseUnconfirmed } from '../domain/campaignCheck.ts';
import { faultLine, parseCampaign } from '../sheets/campaignFile.ts';
import { type Call, Exit, type Result, usage } from './command.ts';
import { openImports } from './importFile.ts';

export async function campaign(c: Call): Promise<Result> {
  const [verb, target] = c.words;
  if (verb === 'list') return list(c);
  if (verb !== 'load' || target === undefined) throw new Exit(2, usage);
  return load(c, target);
}

async function list({ engine }: Call): Promise<Result> {
  const all = await createStore(engine).campaigns();
  const rows = all.map((one) => ({
    id: one.id,
    title: one.title,
    items: one.items.length,
    phases: one.phases.length,
  }));
  return { text: rows.map((r) => `${r.id}  ${r.title}`).join('\n') || '还没有载入活动', json: rows };
}

async function load(c: Call, target: string): Promise<Result> {
  const store = createStore(c.engine);
  const { file, definition } = read(target);
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
  const clashing = checkBeside(definition, await store.campaigns());
  if (clashing.length > 0) throw new Exit(1, clashing.map((sentence) => `${basename(file)}: ${sentence}`).join('\n'));
  const before = await store.campaign(definition.id);
  if (before && before.hash !== hash && (await answered(c.engine, definition.id))) {
    throw new Exit(1, `${basename(file)}: 活动 ${definition.id} 已有填报，不能再改。要改请换一个编号（id）。`);
  }
  if (before?.hash !== hash) await store.loadCampaign(definition, hash, c.clock.now());
  await (await openImports(c)).enrolAll({ ...definition, hash }, { onProgress: c.progress('编入活动') });
  const json = { id: definition.id, items: definition.items.length, phases: definition.phases.length };
  return { text: `已载入 ${definition.id}：${json.items} 项，${json.phases} 个阶段`, json };
}

/** A file, or the id of a campaign that ships. */
function read(target: string): { file: string; definition: Campaign } {
  const file = existsSync(target)
    ? target
    : fileURLToPath(new URL(`../campaigns/${basename(target)}.yaml`, import.meta.url)); // seen from dist/cli.js
  if (!existsSync(file)) throw new Exit(1, `${target}: 没有这个活动文件`);
  const parsed = parseCampaign(readFileSync(file, 'utf8'), basename(file));
  if ('faults' in parsed) throw new Exit(1, parsed.faults.map(faultLine).join('\n'));
  const open = refuseUnconfirmed(parsed.campaign);
  if (open.length > 0) throw new Exit(1, open.map((sentence) => `${basename(file)}: ${sentence}`).join('\n'));
  return { file, definition: parsed.campaign };
}

async function answered(engine: Engine, id: string): Promise<boolean> {
  return (
    (await engine.read("select 1 from screening where campaign_id = ? and state <> 'todo' limit 1", [id])).length > 0
  );
}
