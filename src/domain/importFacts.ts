// Owns what a roster's columns say about a household: register, labour, safety net, key groups. Pure; the eight groups
// come from the campaign, the defaults here are the province's list.
import type { Area, HouseholdFacts } from '../ports.ts';
import { listOf } from './importValues.ts';

export type AreaIndex = ReadonlyMap<string, Pick<Area, 'code' | 'level' | 'name' | 'township'>>;

export interface MemberRecord {
  readonly name: string;
  readonly relation: string;
  readonly id?: string;
  readonly cert?: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
export interface HouseholdRecord {
  readonly code: string;
  readonly village: string;
  readonly township: string;
  readonly group: string;
  readonly headName: string;
  readonly memberCount: number;
  readonly id?: string;
  readonly phone?: string;
  readonly facts: HouseholdFacts;
  readonly members: readonly MemberRecord[];
}

/** What the household columns of a row said, before the members are known. */
export interface Raw {
  readonly kind: string | undefined;
  readonly monitorType: string | undefined;
  readonly identifiedDay: string | undefined;
  readonly risks: string;
  readonly eliminated: string | undefined;
  readonly eliminatedDay: string | undefined;
  readonly eliminationMode: string;
  readonly safetyNet: string | undefined;
  readonly keyGroups: readonly string[];
  readonly contactOpenId: string;
  readonly netPerCapita: number | undefined;
  readonly alert: string;
}

export interface KeyGroups {
  readonly names: readonly string[];
  /** Codes of households lifted out of poverty, whom the roster's own column names already. */
  readonly lifted: readonly string[];
  read(text: string, unknown: (name: string) => void): string[];
}

const defaultGroups = [
  { code: 'KG1', label: '脱贫户' },
  { code: 'KG2', label: '低收入农户' },
  { code: 'KG3', label: '农村低保对象和分散供养特困人员' },
  { code: 'KG4', label: '“三保障”和饮水安全问题户' },
  { code: 'KG5', label: '产业影响较大农户' },
  { code: 'KG6', label: '就业不稳定户' },
  { code: 'KG7', label: '特殊困难人员' },
  { code: 'KG8', label: '因病因灾因意外等刚性支出较大或收入骤减户' },
];

const bare = (text: string): string => text.normalize('NFKC').replace(/[“”"'\s、,]/g, '');

/**
 * Reads 八类人员 by code, number or label (quotes and 、 inside a label do not matter). Groups of several campaigns may
 * stand one after the other: a label both use means the group of each.
 */
export function keyGroupsOf(groups: readonly { code: string; label: string }[]): KeyGroups {
  const list = groups.length > 0 ? groups : defaultGroups;
  const byName = new Map<string, string[]>();
  list.forEach((g, i) => {
    for (const name of new Set([g.code, g.label, String(i + 1)].map(bare)))
      byName.set(name, [...new Set([...(byName.get(name) ?? []), g.code])]);
  });
  const read = (text: string, unknown: (name: string) => void): string[] => {
    if (text === '' || text === '无' || text === '否' || text === '都不是') return [];
    const whole = byName.get(bare(text));
    if (whole) return whole;
    const codes = new Set<string>();
    for (const name of listOf(text)) {
      const known = byName.get(bare(name));
      if (!known) unknown(name);
      for (const code of known ?? []) codes.add(code);
    }
    return [...codes].sort();
  };
  const lifted = list.filter((g) => g.label === '脱贫户').map((g) => g.code);
  return { names: [...new Set(list.map((g) => g.label))], lifted, read };
}

type Labour = HouseholdFacts['labour'];

/** Able when anybody is; weak when nobody is able but somebody half; none only when it is said of every member. */
function labourOf(members: readonly MemberRecord[], safetyNet: string | undefined): Labour {
  const skills = members.map((m) => m.facts.劳动技能);
  if (skills.some((s) => s === '普通劳动力' || s === '技能劳动力')) return 'able';
  if (skills.some((s) => s === '弱劳动力或半劳动力')) return 'weak';
  if (skills.length > 0 && skills.every((s) => s === '丧失劳动力' || s === '无劳动力')) return 'none';
  return safetyNet === '甲' || safetyNet === '乙' ? 'none' : 'unknown';
}

/** 甲 for people supported at home, 乙 for the others; a bare 是 is decided by the members' support. */
function safetyNetOf(mark: string | undefined, members: readonly MemberRecord[]): string | undefined {
  if (mark !== '是') return mark?.slice(0, 1);
  return members.some((m) => String(m.facts.特困供养方式 ?? '').includes('分散')) ? '甲' : '乙';
}

export function householdFacts(
  raw: Raw,
  members: readonly MemberRecord[],
  liftedGroups: readonly string[],
): HouseholdFacts {
  const monitored = raw.monitorType !== undefined && raw.monitorType !== '无' && raw.monitorType !== '否';
  const eliminated = raw.eliminated === '是' || raw.eliminated === '已消除';
  const lifted = raw.kind === '脱贫户' || raw.kind === '已脱贫户' || raw.monitorType === '脱贫不稳定户';
  const safetyNet = safetyNetOf(raw.safetyNet, members);
  const risks = listOf(raw.risks);
  const groups = [...new Set([...(lifted ? liftedGroups : []), ...raw.keyGroups])];
  return {
    kind: lifted ? '脱贫户' : '一般农户',
    register: monitored ? (eliminated ? 'eliminated' : 'active') : 'none',
    ...(monitored && raw.monitorType && { monitorType: raw.monitorType }),
    ...(raw.identifiedDay && { identifiedDay: raw.identifiedDay }),
    ...(risks.length > 0 && { risks }),
    ...(raw.eliminatedDay && { eliminatedDay: raw.eliminatedDay }),
    ...(raw.eliminationMode && { eliminationMode: raw.eliminationMode }),
    ...(safetyNet && { safetyNet }),
    labour: labourOf(members, safetyNet),
    keyGroups: groups,
    ...(raw.alert && { alert: raw.alert }),
    ...(raw.contactOpenId && { contactOpenId: raw.contactOpenId }),
    ...(raw.netPerCapita !== undefined && { netPerCapita: raw.netPerCapita }),
  };
}
