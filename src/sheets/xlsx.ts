// Owns reading an .xlsx row by row: sheets in their order, every cell as text, dates as 2023-07-15, numbers as Excel
// shows them, cells that lost digits marked. Reads the file's own text of a number, which a general library would already
// have turned into a float. Node only.
import type { SheetRow } from '../domain/importTable.ts';
import { CellReader, type Formats } from './xlsxCells.ts';
import { attribute, elements, unescapeXml } from './xml.ts';
import { type Zip, ZipFault } from './zip.ts';

export interface XlsxLimits {
  readonly rows: number; // filled rows of all sheets
  readonly columns: number;
}
/** More rows or columns than we accept. */
export class TooMany extends Error {
  override readonly name = 'TooMany';
  readonly what: 'rows' | 'columns';
  constructor(what: 'rows' | 'columns') {
    super(what);
    this.what = what;
  }
}

export interface XlsxSheet {
  readonly name: string;
  readonly path: string;
}

/** Null when the container is no workbook. */
export async function sheetsOf(zip: Zip): Promise<XlsxSheet[] | null> {
  const book = await zip.whole('xl/workbook.xml');
  if (book === '') return null;
  const targets = new Map<string, string>();
  for (const rel of elements(await zip.whole('xl/_rels/workbook.xml.rels'), 'Relationship')) {
    const target = attribute(rel.attributes, 'Target');
    targets.set(attribute(rel.attributes, 'Id'), target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets: XlsxSheet[] = [];
  for (const s of elements(book, 'sheet')) {
    const path = targets.get(attribute(s.attributes, 'r:id') || attribute(s.attributes, 'id')) ?? '';
    if (zip.has(path) && path.includes('worksheet'))
      sheets.push({ name: unescapeXml(attribute(s.attributes, 'name')), path });
  }
  return sheets;
}

/** Filled rows of every sheet. Throws ZipFault and TooMany. */
export async function* rowsOf(
  zip: Zip,
  sheets: readonly XlsxSheet[],
  limits: XlsxLimits,
): AsyncGenerator<[number, SheetRow]> {
  const cells = new CellReader(await formatsOf(zip), await stringsOf(zip), limits.columns);
  let filled = 0;
  for (const [index, sheet] of sheets.entries()) {
    let row = 0;
    for await (const xml of pieces(zip.text(sheet.path), 'row')) {
      const given = Number(attribute(xml.attributes, 'r'));
      row = given > 0 ? given : row + 1;
      const read = cells.read(xml.body);
      if (read === 'too-wide') throw new TooMany('columns');
      if (read.length === 0) continue;
      if (++filled > limits.rows) throw new TooMany('rows');
      yield [index, { row, cells: read }];
    }
  }
}

/** Characters of one row or string item; 16,384 cells of ordinary text stay far below. */
const longest = 2_000_000;

/** Elements of one name out of a stream of text; keeps no more than one element and the rest of a chunk. */
async function* pieces(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<{ attributes: string; body: string }> {
  let rest = '';
  const close = new RegExp(`</(?:\\w+:)?${name}>`, 'g');
  for await (const part of text) {
    rest += part;
    if (rest.length > longest) throw new ZipFault('too-big');
    close.lastIndex = Math.max(0, rest.length - part.length - 64); // what came before was searched already
    let end = -1;
    for (let m = close.exec(rest); m; m = close.exec(rest)) end = m.index + m[0].length;
    if (end < 0) continue;
    yield* elements(rest.slice(0, end), name);
    rest = rest.slice(end);
  }
}

async function stringsOf(zip: Zip): Promise<string[]> {
  const strings: string[] = [];
  for await (const si of pieces(zip.text('xl/sharedStrings.xml'), 'si')) strings.push(textOf(si.body));
  return strings;
}

/** Text of a string item: its runs together, without the reading aids (rPh) some offices add. */
function textOf(xml: string): string {
  let text = '';
  const spoken = xml.includes('rPh') ? xml.replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, '') : xml;
  for (const t of elements(spoken, 't')) text += t.body;
  return unescapeXml(text);
}

async function formatsOf(zip: Zip): Promise<Formats> {
  const styles = await zip.whole('xl/styles.xml');
  const codes = new Map<number, string>();
  for (const f of elements(styles, 'numFmt')) {
    codes.set(Number(attribute(f.attributes, 'numFmtId')), unescapeXml(attribute(f.attributes, 'formatCode')));
  }
  const own = elements(styles, 'cellXfs').next().value?.body ?? '';
  const dates = [...elements(own, 'xf')].map((x) => isDate(Number(attribute(x.attributes, 'numFmtId')), codes));
  const book = await zip.whole('xl/workbook.xml');
  return { dates, from1904: /<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(1|true)"/.test(book) };
}

/** Built-in date formats (27–36 and 50–58 are the East Asian ones), or a code of one's own with a year or a day in it. */
function isDate(id: number, codes: ReadonlyMap<number, string>): boolean {
  const code = codes.get(id);
  if (code === undefined)
    return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
  return /[yde]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\.|General/g, ''));
}
