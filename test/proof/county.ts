// Owns the county of the proof: the real 311 villages, 2,000 invented people who have work and 47 who are told nothing at
// first, 311 bound groups. One file made once, copied for every run; it also remembers whatever is promised unasked.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import { importStore } from '../../db/storeImport.ts';
import { type Area, areasOf } from '../../simulator/countyAreas.ts';
import { asSample, type Campaign } from '../../src/domain/campaign.ts';
import { tableOf } from '../../src/domain/importTable.ts';
import { newId } from '../../src/newId.ts';
import { createImports } from '../../src/usecases/imports.ts';
import { createVault, newDataKey } from '../../src/vault.ts';

type Row = Readonly<Record<string, string>>;
export type Level = 'village' | 'township' | 'county';

export interface Someone {
  readonly openId: string;
  /** 大阿村 村干部2 */
  readonly name: string;
  readonly role: string;
  readonly areaCode: string;
  readonly level: Level;
  /** By the people file. */
  readonly leaveUntilDay: string | null;
}

export interface Village extends Area {
  /** Place in the whole county's list, from 0, whatever part of it is there. */
  readonly no: number;
}

export interface BoundGroup {
  readonly chatId: string;
  readonly name: string;
  readonly areaCode: string;
  readonly level: Level;
}

export interface County {
  readonly campaign: Campaign;
  readonly villages: readonly Village[];
  readonly people: readonly Someone[];
  readonly groups: readonly BoundGroup[];
  /** Area code → 大阿村, 大阿镇, 信丰县. */
  readonly names: ReadonlyMap<string, string>;
  /** A fresh database at `path`. */
  copy(path: string): void;
  close(): void;
}

const made = Date.parse('2023-07-11T15:00:00+08:00');
const countyCode = '360722';
/** Its group is the township's, not its village's: one of 311. */
export const daaTown = '360722108';
export const daaVillage = '360722108200';
const perVillage = 2; // households
const more = 200; // of the villages with a sixth person
const onLeaveUntil = '2023-07-17';

