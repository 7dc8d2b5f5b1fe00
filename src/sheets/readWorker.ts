// Owns the thread that reads an .xlsx, so that a large or hostile file can neither hold up the bot nor take its memory.
// An entry file: the build makes dist/readWorker.js of it, beside the bundle that starts it.
import { parentPort, workerData } from 'node:worker_threads';
import type { SheetRow } from '../domain/importTable.ts';
import { rowsOf, sheetsOf, TooMany } from './xlsx.ts';
import { Zip, ZipFault } from './zip.ts';

export interface ReadOrder {
  readonly bytes: Uint8Array;
  readonly limits: { readonly unpacked: number; readonly rows: number; readonly columns: number };
}
export type ReadNews =
  | { readonly type: 'sheets'; readonly names: readonly string[] }
  | { readonly type: 'rows'; readonly sheet: number; readonly rows: readonly SheetRow[] }
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: 'not-zip' | 'locked' | 'too-big' | 'rows' | 'columns' | 'not-book' };

const batch = 1000;
const tell = (news: ReadNews): void => parentPort?.postMessage(news);

async function read({ bytes, limits }: ReadOrder): Promise<void> {
  const zip = new Zip(bytes, limits.unpacked);
  const sheets = await sheetsOf(zip);
  if (!sheets || sheets.length === 0) return tell({ type: 'refused', code: 'not-book' });
  tell({ type: 'sheets', names: sheets.map((s) => s.name) });
  let [now, rows]: [number, SheetRow[]] = [0, []];
  const flush = () => {
    if (rows.length > 0) tell({ type: 'rows', sheet: now, rows });
    rows = [];
  };
  for await (const [sheet, row] of rowsOf(zip, sheets, limits)) {
    if (sheet !== now || rows.length === batch) flush();
    now = sheet;
    rows.push(row);
  }
  flush();
  tell({ type: 'done' });
}

read(workerData as ReadOrder).catch((error: unknown) => {
  if (error instanceof ZipFault) tell({ type: 'refused', code: error.code });
  else if (error instanceof TooMany) tell({ type: 'refused', code: error.what });
  // Anything zlib says about the bytes: the container was right, its content is not.
  else tell({ type: 'refused', code: 'not-zip' });
});
