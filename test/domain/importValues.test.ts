// One cell at a time: dates, yes/no, lists, numbers, identity numbers, phones.
import { describe, expect, test } from 'vitest';
import { checkDigit, disabilityCertFault, idFault, phoneKind } from '../../src/domain/idNumber.ts';
import { headerOf, LOST, type Refused } from '../../src/domain/importTable.ts';
import { areaCodeOf, dayOf, dayOfSerial, listOf, RowReader } from '../../src/domain/importValues.ts';

/** A reader over one row with one column called `column`. */
function cell(column: string, text: string): { reader: RowReader; refused: Refused[] } {
  const refused: Refused[] = [];
  const reader = new RowReader(headerOf({ row: 3, cells: [column] }, '', [{ name: column }]), refused);
  reader.enter({ row: 4, cells: [text] });
  return { reader, refused };
}

describe('dates', () => {
  test.each([
    ['2023-07-15', '2023-07-15'],
    ['2023.7.15', '2023-07-15'],
    ['2023/7/5', '2023-07-05'],
    ['2023年7月15日', '2023-07-15'],
    ['20230715', '2023-07-15'],
    ['202307', '2023-07-01'],
    ['2023-07', '2023-07-01'],
    ['2023年7月', '2023-07-01'],
    ['45122', '2023-07-15'], // as Excel counts days
    ['2023-07-15 00:00:00', '2023-07-15'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', null],
    ['2023-13-01', null],
    ['2023-00-10', null],
    ['去年七月', null],
    ['12', null],
  ])('%s → %s', (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  test('a serial number is the day Excel shows', () => {
    expect([61, 25569, 36526, 45351].map(dayOfSerial)).toEqual([
      '1900-03-01',
      '1970-01-01',
      '2000-01-01',
      '2024-02-29',
    ]);
  });

  test('an unreadable date names its cell and says what to write', () => {
    const { reader, refused } = cell('识别时间', '去年');
    expect(reader.day('识别时间')).toBeUndefined();
    expect(refused).toEqual([
      {
        sheet: '',
        row: 4,
        column: '识别时间',
        code: 'date',
        message: '“去年”不是日期，请写成 2023-07-15、2023.7.15 或 202307',
      },
    ]);
  });
});

describe('yes or no', () => {
  test.each([
    ['是', true, 0],
    ['否', false, 0],
    ['', undefined, 0],
    ['有', undefined, 1],
    ['1', undefined, 1],
  ])('“%s”', (text, value, faults) => {
    const { reader, refused } = cell('居民医保', text);
    expect(reader.flag('居民医保')).toBe(value);
    expect(refused.length).toBe(faults);
  });
});

test('lists are separated by any of 、，,;', () => {
  expect(listOf('因病、因残，因学,因灾;因意外事故；')).toEqual(['因病', '因残', '因学', '因灾', '因意外事故']);
});

test.each([
  ['12,345.5', 12345.5, 0],
  ['６９００', 6900, 0],
  ['6900元', 6900, 0],
  ['约6000', undefined, 1],
])('number %s', (text, value, faults) => {
  const { reader, refused } = cell('人均纯收入', text);
  expect(reader.number('人均纯收入')).toBe(value);
  expect(refused.length).toBe(faults);
});

test('a twelve-digit code that ends in zeros names the township or the county', () => {
  expect(['360722108000', '360722000000', '360722108201', '360722108'].map(areaCodeOf)).toEqual([
    '360722108',
    '360722',
    '360722108201',
    '360722108',
  ]);
});

describe('identity numbers', () => {
  const good = `36079919900101001${checkDigit('36079919900101001')}`;

  test('the published example has the right check digit', () => {
    expect(checkDigit('11010519491231002')).toBe('X');
  });

  test.each([
    [good, null],
    [good.slice(0, 17) + (good.endsWith('0') ? '1' : '0'), 'check'],
    [good.slice(0, 15), 'length'],
    [`360799199013010011`, 'birthday'],
    ['', 'length'],
  ])('%s → %s', (id, fault) => {
    expect(idFault(id)).toBe(fault);
  });

  test('every single mistyped digit is noticed', () => {
    for (let i = 0; i < 17; i++) {
      const wrong = good.slice(0, i) + ((Number(good[i]) + 1) % 10) + good.slice(i + 1);
      expect(idFault(wrong), wrong).not.toBeNull();
    }
  });

  test('a disability certificate has 20 characters, 22 when issued anew', () => {
    expect(disabilityCertFault(`${good}41`)).toBeNull();
    expect(disabilityCertFault(`${good}41B1`)).toBeNull();
    expect(disabilityCertFault(good)).toBe('length');
    expect(disabilityCertFault(`${good}95`)).toBe('length');
  });

  test('a small x and spaces do no harm; the number itself is never repeated in the sentence', () => {
    const { reader } = cell('证件号码', ' 11010519491231002x ');
    expect(reader.id('证件号码')).toBe('11010519491231002X');
    const { reader: other, refused } = cell('证件号码', '110105194912310021');
    expect(other.id('证件号码')).toBeUndefined();
    expect(refused[0]?.code).toBe('id-check');
    expect(refused[0]?.message).not.toMatch(/\d{6}/);
  });

  test('a cell that lost digits asks for the text format', () => {
    const { reader, refused } = cell('证件号码', `${LOST}3.60722E+17`);
    expect(reader.id('证件号码')).toBeUndefined();
    expect(refused.map((r) => [r.code, r.message.includes('文本')])).toEqual([['lost-digits', true]]);
  });
});

test.each([
  ['13900001234', 'whole'],
  ['139****1234', 'masked'],
  ['0797-3312345', 'landline'],
  ['12900001234', null],
  ['1390000123', null],
  ['139***1234', null],
])('phone %s is %s', (phone, kind) => {
  expect(phoneKind(phone)).toBe(kind);
});
