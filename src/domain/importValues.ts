// Owns how one cell becomes a value: dates, yes/no, lists, numbers, area codes, identity numbers, phones. Pure. A cell
// it cannot read is refused with a sentence that says what to write instead; nothing here knows a particular column.
import { daysIn, disabilityCertFault, type IdFault, idFault, phoneKind } from './idNumber.ts';
import { type Header, LOST, type Refused, type SheetRow } from './importTable.ts';

/** Local day 'yyyy-mm-dd' of 2023-07-15, 2023.7.15, 2023/7/15, 2023年7月15日, 20230715, 202307 (first of month) or an Excel serial; null else. */
export function dayOf(text: string): string | null {
  const parts =
    /^(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})?日?)?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})?$/.exec(text);
  if (parts) return validDay(Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1));
  return /^[2-6]\d{4}$/.test(text) ? dayOfSerial(Number(text)) : null;
}

function validDay(year: number, month: number, day: number): string | null {
  if (year < 1880 || year > 2100 || day < 1 || day > daysIn(year, month)) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Excel counts days from 1899-12-30; civil calendar after Howard Hinnant's days algorithm. */
export function dayOfSerial(serial: number): string | null {
  const z = Math.floor(serial) - 25_569 + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return validDay(yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1);
}

/** 12-digit codes that end in zeros name the township (9) or the county (6). */
export function areaCodeOf(text: string): string {
  if (!/^\d{12}$/.test(text)) return text;
  if (text.endsWith('000000')) return text.slice(0, 6);
  return text.endsWith('000') ? text.slice(0, 9) : text;
}

export const listOf = (text: string): string[] =>
  text
    .split(/[、，,;；]/)
    .map((t) => t.trim())
    .filter((t) => t !== '');

const faults: Record<IdFault, string> = {
  length: '不是18位，请核对',
  birthday: '里的出生日期不存在，请核对',
  check: '最后一位与前面的数字对不上，可能抄错了一位，请核对',
};

/** Reads the cells of one sheet row by row; every reading that fails adds one refusal and yields a harmless value. */
export class RowReader {
  row = 0;
  private cells: readonly string[] = [];
  private readonly header: Header;
  private readonly refused: Refused[];

  constructor(header: Header, refused: Refused[]) {
    this.header = header;
    this.refused = refused;
  }

  /** False for a row without any text. */
  enter(row: SheetRow): boolean {
    this.row = row.row;
    this.cells = row.cells;
    return row.cells.some((c) => c.trim() !== '');
  }

  refuse(column: string, code: string, message: string): void {
    const title = this.header.titles.get(column) ?? column;
    this.refused.push({ sheet: this.header.sheet, row: this.row, column: title, code, message });
  }

  has(column: string): boolean {
    return this.header.at.has(column);
  }

  /** Trimmed text of the first filled cell under the column; '' when there is none. */
  text(column: string): string {
    for (const at of this.header.at.get(column) ?? []) {
      const cell = (this.cells[at] ?? '').trim();
      if (cell === '') continue;
      if (!cell.startsWith(LOST)) return cell;
      this.refuse(column, 'lost-digits', '数字太长，表格里只保住了前15位。请把这一列设为“文本”格式，再重新填写');
      return '';
    }
    return '';
  }

  /** Text that must be there. */
  need(column: string): string {
    const before = this.refused.length;
    const text = this.text(column);
    if (text === '' && this.refused.length === before) this.refuse(column, 'empty', `“${column}”没有填，请补充`);
    return text;
  }

  day(column: string): string | undefined {
    const text = this.text(column).normalize('NFKC');
    if (text === '') return undefined;
    const day = dayOf(text);
    if (!day) this.refuse(column, 'date', `“${text}”不是日期，请写成 2023-07-15、2023.7.15 或 202307`);
    return day ?? undefined;
  }

  flag(column: string): boolean | undefined {
    const text = this.text(column);
    if (text === '是' || text === '否') return text === '是';
    if (text !== '') this.refuse(column, 'yes-no', `“${text}”请改为 是 或 否，没有就留空`);
    return undefined;
  }

  number(column: string): number | undefined {
    const text = this.text(column).normalize('NFKC').replace(/,/g, '').replace(/元$/, '');
    if (text === '') return undefined;
    if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    this.refuse(column, 'number', `“${text}”不是数字，请只填数字`);
    return undefined;
  }

  oneOf(column: string, values: readonly string[]): string | undefined {
    const text = this.text(column);
    if (text === '' || values.includes(text)) return text === '' ? undefined : text;
    this.refuse(column, 'choice', `“${text}”不在可填的内容里，请从 ${values.join('、')} 中选一个`);
    return undefined;
  }

  id(column: string): string | undefined {
    return this.numbered(column, idFault);
  }

  disabilityCert(column: string): string | undefined {
    return this.numbered(column, disabilityCertFault);
  }

  private numbered(column: string, fault: (id: string) => IdFault | null): string | undefined {
    const id = this.text(column).normalize('NFKC').toUpperCase().replace(/\s/g, '');
    if (id === '') return undefined;
    const wrong = fault(id);
    if (!wrong) return id;
    const sentence = wrong === 'length' && column === '残疾证号' ? '应为20位（换证的为22位），请核对' : faults[wrong];
    this.refuse(column, `id-${wrong}`, `${column}${sentence}`);
    return undefined;
  }

  phone(column: string): string | undefined {
    const phone = this.text(column).normalize('NFKC').replace(/\s/g, '');
    if (phone === '') return undefined;
    if (phoneKind(phone)) return phone;
    this.refuse(column, 'phone', '电话请填11位手机号（可以是 139****1234）或带区号的座机');
    return undefined;
  }
}
