// Owns how rows of a roster become households: household columns repeat on every row of a household, one row is one
// person. Pure. Numbers of persons leave this file in plain text: the use-case seals them before anything is stored.

import type { HouseholdFacts } from '../ports.ts';
import {
  type AreaIndex,
  type HouseholdRecord,
  householdFacts,
  type KeyGroups,
  type MemberRecord,
  type Raw,
} from './importFacts.ts';
import { householdColumns, householdLevel, memberPlain } from './importHouseholdColumns.ts';
import { openTable, type Refused, type Table } from './importTable.ts';
import { areaCodeOf, RowReader } from './importValues.ts';

export interface RosterContext {
  readonly areas: AreaIndex;
  readonly keyGroups: KeyGroups;
}

interface Draft {
  readonly row: number;
  readonly sheet: string;
  readonly raw: Raw;
  readonly record: Omit<HouseholdRecord, 'facts' | 'members'>;
  readonly given: readonly string[]; // texts of the household columns, to compare the next rows with
  readonly members: MemberRecord[];
}

/** Takes a table piece by piece, so that a caller may breathe in between. */
export class Roster {
  readonly refused: Refused[] = [];
  readonly notes: string[] = [];
  private readonly drafts = new Map<string, Draft>();
  private readonly persons = new Map<string, number>();
  private readonly context: RosterContext;

  constructor(context: RosterContext) {
    this.context = context;
  }

  /** Rows are read as the returned generator is advanced. */
  *read(table: Table): Generator<void> {
    const open = openTable(table, householdColumns);
    this.refused.push(...open.refused);
    this.notes.push(...open.notes);
    for (const { label, header, rows } of open.sheets) {
      const reader = new RowReader(header, this.refused);
      for (const row of rows) {
        if (reader.enter(row)) this.add(reader, label);
        yield;
      }
    }
  }

  private add(reader: RowReader, sheet: string): void {
    const code = reader.text('户编码').normalize('NFKC');
    if (code === '') {
      return reader.refuse('户编码', 'empty', '“户编码”没有填，请补充（有合并单元格的，请取消合并，每行都填）');
    }
    const before = this.drafts.get(code);
    if (before) this.same(reader, code, before);
    const draft = before ?? this.open(reader, sheet, code);
    if (!draft) return;
    const member = reader.text('姓名') === '' ? null : this.member(reader, code);
    if (member) draft.members.push(member);
  }

  private same(reader: RowReader, code: string, before: Draft): void {
    householdLevel.forEach((column, i) => {
      const [now, then] = [reader.text(column), before.given[i] ?? ''];
      if (now === '' || then === '' || now === then) return;
      const shown = /证件|电话/.test(column) ? '' : `（“${then}”和“${now}”）`;
      reader.refuse(
        column,
        'two-values',
        `${code} 这一户第${before.row}行与本行的“${column}”不一样${shown}，请核对，统一后再导入`,
      );
    });
  }

  private open(reader: RowReader, sheet: string, code: string): Draft | null {
    const village = this.village(reader);
    const headName = reader.need('户主姓名');
    const count = reader.number('家庭人口数');
    if (count === undefined && reader.text('家庭人口数') === '') reader.need('家庭人口数');
    if (count !== undefined && (!Number.isInteger(count) || count < 1 || count > 60)) {
      reader.refuse('家庭人口数', 'count', '家庭人口数请填 1 到 60 的整数');
    }
    const id = reader.id('户主证件号码');
    const phone = reader.phone('联系电话');
    const raw = readRaw(reader, this.context.keyGroups);
    const given = householdLevel.map((column) => reader.text(column));
    const draft: Draft = {
      row: reader.row,
      sheet,
      raw,
      given,
      members: [],
      record: {
        code,
        village: village?.code ?? '',
        township: village?.township ?? '',
        group: reader.text('组'),
        headName,
        memberCount: count ?? 1,
        ...(id && { id }),
        ...(phone && { phone }),
      },
    };
    this.drafts.set(code, draft);
    return draft;
  }

