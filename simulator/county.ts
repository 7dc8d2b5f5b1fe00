// Owns the demo's invented county: people, groups and a roster over the real area tree. Deterministic for a seed. Every
// name ends in 例/样/示, identity numbers use the unassigned area code 360799, phones are masked: nobody here exists.
import { type Area, areasOf } from './countyAreas.ts';
import { type Crew, crewOf } from './countyPeople.ts';
import { type Household, householdsOf } from './countyRoster.ts';

export interface CountyOptions {
  readonly seed: number;
  readonly scale: 'demo' | 'full';
  /** The text of campaigns/xinfeng_orgs.csv. */
  readonly orgs: string;
}
export interface Group {
  readonly chatId: string;
  readonly name: string;
  readonly villageCode?: string;
  readonly townshipCode?: string;
  readonly members: readonly string[]; // open ids
}
export interface Featured {
  readonly openId: string;
  readonly name: string;
  readonly note: string;
}
export interface County {
  readonly people: readonly Record<string, string>[];
  /** Rows in import columns, made while they are read; may be iterated again. */
  readonly households: Iterable<Record<string, string>>;
  readonly groups: readonly Group[];
  readonly featured: readonly Featured[];
  /** Area code → 大阿镇大阿村, for telling people apart; the county itself is not in it. */
  readonly places: ReadonlyMap<string, string>;
}

export const peopleColumns = ['姓名', '角色', '区划代码', 'open_id'];
export const householdColumns = [
  '户编码',
  '区划代码',
  '组',
  '户主姓名',
  '家庭人口数',
  '户主证件号码',
  '联系电话',
  '户类型',
  '监测对象类别',
  '识别时间',
  '主要风险',
  '风险是否已消除',
  '消除时间',
  '消除方式',
  '整户无劳动能力标注',
  '八类人员',
  '包户干部open_id',
  '人均纯收入',
  '部门预警',
  '姓名',
  '与户主关系',
  '证件号码',
  '性别',
  '出生日期',
  '民族',
  '健康状况',
  '劳动技能',
  '劳动意愿',
  '务工地点',
  '务工时间(月)',
  '居民医保',
  '低保类型',
  '特困供养方式',
];

/** Households in all: the demo's is quick to walk through, the full one is the county's own size. */
const sizes = {
  demo: { total: 15_000, least: 15, most: 100, group: 12 },
  full: { total: 146_000, least: 50, most: 1500, group: 40 },
};

export function generateCounty({ seed, scale, orgs }: CountyOptions): County {
  const areas = areasOf(orgs);
  const crew = crewOf(seed, areas);
  const households: Iterable<Household> = {
    [Symbol.iterator]: () => householdsOf({ seed, size: sizes[scale], areas, crew }),
  };
  const places = new Map(
    areas.flatMap((a) => [[a.township, a.townshipName] as const, [a.code, `${a.townshipName}${a.name}`] as const]),
  );
  return { people: crew.people, households, groups: groupsOf(areas, crew), featured: crew.featured, places };
}

function groupsOf(areas: readonly Area[], crew: Crew): Group[] {
  const villages = areas.map(
    (a): Group => ({
      chatId: crew.chatId(a.code),
      name: `${a.name}回头看工作群`,
      villageCode: a.code,
      members: [...crew.of(a.code), ...crew.of(a.township).slice(0, 2), ...(crew.outsiders.get(a.code) ?? [])],
    }),
  );
  const townships = [...new Map(areas.map((a) => [a.township, a.townshipName]))];
  const upper = townships.map(([code, name]): Group => {
    const contacts = areas.filter((a) => a.township === code).flatMap((a) => crew.of(a.code).slice(0, 1));
    return {
      chatId: crew.chatId(code),
      name: `${name}回头看工作群`,
      townshipCode: code,
      members: [...crew.of(code), ...contacts],
    };
  });
  return [...villages, ...upper];
}
