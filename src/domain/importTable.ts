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

export const headerRows = 5;

const plain = (title: string): string => title.normalize('NFKC').replace(/[\s*:：]+|\(必填\)|\(选填\)/g, '');

/** A map from every accepted header text to its column. */
export function dictionary(columns: readonly Column[]): ReadonlyMap<string, Column> {
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

/** The header among the first rows, and the data rows after it. Null when no row holds a known column. */
export function openSheet(
  sheet: Sheet,
  label: string,
  columns: readonly Column[],
): { header: Header; rows: Iterable<SheetRow> } | null {
  const rows = sheet.rows[Symbol.iterator]();
  const head: SheetRow[] = [];
  while (head.length < headerRows) {
    const next = rows.next();
    if (next.done) break;
    head.push(next.value);
  }
  const candidates = head.map((r) => headerOf(r, label, columns));
  const best = candidates.reduce<Header | null>((a, b) => (b.at.size > (a?.at.size ?? 0) ? b : a), null);
  if (!best) return null;
  const after = head.filter((r) => r.row > best.row);
  return { header: best, rows: chain(after, rows) };
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