/** `towns`: codes of the only townships that are there; default: all. */
export async function newCounty(campaign: Campaign, towns?: readonly string[]): Promise<County> {
  const orgs = readFileSync('campaigns/xinfeng_orgs.csv', 'utf8');
  const all = areasOf(orgs).map((a, no): Village => ({ ...a, no }));
  const villages = towns ? all.filter((v) => towns.includes(v.township)) : all;
  const people = peopleOf(villages);
  const groups = villages.map(groupOf);
  const towned = villages.map((v) => [v.township, v.townshipName] as const);
  const names = new Map([[countyCode, '信丰县'], ...towned, ...villages.map((v) => [v.code, v.name] as const)]);
  const folder = mkdtempSync(join(tmpdir(), 'lookback-proof-'));
  const template = join(folder, 'template.db');
  const inside = new Set(villages.map((v) => v.code));
  const county = { campaign: asSample(campaign), villages, people, groups, names };
  await fill(join(folder, 'first.db'), {
    template,
    county,
    areaRows: rowsOf(orgs).filter((r) => inside.has(r.区划代码 ?? '')),
  });
  return {
    ...county,
    copy: (path) => copyFileSync(template, path),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function peopleOf(villages: readonly Village[]): Someone[] {
  const of = (area: { code: string; name: string; level: Level }, role: string, n: number): Someone => ({
    openId: `ou_${area.code.padEnd(12, '0')}${codeOf(role)}${String(n).padStart(18, '0')}`,
    name: `${area.name} ${role}${n}`,
    role,
    areaCode: area.code,
    level: area.level,
    leaveUntilDay: null,
  });
  const many = (area: Parameters<typeof of>[0], role: string, count: number) =>
    Array.from({ length: count }, (_, i) => of(area, role, i + 1));
  const inVillages = villages.flatMap(({ no, code, name }) => {
    const area = { code, name, level: 'village' as const };
    const cadres = many(area, '村干部', no < more ? 4 : 3);
    const resting = no % 26 === 5 ? [{ ...of(area, '村干部', 9), leaveUntilDay: onLeaveUntil }] : [];
    return [...cadres, ...resting, ...many(area, '驻村工作队', 2)];
  });
  const inTowns = [...new Map(villages.map((v) => [v.township, v.townshipName]))].flatMap(([code, name]) => {
    const area = { code, name, level: 'township' as const };
    return [...many(area, '乡镇干部', 13), ...many(area, '乡镇负责人', 2)];
  });
  const area = { code: countyCode, name: '信丰县', level: 'county' as const };
  const posts = { 县办: 5, 县级督查: 20, 县领导: 3, 行业部门: 12 };
  return [...inVillages, ...inTowns, ...Object.entries(posts).flatMap(([role, n]) => many(area, role, n))];
}

const roles = ['村干部', '驻村工作队', '乡镇干部', '乡镇负责人', '县办', '县级督查', '县领导', '行业部门'];
const codeOf = (role: string) => String(10 + roles.indexOf(role));

function groupOf({ code, name, township, townshipName }: Village): BoundGroup {
  const [areaCode, of, level] =
    code === daaVillage ? [township, townshipName, 'township' as const] : [code, name, 'village' as const];
  return { chatId: `oc_${areaCode.padStart(32, '0')}`, name: `${of}回头看工作群`, areaCode, level };
}

function rowsOf(csv: string): Row[] {
  const [head = '', ...lines] = csv
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const columns = head.split(',');
  return lines.map((l) => Object.fromEntries(l.split(',').map((cell, i) => [columns[i] ?? '', cell])));
}

type Inhabited = Pick<County, 'campaign' | 'villages' | 'people' | 'groups'>;

async function fill(
  file: string,
  o: { readonly template: string; readonly county: Inhabited; readonly areaRows: readonly Row[] },
): Promise<void> {
  const engine = await openLocal(file);
  await engine.migrate(migrations);
  const { campaign, villages, people } = o.county;
  const vault = await createVault(newDataKey());
  const imports = createImports({ store: importStore(engine), vault, clock: { now: () => made }, newId });
  const store = createStore(engine);
  await store.loadCampaign(campaign, 'hash-1', made);
  const peopleRows = people.map((p, i) => ({
    姓名: `${'赵钱孙李周吴郑王'[i % 8]}${'一二三四五六七八九'[i % 9]}例`,
    角色: p.role,
    区划代码: p.areaCode,
    open_id: p.openId,
    请假至: p.leaveUntilDay ?? '',
  }));
  const households = villages.flatMap((v) =>
    Array.from({ length: perVillage }, (_, i) => ({
      户编码: `${v.short}-01-00${i + 1}`,
      区划代码: v.code,
      户主姓名: '钱某例',
      组: '1组',
      家庭人口数: '3',
      户类型: '一般农户',
    })),
  );
  const tables = { areas: o.areaRows, people: peopleRows, households };
  for (const kind of ['areas', 'people', 'households'] as const) {
    const report = await imports[kind](tableOf(Object.keys(tables[kind][0] ?? {}), tables[kind]));
    if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused.slice(0, 5)));
  }
  for (const loaded of await store.campaigns()) await imports.enrolAll(loaded);
  await bind(engine, o.county);
  await rememberPromises(engine);
  await store.close();
  const { default: Database } = await import('libsql');
  const db = new Database(file);
  db.prepare('VACUUM INTO ?').run(o.template);
  db.close();
}

async function bind(engine: Engine, { campaign, groups, people }: Inhabited): Promise<void> {
  const store = createStore(engine);
  const office = people.find((p) => p.role === '县办');
  const by = (await store.personByOperator({ openId: office?.openId ?? '', userId: null }))?.id ?? '';
  for (const { chatId, name, areaCode } of groups) {
    const act = { eventId: `bind-${areaCode}`, actor: by, at: made };
    const change = { do: 'bind', chatId, chatName: name, campaignId: campaign.id, areaCode, by, at: made } as const;
    if (!(await store.clickChange(act, [change], [])).ok) throw new Error(`${name} was not bound`);
  }
}

/** The planner's own slots, as they were when they were written: retries move `due_at` afterwards. */
async function rememberPromises(engine: Engine): Promise<void> {
  const table =
    'create table proof_promise (key text primary key, uuid text, target text, payload text, slot integer, planned_at integer)';
  const trigger =
    'create trigger proof_promised after insert on outbox when new.proactive = 1 begin ' +
    'insert into proof_promise values (new.key, new.uuid, new.target, new.payload, new.due_at, new.created_at); end';
  for (const sql of [table, trigger]) await engine.commit([{ sql, args: [] }]);
}
