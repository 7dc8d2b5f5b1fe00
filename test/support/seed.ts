// Owns an invented county of any size on any engine, by the product's own import: for the store's conformance, the Worker
// and the kill proofs. Web standards only: it also runs inside workerd.
import type { Engine } from '../../db/engine.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import { importStore } from '../../db/storeImport.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Table } from '../../src/domain/importTable.ts';
import { newId } from '../../src/newId.ts';
import type { LeaseWish } from '../../src/outboxStore.ts';
import type { Clock } from '../../src/ports.ts';
import { createImports } from '../../src/usecases/imports.ts';
import { createVault, newDataKey } from '../../src/vault.ts';

type Row = Readonly<Record<string, string>>;

export interface SeedSize {
  readonly villages: number;
  /** In each village. */
  readonly households: number;
  readonly cadres: number;
}

/** Everything by position: village `v`, cadre `n` of it, both from 0. */
export const villageCode = (v: number): string => `3607229992${String(v).padStart(2, '0')}`;
export const villageName = (v: number): string => `例${'甲乙丙丁戊己庚辛'[v] ?? v}村`;
export const cadreOpenId = (v: number, n: number): string => `ou_${String(v * 1000 + n + 1).padStart(32, '0')}`;
export const groupId = (v: number): string => `oc_${String(v + 1).padStart(32, '0')}`;

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function table(rows: readonly Row[]): Table {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((c) => row[c] ?? ''))];
  return { sheets: [{ name: 'Sheet1', rows: cells.map((c, i) => ({ row: i + 1, cells: c })) }] };
}

function tables(size: SeedSize): { areas: Table; people: Table; households: Table } {
  const areas: Row[] = [];
  const people: Row[] = [];
  const households: Row[] = [];
  for (const v of count(size.villages)) {
    const 区划代码 = villageCode(v);
    const name = `${villageName(v)}委会`;
    areas.push({ 区划代码, 乡镇: '示例镇', 乡镇代码: '360722999', '村(居)名称': name, 类别: '村委会' });
    for (const n of count(size.cadres)) {
      people.push({ 姓名: `${villageName(v)[1]}例${n + 1}`, 角色: '村干部', 区划代码, open_id: cadreOpenId(v, n) });
    }
    for (const h of count(size.households)) {
      const 户编码 = `例${v + 1}-${String(h + 1).padStart(4, '0')}`;
      households.push({ 户编码, 区划代码, 户主姓名: '某例', 组: '1组', 家庭人口数: '3', 户类型: '一般农户' });
    }
  }
  return { areas: table(areas), people: table(people), households: table(households) };
}

/** A campaign's own: stores keep what they read under it for as long as the process lives. */
export async function hashOf(campaign: Campaign): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(campaign));
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** Migrates an empty database and fills it; every household is ordinary, in the campaign and not yet asked. */
export async function seed(engine: Engine, p: { size: SeedSize; campaign: Campaign; clock: Clock }): Promise<void> {
  await engine.migrate(migrations);
  const vault = await createVault(newDataKey());
  const imports = createImports({ store: importStore(engine), vault, clock: p.clock, newId });
  const all = tables(p.size);
  for (const kind of ['areas', 'people', 'households'] as const) {
    const report = await imports[kind](all[kind]);
    if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused));
  }
  const store = createStore(engine);
  await store.loadCampaign(p.campaign, await hashOf(p.campaign), p.clock.now());
  const loaded = await store.campaign(p.campaign.id);
  if (loaded) await imports.enrolAll(loaded);
}

/** What a process that takes whatever is due asks the store for. */
export const leaseOf = (p: { now: number; until: number; by: string }): LeaseWish => ({
  ...p,
  senderUntil: p.now + 10_000,
  limit: 100,
  unasked: 100,
  perLane: 100,
  upTo: 'nicety',
  month: '2023-07',
});
