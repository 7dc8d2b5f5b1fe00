// Tables people send: real .xlsx bytes read in the real worker thread, real .csv bytes in the encodings of the field.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOST, type Sheet, type Table } from '../../src/domain/importTable.ts';
import { readTable, type TableLimits } from '../../src/sheets/table.ts';

let dir = '';
let worker: URL;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sheets-'));
  const outfile = join(dir, 'readWorker.mjs');
  await build({ entryPoints: ['src/sheets/readWorker.ts'], bundle: true, platform: 'node', format: 'esm', outfile });
  worker = pathToFileURL(outfile);
});
afterAll(() => rm(dir, { recursive: true }));

async function read(bytes: Uint8Array, limits: Partial<TableLimits> = {}): Promise<Table> {
  const result = await readTable(bytes, { worker, limits });
  if (!result.ok) throw new Error(`refused: ${result.refused.message}`);
  return result.table;
}
async function refusedAs(bytes: Uint8Array, limits: Partial<TableLimits> = {}): Promise<string> {
  const result = await readTable(bytes, { worker, limits });
  if (result.ok) return 'read';
  expect(result.refused.message).toMatch(/^[\u4e00-\u9fa5]/);
  return result.refused.code;
}
const cellsOf = (sheet: Sheet | undefined) => [...(sheet?.rows ?? [])].map((r) => [r.row, ...r.cells]);
const utf8 = (text: string) => new TextEncoder().encode(text);

async function book(fill: (workbook: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  fill(workbook);
  return new Uint8Array((await workbook.xlsx.writeBuffer()) as ArrayBuffer);
}

/** A zip with entries as given; sizes of the directory are those of the bytes unless `claim` says otherwise. */
function zipOf(entries: Record<string, string | Uint8Array>, claim?: number): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(claim ?? plain.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(claim ?? plain.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const size = directory.reduce((n, b) => n + b.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
const minimal = (sheet: string | Uint8Array, extra: Record<string, string> = {}) => ({
  'xl/workbook.xml': '<workbook><sheets><sheet name="户" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Target="/xl/worksheets/roster.xml"/></Relationships>',
  'xl/worksheets/roster.xml': sheet,
  ...extra,
});

describe('xlsx', () => {
  test('every cell is text: dates are days, whole numbers have no .0, rich text and formula results are read', async () => {
    const bytes = await book((w) => {
      const s = w.addWorksheet('名单');
      s.getCell('A1').value = '大阿-03-017';
      s.getCell('B1').value = 45122; // a plain number stays one
      s.getCell('C1').value = new Date(Date.UTC(2023, 6, 15));
      s.getCell('C1').numFmt = 'yyyy"年"m"月"d"日"';
      s.getCell('D1').value = 0.1 + 0.2;
      s.getCell('E1').value = { richText: [{ text: '刘桂' }, { text: '例', font: { bold: true } }] };
      s.getCell('F1').value = { formula: '1+2', result: 3 };
      s.getCell('G1').value = true;
      s.getCell('H1').value = '<甲&乙>"';
      s.getCell('J1').value = 4.0;
    });
    expect(cellsOf((await read(bytes)).sheets[0])).toEqual([
      [1, '大阿-03-017', '45122', '2023-07-15', '0.3', '刘桂例', '3', '是', '<甲&乙>"', '', '4'],
    ]);
  });

  test('a number longer than Excel keeps is marked as having lost digits; the same digits as text are whole', async () => {
    const bytes = await book((w) => {
      w.addWorksheet('a').addRow([360722199001011200, '360722199001011234', 139_0000_1234]);
    });
    expect(cellsOf((await read(bytes)).sheets[0])[0]?.slice(1)).toEqual([
      `${LOST}360722199001011200`,
      '360722199001011234',
      '13900001234',
    ]);
  });

  test('rows keep the number Excel shows, through title rows, gaps and merged cells', async () => {
    const bytes = await book((w) => {
      const s = w.addWorksheet('监测对象信息');
      s.mergeCells('A1:D1');
      s.getCell('A1').value = '信丰县监测对象信息';
      s.getRow(3).values = ['户编码', '户主姓名'];
      s.getRow(7).values = ['大阿-01-001', '例'];
    });
    expect(cellsOf((await read(bytes)).sheets[0]).map((r) => r[0])).toEqual([1, 3, 7]);
  });

  test('sheets come in the order and with the names of the workbook', async () => {
    const bytes = await book((w) => {
      for (const name of ['大阿镇', '小江镇 & 其他']) w.addWorksheet(name).addRow([name]);
    });
    const { sheets } = await read(bytes);
    expect(sheets.map((s) => [s.name, cellsOf(s)])).toEqual([
      ['大阿镇', [[1, '大阿镇']]],
      ['小江镇 & 其他', [[1, '小江镇 & 其他']]],
    ]);
  });

  test('a workbook of another program is read: prefixes, inline strings, absolute targets, no shared strings, no refs', async () => {
    const sheet =
      '<x:worksheet><x:sheetData><x:row r="2"><x:c t="inlineStr"><x:is><x:t>户</x:t><x:t>编码</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c></x:row><x:row/></x:sheetData></x:worksheet>';
    expect(cellsOf((await read(zipOf(minimal(sheet)))).sheets[0])).toEqual([[2, '户编码', '7']]);
  });

  test('a workbook that counts its days from 1904 gives the same day', async () => {
    const parts = minimal(
      '<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>43660</v></c></row></sheetData></worksheet>',
      {
        'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>',
      },
    );
    const from1904 = parts['xl/workbook.xml'].replace('<sheets>', '<workbookPr date1904="1"/><sheets>');
    expect(cellsOf((await read(zipOf({ ...parts, 'xl/workbook.xml': from1904 }))).sheets[0])).toEqual([
      [1, '2023-07-15'],
    ]);
  });
});

describe('what is refused', () => {
  test('a zip bomb stops at the limit however small it claims to be', async () => {
    const bomb = zipOf(minimal(Buffer.alloc(20_000_000, ' ')), 1000);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refusedAs(bomb, { unpacked: 1_000_000 })).toBe('file-too-big');
  });

  test('one endless row stops before it fills the memory', async () => {
    const row = `<worksheet><sheetData><row r="1">${'<c><v>1</v></c>'.repeat(300_000)}`;
    expect(await refusedAs(zipOf(minimal(row)))).toBe('file-too-big');
  });

  test('a file that needs more memory than the thread has is refused, and the process lives', async () => {
    const strings = `<sst>${Array.from({ length: 400_000 }, (_, i) => `<si><t>${i}的一段文字，各不相同</t></si>`).join('')}</sst>`;
    const parts = minimal('<worksheet/>', { 'xl/sharedStrings.xml': strings });
    expect(await refusedAs(zipOf(parts), { memoryMb: 16 })).toBe('file-memory');
  });

  test('too many rows or columns', async () => {
    const rows = await book((w) => {
      const s = w.addWorksheet('a');
      for (let i = 0; i < 12; i++) s.addRow(['x']);
    });
    expect(await refusedAs(rows, { rows: 10 })).toBe('file-rows');
    expect(await refusedAs(rows, { rows: 12 })).toBe('read');
    const wide = await book((w) => {
      w.addWorksheet('a').getCell('IZ1').value = 'x';
    });
    expect(await refusedAs(wide)).toBe('file-columns');
  });

  test.each<[string, string, () => Uint8Array]>([
    ['nothing', 'file-empty', () => new Uint8Array()],
    ['an old .xls or a locked workbook', 'file-old', () => new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0])],
    ['a zip cut short', 'file-not-zip', () => zipOf(minimal('<worksheet/>')).slice(0, 200)],
    ['a zip that is no workbook', 'file-not-book', () => zipOf({ 'word/document.xml': '<w/>' })],
    [
      'bytes that are no text',
      'file-text',
      () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00, 0xff, 0xff]),
    ],
    ['a quote that never closes', 'file-quotes', () => utf8('户编码,户主姓名\n"大阿-01-001,例\n')],
  ])('%s', async (_name, code, bytes) => {
    expect(await refusedAs(bytes())).toBe(code);
  });

  test('a damaged stream inside a sound container', async () => {
    const bytes = zipOf(minimal('<worksheet><sheetData><row r="1"><c><v>1</v></c></row></sheetData></worksheet>'));
    const at = Buffer.from(bytes).indexOf('roster.xml') + 'roster.xml'.length;
    bytes.fill(0xff, at + 2, at + 20);
    expect(await refusedAs(bytes)).toBe('file-not-zip');
  });

  test('a file over the size limit', async () => {
    expect(await refusedAs(utf8('户编码\n1\n'), { bytes: 5 })).toBe('file-size');
  });
});

