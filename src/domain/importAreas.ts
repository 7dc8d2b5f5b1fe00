// Owns how a table of areas becomes county, townships and villages, and under which name each is shown. Pure.
import { type Column, openTable, type Refused, type Table } from './importTable.ts';
import { areaCodeOf, RowReader } from './importValues.ts';

export interface AreaRecord {
  readonly code: string;
  readonly level: 'county' | 'township' | 'village';
  readonly name: string; // as shown: 大阿村, 大阿社区, 大阿镇
  readonly fullName: string; // as in the source: 大阿村委会
  readonly kind: string; // 县 | 乡镇 | 村委会 | 居委会
  readonly parent: string | null;
  readonly township: string | null;
  readonly facts: Readonly<Record<string, number | boolean>>;
}

const areaColumns: readonly Column[] = [
  { name: '区划代码', aliases: ['统计用区划代码', '行政区划代码', '村代码', '代码'], required: true },
  { name: '名称', aliases: ['村(居)名称', '村居名称', '村居', '村名', '区划名称'], required: true },
  { name: '上级代码', aliases: ['乡镇代码', '上级区划代码'], required: true },
  { name: '乡镇', aliases: ['乡镇名称', '所属乡镇'] },
  { name: '类别', aliases: ['类型'] },
  { name: '农村户籍人口', aliases: ['农村户籍人口数'] },
  { name: '农村总户数', aliases: ['农村户数'] },
  { name: '脱贫户数' },
  { name: '省定重点帮扶村' },
  { name: '市定重点帮扶村' },
  { name: '县定重点帮扶村' },
  { name: '易地扶贫搬迁集中安置区', aliases: ['易地搬迁集中安置区'] },
  { name: '废弃矿山区域' },
];
const numbers = ['农村户籍人口', '农村总户数', '脱贫户数'];
const flags = ['省定重点帮扶村', '市定重点帮扶村', '县定重点帮扶村', '易地扶贫搬迁集中安置区', '废弃矿山区域'];

/** 大阿村委会 → 大阿村 · 解放东路社区居委会 → 解放东路社区 · 南山居委会 → 南山社区 · 余村村委会 → 余村. */
export function shownName(fullName: string): string {
  const village = /^(.+?)(?:村委会|村民委员会)$/.exec(fullName)?.[1];
  if (village !== undefined) return village.endsWith('村') ? village : `${village}村`;
  const community = /^(.+?)(?:居委会|居民委员会)$/.exec(fullName)?.[1];
  if (community !== undefined) return community.endsWith('社区') ? community : `${community}社区`;
  return fullName;
}

export interface ParsedAreas {
  readonly records: readonly AreaRecord[];
  readonly refused: readonly Refused[];
  readonly notes: readonly string[];
}

/** `countyName` names the county when no row of the file does. */
export function parseAreas(table: Table, countyName: string): ParsedAreas {
  const build = new AreaBuilder(countyName);
  const open = openTable(table, areaColumns);
  build.refused.push(...open.refused);
  build.notes.push(...open.notes);
  for (const { header, rows } of open.sheets) {
    const reader = new RowReader(header, build.refused);
    for (const row of rows) if (reader.enter(row)) build.add(reader);
  }
  return { records: build.finish(), refused: build.refused, notes: build.notes };
}

class AreaBuilder {
  readonly refused: Refused[] = [];
  readonly notes: string[] = [];
  private readonly areas = new Map<string, AreaRecord>();
  private readonly townships = new Map<string, string>(); // code → name, '' while unknown
  private readonly shown = new Map<string, number>(); // township + shown name → row
  private readonly countyName: string;

  constructor(countyName: string) {
    this.countyName = countyName;
  }

  add(reader: RowReader): void {
    const code = areaCodeOf(reader.need('区划代码').normalize('NFKC'));
    const fullName = reader.need('名称');
    const kind = reader.text('类别');
    if (kind === '虚拟社区') return void this.notes.push(`第${reader.row}行 ${fullName} 是虚拟社区，没有农户，已跳过`);
    if (code === '' || fullName === '') return;
    if (!/^(\d{6}|\d{9}|\d{12})$/.test(code)) {
      return reader.refuse('区划代码', 'area-code', `区划代码应为12位（村）、9位（乡镇）或6位（县）数字，请核对`);
    }
    if (this.areas.has(code)) return reader.refuse('区划代码', 'duplicate', `区划代码 ${code} 在前面已有一行，请核对`);
    if (code.length === 12) this.addVillage(reader, code, { fullName, kind });
    else this.addUpper(reader, code, fullName);
  }

  private addUpper(reader: RowReader, code: string, name: string): void {
    const township = code.length === 9;
    const [level, kind, parent] = township
      ? (['township', '乡镇', code.slice(0, 6)] as const)
      : (['county', '县', null] as const);
    const facts = factsOf(reader);
    this.areas.set(code, { code, level, name, fullName: name, kind, parent, township: township ? code : null, facts });
  }

  private addVillage(reader: RowReader, code: string, given: { fullName: string; kind: string }): void {
    const township = areaCodeOf(reader.need('上级代码').normalize('NFKC'));
    if (township === '') return;
    if (township.length !== 9 || !code.startsWith(township)) {
      return reader.refuse('上级代码', 'parent', `上级代码应是区划代码的前9位 ${code.slice(0, 9)}，请核对`);
    }
    const townName = reader.text('乡镇');
    const before = this.townships.get(township);
    if (before && townName && before !== townName) {
      reader.refuse('乡镇', 'township-name', `乡镇代码 ${township} 前面写的是“${before}”，这里是“${townName}”，请核对`);
    }
    this.townships.set(township, before || townName);
    const kind = given.kind || (/居(民委员|委)会$|社区$/.test(given.fullName) ? '居委会' : '村委会');
    const name = shownName(given.fullName);
    const twin = this.shown.get(township + name);
    if (twin !== undefined) reader.refuse('名称', 'same-name', `同一乡镇里第${twin}行也显示为“${name}”，请核对名称`);
    this.shown.set(township + name, reader.row);
    const facts = factsOf(reader);
    this.areas.set(code, {
      code,
      level: 'village',
      name,
      fullName: given.fullName,
      kind,
      parent: township,
      township,
      facts,
    });
  }

  finish(): AreaRecord[] {
    for (const [code, name] of this.townships) {
      if (this.areas.has(code)) continue;
      if (name === '') {
        const message = `乡镇代码 ${code} 没有名称，请在“乡镇”列填写`;
        this.refused.push({ sheet: '', row: 1, column: '乡镇', code: 'township-name', message });
      }
      const upper = { name, fullName: name, kind: '乡镇', parent: code.slice(0, 6), township: code, facts: {} };
      this.areas.set(code, { code, level: 'township', ...upper });
    }
    for (const code of new Set([...this.areas.keys()].map((c) => c.slice(0, 6)))) {
      if (this.areas.has(code)) continue;
      const upper = {
        name: this.countyName,
        fullName: this.countyName,
        kind: '县',
        parent: null,
        township: null,
        facts: {},
      };
      this.areas.set(code, { code, level: 'county', ...upper });
    }
    return [...this.areas.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  }
}

function factsOf(reader: RowReader): Record<string, number | boolean> {
  const facts: Record<string, number | boolean> = {};
  for (const column of numbers) {
    const n = reader.number(column);
    if (n !== undefined) facts[column] = n;
  }
  for (const column of flags) {
    const f = reader.flag(column);
    if (f !== undefined) facts[column] = f;
  }
  return facts;
}
