// Owns how one cell of an .xlsx becomes text. Pure; the hot loop of reading a workbook.
import { LOST } from '../domain/importTable.ts';
import { dayOfSerial } from '../domain/importValues.ts';
import { elements, unescapeXml } from './xml.ts';

export interface Formats {
  readonly dates: readonly boolean[]; // by style index
  readonly from1904: boolean;
}

/** Excel keeps 15 digits: a longer whole number has lost its last ones. */
const wholeDigits = 1e15;

export class CellReader {
  private readonly formats: Formats;
  private readonly strings: readonly string[];
  private readonly columns: number;

  constructor(formats: Formats, strings: readonly string[], columns: number) {
    this.formats = formats;
    this.strings = strings;
    this.columns = columns;
  }

  /** Cells of one row by column; [] when none is filled. */
  read(row: string): string[] | 'too-wide' {
    const cells: string[] = [];
    let column = 0;
    for (const { attributes, body } of elements(row, 'c')) {
      const ref = /\sr="([A-Z]{1,3})\d*"/.exec(attributes)?.[1];
      column = ref ? columnOf(ref) : column + 1;
      const text = body === '' ? '' : this.text(attributes, body);
      if (text === '') continue;
      if (column > this.columns) return 'too-wide';
      while (cells.length < column) cells.push('');
      cells[column - 1] = text;
    }
    return cells;
  }

  private text(attributes: string, body: string): string {
    const type = /\st="(\w+)"/.exec(attributes)?.[1] ?? 'n';
    if (type === 'inlineStr')
      return [...elements(body, 't')]
        .map((t) => unescapeXml(t.body))
        .join('')
        .trim();
    const value = /<(?:\w+:)?v\b[^>]*>([\s\S]*?)<\/(?:\w+:)?v>/.exec(body)?.[1] ?? '';
    if (value === '') return '';
    if (type === 's') return (this.strings[Number(value)] ?? '').trim();
    if (type === 'b') return value === '1' ? '是' : '否';
    if (type === 'd') return value.slice(0, 10);
    if (type !== 'n') return unescapeXml(value).trim();
    const style = Number(/\ss="(\d+)"/.exec(attributes)?.[1] ?? -1);
    return this.formats.dates[style] ? this.day(value) : numberText(value);
  }

  private day(value: string): string {
    const serial = Number(value) + (this.formats.from1904 ? 1462 : 0);
    return (serial >= 1 ? dayOfSerial(serial) : null) ?? numberText(value);
  }
}

function columnOf(letters: string): number {
  let n = 0;
  for (let i = 0; i < letters.length; i++) n = n * 26 + letters.charCodeAt(i) - 64;
  return n;
}

/** 3 for 3.0, 0.3 for 0.30000000000000004; a number too long for Excel is marked. */
function numberText(value: string): string {
  const n = Number(value);
  if (!Number.isFinite(n)) return value;
  if (Math.abs(n) >= wholeDigits) return LOST + value;
  return Number.isInteger(n) ? n.toFixed(0) : String(Number(n.toPrecision(15)));
}