  private village(reader: RowReader): { code: string; township: string } | null {
    const code = areaCodeOf(reader.need('区划代码').normalize('NFKC'));
    if (code === '') return null;
    const area = this.context.areas.get(code);
    if (area?.level === 'village' && area.township) return { code: area.code, township: area.township };
    const message = area
      ? `${code} 是${area.name}，请填村（居）的12位区划代码`
      : `没有找到区划代码 ${code}，请核对，或先导入区划`;
    reader.refuse('区划代码', 'area', message);
    return null;
  }

  private member(reader: RowReader, code: string): MemberRecord {
    const facts: Record<string, string | number | boolean> = {};
    for (const column of memberPlain.texts) put(facts, column, reader.text(column) || undefined);
    for (const column of memberPlain.flags) put(facts, column, reader.flag(column));
    for (const column of memberPlain.numbers) put(facts, column, reader.number(column));
    put(facts, '劳动技能', reader.oneOf('劳动技能', memberPlain.labour));
    put(facts, '出生日期', reader.day('出生日期'));
    const id = reader.id('证件号码');
    const cert = reader.disabilityCert('残疾证号');
    this.once(reader, code, id);
    return {
      name: reader.text('姓名'),
      relation: reader.text('与户主关系'),
      facts,
      ...(id && { id }),
      ...(cert && { cert }),
    };
  }

  private once(reader: RowReader, code: string, id: string | undefined): void {
    if (!id) return;
    const twin = this.persons.get(code + id);
    if (twin !== undefined)
      reader.refuse('证件号码', 'duplicate', `${code} 这一户第${twin}行已有同一个证件号码，请核对`);
    this.persons.set(code + id, reader.row);
  }

  /** Households village by village, made as they are asked for; what was handed over is forgotten. */
  *finish(): Generator<HouseholdRecord> {
    const villages = new Map<string, Draft[]>();
    for (const d of this.drafts.values()) {
      const list = villages.get(d.record.village);
      if (list) list.push(d);
      else villages.set(d.record.village, [d]);
    }
    this.drafts.clear();
    this.persons.clear();
    const facts = new Map<string, HouseholdFacts>(); // most households share theirs
    for (const code of [...villages.keys()].sort()) {
      for (const d of villages.get(code) ?? []) {
        const own = householdFacts(d.raw, d.members, this.context.keyGroups.lifted);
        const text = JSON.stringify(own);
        const shared = facts.get(text) ?? own;
        facts.set(text, shared);
        yield { ...d.record, facts: shared, members: d.members };
      }
      villages.delete(code);
    }
  }
}

function put(
  facts: Record<string, string | number | boolean>,
  key: string,
  value: string | number | boolean | undefined,
): void {
  if (value !== undefined) facts[key] = value;
}

function readRaw(reader: RowReader, keyGroups: KeyGroups): Raw {
  return {
    kind: reader.oneOf('户类型', ['一般农户', '脱贫户', '一般户', '已脱贫户', '监测户']),
    monitorType: reader.oneOf('监测对象类别', ['脱贫不稳定户', '边缘易致贫户', '突发严重困难户', '无', '否']),
    identifiedDay: reader.day('识别时间'),
    risks: reader.text('主要风险'),
    eliminated: reader.oneOf('风险是否已消除', ['是', '否', '已消除', '未消除']),
    eliminatedDay: reader.day('消除时间'),
    eliminationMode: reader.text('消除方式'),
    safetyNet: reader.oneOf('整户无劳动能力标注', ['甲', '乙', '甲类', '乙类', '是', '否']),
    keyGroups: keyGroups.read(reader.text('八类人员'), (name) =>
      reader.refuse('八类人员', 'key-group', `“${name}”不在八类人员里，请填 ${keyGroups.names.join('、')}`),
    ),
    contactOpenId: reader.text('包户干部open_id'),
    netPerCapita: reader.number('人均纯收入'),
    alert: reader.text('部门预警'),
  };
}
