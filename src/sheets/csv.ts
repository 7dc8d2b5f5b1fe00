// Owns reading a .csv: which encoding it is in, which sign separates, every cell as text. Node only.
import { parse } from 'csv-parse/sync';
import { LOST, type SheetRow } from '../domain/importTable.ts';

/** UTF-8 (with or without mark), UTF-16 with mark, else GB18030; null when it is no text at all. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  const text = decoded('utf-8', bytes) ?? decoded('gb18030', bytes);
  return text?.includes('\0') ? null : text;
}

function decoded(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Rows as Excel counts them: one per record, blank ones included in the count. Null when the quotes do not close. */
export function csvRows(text: string): SheetRow[] | null {
  const head = text.slice(0, Math.max(0, text.indexOf('\n')));
  const delimiter = !head.includes(',') && head.includes('\t') ? '\t' : ',';
  let records: string[][];
  try {
    records = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: false });
  } catch {
    return null;
  }
  const rows: SheetRow[] = [];
  records.forEach((record, i) => {
    const cells = record.map(cellText);
    if (cells.some((c) => c !== '')) rows.push({ row: i + 1, cells });
  });
  return rows;
}

/** ="360722…" and '360722… are how people keep digits; 3.60722E+17 is what is left when they did not. */
function cellText(cell: string): string {
  const text = cell.trim();
  const kept = /^="(.*)"$/.exec(text)?.[1] ?? (text.startsWith("'") ? text.slice(1) : text);
  return /^\d(\.\d+)?[Ee]\+\d{2}$/.test(kept) ? LOST + kept : kept;
}
