// Owns the door to tables people send: bytes of an .xlsx or .csv become sheets of text rows, or one kind sentence. The
// content decides what a file is, not its name. An .xlsx is read in a worker thread with its own memory limit. Node only.
import { Worker } from 'node:worker_threads';
import type { Refused, SheetRow, Table } from '../domain/importTable.ts';
import { csvRows, decodeText } from './csv.ts';
import type { ReadNews, ReadOrder } from './readWorker.ts';

export type ReadTable =
  | { readonly ok: true; readonly table: Table }
  | { readonly ok: false; readonly refused: Refused };

export interface TableLimits {
  readonly bytes: number;
  readonly unpacked: number; // bytes
  readonly rows: number;
  readonly columns: number;
  readonly memoryMb: number;
  readonly ms: number;
}
const tableLimits: TableLimits = {
  bytes: 30 * 1024 * 1024,
  unpacked: 600 * 1024 * 1024,
  rows: 250_000,
  columns: 256,
  memoryMb: 512,
  ms: 180_000,
};

const sentences = {
  empty: '文件是空的，请核对后重新导出',
  size: '文件超过30 MB，请按乡镇分成几个文件导入',
  old: '这是旧版 .xls 或加了密码的文件，请用 Excel 或 WPS 另存为不带密码的 .xlsx',
  text: '读不出文字，请另存为 .xlsx，或用 UTF-8、GBK 编码的 .csv',
  quotes: '有一处引号没有配对，请用 Excel 或 WPS 打开后另存为 .xlsx',
  'not-zip': '文件不完整或已损坏，请用 Excel 或 WPS 打开后重新保存',
  'not-book': '这不是 Excel 工作簿，请另存为 .xlsx 或 .csv',
  locked: '文件加了密码，请另存为不带密码的 .xlsx',
  'too-big': '文件解开后太大，请删去图片和多余的工作表，或按乡镇分成几个文件',
  rows: '超过25万行，请按乡镇分成几个文件导入',
  columns: '超过256列，请只保留需要的列',
  memory: '文件内容太多，读不下来，请按乡镇分成几个文件导入',
  slow: '文件读得太久，已停下，请按乡镇分成几个文件导入',
} as const;
type Reason = keyof typeof sentences;

const refuse = (code: Reason): ReadTable => ({
  ok: false,
  refused: { sheet: '', row: 1, column: '文件', code: `file-${code}`, message: sentences[code] },
});

/** `worker`: the built readWorker; by default it lies beside this bundle. Rejects only when the thread cannot start. */
export async function readTable(
  bytes: Uint8Array,
  options: { readonly worker?: URL; readonly limits?: Partial<TableLimits> } = {},
): Promise<ReadTable> {
  const limits = { ...tableLimits, ...options.limits };
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > limits.bytes) return refuse('size');
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) return refuse('old');
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    return readBook(bytes, options.worker ?? new URL('./readWorker.js', import.meta.url), limits);
  }
  const text = decodeText(bytes);
  if (text === null) return refuse('text');
  const rows = csvRows(text);
  if (!rows) return refuse('quotes');
  if (rows.length > limits.rows) return refuse('rows');
  if (rows.some((r) => r.cells.length > limits.columns)) return refuse('columns');
  return { ok: true, table: { sheets: [{ name: '', rows }] } };
}

function readBook(bytes: Uint8Array, file: URL, limits: TableLimits): Promise<ReadTable> {
  const order: ReadOrder = { bytes, limits: { unpacked: limits.unpacked, rows: limits.rows, columns: limits.columns } };
  const worker = new Worker(file, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb } });
  const sheets: { name: string; rows: SheetRow[] }[] = [];
  return new Promise((resolve, reject) => {
    const answer = (result: ReadTable) => {
      clearTimeout(timer);
      resolve(result);
      void worker.terminate();
    };
    const timer = setTimeout(() => answer(refuse('slow')), limits.ms);
    worker.on('message', (news: ReadNews) => {
      if (news.type === 'sheets') sheets.push(...news.names.map((name) => ({ name, rows: [] })));
      else if (news.type === 'rows') for (const row of news.rows) sheets[news.sheet]?.rows.push(row);
      else answer(news.type === 'refused' ? refuse(news.code) : { ok: true, table: { sheets } });
    });
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return answer(refuse('memory'));
      clearTimeout(timer);
      reject(error);
    });
  });
}