describe('csv', () => {
  const rows = async (bytes: Uint8Array) => cellsOf((await read(bytes)).sheets[0]);
  // 户编码,户主姓名 / 例 in GB18030
  const gbk = new Uint8Array([0xbb, 0xa7, 0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc0, 0xfd, 0x0a]);

  test.each<[string, Uint8Array]>([
    ['UTF-8', utf8('户编码,例\n')],
    ['UTF-8 with mark', utf8('\uFEFF户编码,例\n')],
    ['GB18030', gbk],
    [
      'UTF-16 with mark',
      new Uint8Array([
        0xff,
        0xfe,
        ...new Uint8Array(new Uint16Array([...'户编码,例\n'].map((c) => c.charCodeAt(0))).buffer),
      ]),
    ],
    ['tabs between', utf8('户编码\t例\n')],
  ])('is read in %s', async (_name, bytes) => {
    expect(await rows(bytes)).toEqual([[1, '户编码', '例']]);
  });

  test('rows count as Excel counts them: a quoted line break is one row, a blank line is one too', async () => {
    expect(await rows(utf8('户编码,备注\r\n1,"第一行\n第二行"\r\n\r\n2,x\r\n'))).toEqual([
      [1, '户编码', '备注'],
      [2, '1', '第一行\n第二行'],
      [4, '2', 'x'],
    ]);
  });

  test('digits kept by a trick are unwrapped, digits turned into an exponent are marked', async () => {
    expect(await rows(utf8('="360722199001011234",\'0791,3.60722E+17\n'))).toEqual([
      [1, '360722199001011234', '0791', `${LOST}3.60722E+17`],
    ]);
  });
});
