// Owns how rows of a people file become persons with roles: one row per person and area, the same person by open_id or
// by phone. Pure; phone numbers leave in plain text and are sealed by the use-case.
import type { Campaign, Level } from './campaign.ts';
import { phoneKind } from './idNumber.ts';
import type { AreaIndex } from './importFacts.ts';
import { type Column, noColumn, openTable, type Refused, type Table } from './importTable.ts';
import { areaCodeOf, RowReader } from './importValues.ts';

export interface PersonRecord {
  readonly row: number;
  readonly sheet: string;
  readonly name: string;
  readonly openId: string | null;
  readonly userId: string | null;
  readonly phone: string | null;
  /** A whole mobile number: tells persons apart. */
  readonly phoneWhole: boolean;
  readonly leaveUntilDay: string | null;
  readonly roles: readonly { readonly role: string; readonly area: string }[];
}

const peopleColumns: readonly Column[] = [
  { name: '姓名', aliases: ['人员姓名', '干部姓名'], required: true },
  { name: '角色', aliases: ['身份', '职责'], required: true },
  { name: '区划代码', aliases: ['地区代码', '行政区划代码', '村代码', '负责地区代码'], required: true },
  { name: 'open_id', aliases: ['openid', '飞书open_id', 'Open ID'] },
  { name: '手机号', aliases: ['手机', '手机号码', '联系电话', '电话'] },
  { name: 'user_id', aliases: ['userid', '飞书user_id', 'User ID'] },
  { name: '请假至', aliases: ['请假截止', '请假到'] },
];

/** Which areas a role works in, by its Chinese name. */
export type RoleLevels = Readonly<Record<string, readonly Level[]>>;

/** The roles every county has; a campaign may bring its own. */
export const roleLevels: RoleLevels = {
  村干部: ['village'],
  驻村工作队: ['village'],
  乡镇干部: ['township'],
  乡镇负责人: ['township'],
  行业部门: ['county', 'township'],
  县级督查: ['county', 'township'],
  县办: ['county'],
  县领导: ['county'],
};
const levelName = { county: '县（6位）', township: '乡镇（9位）', village: '村（居）（12位）' };

export interface ParsedPeople {
  readonly records: readonly PersonRecord[];
  readonly refused: readonly Refused[];
  readonly notes: readonly string[];
}

/** The usual roles and those of the campaigns: one list, since one people file serves all of them. */
export function rolesOf(campaigns: readonly Pick<Campaign, 'roles'>[]): RoleLevels {
  const known = new Map<string, readonly Level[]>(Object.entries(roleLevels));
  for (const { name, level } of campaigns.flatMap((c) => c.roles))
    known.set(name, [...new Set([...(known.get(name) ?? []), level])]);
  return Object.fromEntries(known);
}

/** `roles`: the names a row may give, with the areas they work in. */
export function parsePeople(table: Table, areas: AreaIndex, roles: RoleLevels = roleLevels): ParsedPeople {
  const build = new PeopleBuilder(areas, roles);
  const open = openTable(table, peopleColumns);
  build.refused.push(...open.refused);
  build.notes.push(...open.notes);
  for (const { label, header, rows } of open.sheets) {
    if (!header.at.has('open_id') && !header.at.has('手机号')) {
      build.refused.push(noColumn(label, header.row, 'open_id 或 手机号'));
      continue;
    }
    const reader = new RowReader(header, build.refused);
    for (const row of rows) if (reader.enter(row)) build.add(reader, label);
  }
  return { records: build.records(), refused: build.refused, notes: build.notes };
}

type Building = Omit<PersonRecord, 'roles'> & { roles: { role: string; area: string }[] };

class PeopleBuilder {
  readonly refused: Refused[] = [];
  readonly notes: string[] = [];
  private readonly byKey = new Map<string, Building>(); // open:… and phone:…
  private readonly people = new Set<Building>();
  private readonly areas: AreaIndex;
  private readonly roles: RoleLevels;

