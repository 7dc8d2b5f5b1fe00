// Owns what a table is to an import: sheets, rows, the header found by name, and refusals named by cell. Pure; knows
// neither the file format nor what the columns mean.

/** `row` as Excel counts it. Cells are text; a cell that lost digits on its way begins with LOST. */
export interface SheetRow {
  readonly row: number;
  readonly cells: readonly string[];
}
export interface Sheet {
  readonly name: string;
  readonly rows: Iterable<SheetRow>;
}
export interface Table {
  readonly sheets: readonly Sheet[];
}

/** First character of a cell whose digits were lost before we saw it (Excel keeps 15 digits of a number). */
export const LOST = '\uE000';

/** One reason, at one cell. `sheet` is '' when the file has one sheet. */
export interface Refused {
  readonly sheet: string;
  readonly row: number;
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

export interface Column {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly required?: boolean;
}

/** Where each known column sits in one sheet; several positions when the source repeats a header. */
export interface Header {
  readonly sheet: string;
  readonly row: number;
  readonly at: ReadonlyMap<string, readonly number[]>;
  readonly titles: ReadonlyMap<string, string>; // column name → the text the file uses
  readonly unknown: readonly string[];
  readonly missing: readonly string[];
}

const headerRows = 5;

const plain = (title: string): string => title.normalize('NFKC').replace(/[\s*:：]+|\(必填\)|\(选填\)/g, '');

/** A map from every accepted header text to its column. */
function dictionary(columns: readonly Column[]): ReadonlyMap<string, Column> {
  const map = new Map<string, Column>();
  for (const c of columns) for (const title of [c.name, ...(c.aliases ?? [])]) map.set(plain(title), c);
  return map;
}

/** Reads one row as a header. The caller keeps the candidate with the most known columns. */
export function headerOf(row: SheetRow, sheet: string, columns: readonly Column[]): Header {
  const known = dictionary(columns);
  const at = new Map<string, number[]>();
  const titles = new Map<string, string>();
  const unknown: string[] = [];
  row.cells.forEach((cell, index) => {
    const title = plain(cell);
    if (title === '') return;
    const column = known.get(title);
    if (!column) return void unknown.push(cell.trim());
    at.set(column.name, [...(at.get(column.name) ?? []), index]);
    if (!titles.has(column.name)) titles.set(column.name, cell.trim());
  });
  const missing = columns.filter((c) => c.required && !at.has(c.name)).map((c) => c.name);
  return { sheet, row: row.row, at, titles, unknown, missing };
}

interface Opened {
  readonly header: Header | null; // null when no row holds a known column
  readonly rows: Iterable<SheetRow>;
}

function openSheet(sheet: Sheet, label: string, columns: readonly Column[]): Opened {
  const rows = sheet.rows[Symbol.iterator]();
  const head: SheetRow[] = [];
  while (head.length < headerRows) {
    const next = rows.next();
    if (next.done) break;
    head.push(next.value);
  }
  const candidates = head.map((r) => headerOf(r, label, columns));
  const best = candidates.reduce<Header | null>((a, b) => (b.at.size > (a?.at.size ?? 0) ? b : a), null);
  const after = head.filter((r) => r.row > (best?.row ?? 0));
  return { header: best, rows: chain(after, rows) };
}

export interface OpenTable {
  readonly sheets: readonly { readonly label: string; readonly header: Header; readonly rows: Iterable<SheetRow> }[];
  readonly refused: readonly Refused[];
  readonly notes: readonly string[];
}

/**
 * The sheets with their headers. A missing required column is a refusal that names it; beside another usable sheet, one
 * that looks like something else (a legend, a list of choices) is only mentioned.
 */
export function openTable(table: Table, columns: readonly Column[]): OpenTable {
  const many = table.sheets.length > 1;
  const all = table.sheets.map((sheet) => {
    const label = many ? sheet.name : '';
    return { label, ...openSheet(sheet, label, columns) };
  });
  const required = columns.filter((c) => c.required).map((c) => c.name);
  const usable = all.flatMap((s) => (s.header && s.header.missing.length === 0 ? [{ ...s, header: s.header }] : []));
  const refused: Refused[] = [];
  const notes: string[] = [];
  for (const { label, header } of all) {
    const missing = header?.missing ?? required;
    if (missing.length > 0 && usable.length > 0 && missing.length * 2 > required.length) {
      notes.push(`工作表“${label}”没有需要的列，已跳过`);
      continue;
    }
    for (const column of missing) refused.push(noColumn(label, header?.row ?? 1, column));
    if (missing.length === 0 && header && header.unknown.length > 0) {
      notes.push(`这些列没有用到：${header.unknown.join('、')}`);
    }
  }
  return { sheets: usable, refused, notes };
}

export function noColumn(sheet: string, row: number, column: string): Refused {
  const message = `没有找到“${column}”这一列，请在表头补上（表头要在前5行内）`;
  return { sheet, row, column, code: 'no-column', message };
}

function* chain(first: readonly SheetRow[], rest: Iterator<SheetRow>): Generator<SheetRow> {
  yield* first;
  for (let n = rest.next(); !n.done; n = rest.next()) yield n.value;
}

/** Records with import columns as keys, as a table: the way a generator or another program hands over rows. */
export function tableOf(columns: readonly string[], records: Iterable<Readonly<Record<string, string>>>): Table {
  function* rows(): Generator<SheetRow> {
    yield { row: 1, cells: columns };
    let row = 2;
    for (const r of records) yield { row: row++, cells: columns.map((c) => r[c] ?? '') };
  }
  return { sheets: [{ name: '', rows: rows() }] };
}