  constructor(areas: AreaIndex, roles: RoleLevels) {
    this.areas = areas;
    this.roles = roles;
  }

  records(): PersonRecord[] {
    return [...this.people];
  }

  add(reader: RowReader, sheet: string): void {
    const name = reader.need('姓名');
    const role = reader.need('角色');
    if (role !== '' && !Object.hasOwn(this.roles, role)) {
      const known = Object.keys(this.roles).join('、');
      const own = '；活动自己的角色，请先载入那项活动再导入名单';
      reader.refuse('角色', 'role', `“${role}”不是可用的角色，请从 ${known} 中选一个${own}`);
    }
    const area = this.area(reader, role);
    const openId = reader.text('open_id') || null;
    const userId = reader.text('user_id') || null;
    const phone = reader.phone('手机号') ?? null;
    const leaveUntilDay = reader.day('请假至') ?? null;
    const phoneWhole = phone !== null && phoneKind(phone) === 'whole';
    if (!openId && !phoneWhole && (reader.text('手机号') === '' || phone)) {
      const message = phone ? '没有 open_id 时手机号要写全11位，请补充' : 'open_id 和手机号请至少填一个';
      reader.refuse(reader.has('open_id') ? 'open_id' : '手机号', 'no-contact', message);
    }
    if (name === '' || area === '') return;
    this.put(
      reader,
      { row: reader.row, sheet, name, openId, userId, phone, phoneWhole, leaveUntilDay, roles: [] },
      { role, area },
    );
  }

  private area(reader: RowReader, role: string): string {
    const code = areaCodeOf(reader.need('区划代码').normalize('NFKC'));
    if (code === '') return '';
    const area = this.areas.get(code);
    if (!area) {
      reader.refuse('区划代码', 'area', `没有找到区划代码 ${code}，请核对，或先导入区划`);
      return '';
    }
    const levels = Object.hasOwn(this.roles, role) ? this.roles[role] : undefined;
    if (levels && !levels.includes(area.level)) {
      const wanted = levels.map((l) => levelName[l]).join('或');
      reader.refuse('区划代码', 'level', `${role}请填${wanted}的区划代码；${code} 是${area.name}`);
    }
    return code;
  }

  private put(reader: RowReader, given: Building, held: { role: string; area: string }): void {
    const keys = [
      ...(given.openId ? [`open:${given.openId}`] : []),
      ...(given.phoneWhole ? [`phone:${given.phone}`] : []),
    ];
    const found = keys.map((k) => this.byKey.get(k)).filter((b) => b !== undefined);
    const person = found[0] ?? given;
    if (new Set(found).size > 1 || (person.openId && given.openId && person.openId !== given.openId)) {
      return reader.refuse('手机号', 'two-people', `这个手机号在第${person.row}行写的是另一个 open_id，请核对`);
    }
    if (person.name !== given.name) {
      return reader.refuse('姓名', 'two-names', `同一个账号在第${person.row}行写的是“${person.name}”，请核对`);
    }
    if (person.roles.some((r) => r.role === held.role && r.area === held.area)) {
      return reader.refuse('区划代码', 'duplicate', `${given.name}在这个地区的“${held.role}”前面已有一行，请删去一行`);
    }
    const merged: Building = {
      ...person,
      openId: person.openId ?? given.openId,
      userId: person.userId ?? given.userId,
      leaveUntilDay: person.leaveUntilDay ?? given.leaveUntilDay,
      ...(person.phoneWhole || !given.phone ? {} : { phone: given.phone, phoneWhole: given.phoneWhole }),
      roles: [...person.roles, held],
    };
    this.people.delete(person);
    this.people.add(merged);
    const all = [
      ...(merged.openId ? [`open:${merged.openId}`] : []),
      ...(merged.phoneWhole ? [`phone:${merged.phone}`] : []),
    ];
    for (const key of all) this.byKey.set(key, merged);
  }
}
