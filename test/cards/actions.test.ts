// The button contract from the clicking side: whatever comes in, it is one of our actions or a reason.
import { describe, expect, test } from 'vitest';
import { call, fieldName, itemOf, parseAction, parseFields, wireName, wireValue } from '../../cards/actions.ts';

const submit = call('screening.submit', { s: 'k3v9x0q2m8a1', h: 'k7', r: 3 });
const read = (value: unknown, name: unknown = null, form: unknown = null) =>
  parseAction({ value, name: name as string | null, form: form as Record<string, unknown> | null });

describe('a click', () => {
  test('is read from its value', () => {
    expect(read(wireValue(submit), null, { q: 1 })).toEqual({
      ok: true,
      name: 'screening.submit',
      value: submit.value,
      form: { q: 1 },
    });
  });
  test('without a value is read from the submit button’s name', () => {
    expect(wireName(submit)).toBe('screening.submit~k3v9x0q2m8a1~k7~3');
    expect(read(undefined, wireName(submit))).toMatchObject({
      ok: true,
      name: 'screening.submit',
      value: submit.value,
    });
    expect(read({}, wireName(submit))).toMatchObject({ ok: true, name: 'screening.submit' });
  });
  test('with both is read from the value', () => {
    expect(read(wireValue(submit), 'screening.more~x~y~9')).toMatchObject({
      name: 'screening.submit',
      value: { r: 3 },
    });
  });
  test('brings no form along with an ordinary button', () => {
    expect(read({ a: 'help.open', v: 1, p: {} }, null, { q: 1 })).toEqual({
      ok: true,
      name: 'help.open',
      value: {},
      form: {},
    });
  });
  test('brings nothing beyond what the action declares', () => {
    expect(read({ a: 'help.open', v: 1, p: { person: 'ou_x' } })).toMatchObject({ value: {} });
  });
  test('of a submit without any fields has an empty form', () => {
    for (const form of [null, undefined, 'x', ['y'], 7])
      expect(read(wireValue(submit), null, form)).toMatchObject({ ok: true, form: {} });
  });
});

describe('what is not ours', () => {
  const deep = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`);
  const strange = [
    undefined,
    null,
    0,
    '',
    'screening.submit',
    [],
    {},
    { a: 1 },
    { a: null },
    { a: '' },
    { a: 'nope', v: 1 },
    deep,
  ];
  test.each(strange.map((value) => ({ value })))('is unknown: value %#', ({ value }) => {
    expect(read(value)).toEqual({ ok: false, reason: 'unknown' });
  });
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('is unknown: %s is no action', (a) => {
    expect(read({ a, v: 1 })).toEqual({ ok: false, reason: 'unknown' });
    expect(read(undefined, `${a}~x~y~1`)).toEqual({ ok: false, reason: 'unknown' });
  });
  test('is unknown: a card of another version', () => {
    for (const v of [0, 2, '1', undefined])
      expect(read({ ...wireValue(submit), v })).toEqual({ ok: false, reason: 'unknown' });
  });
  test('an unread value of ours is not replaced by the name', () => {
    expect(read({ ...wireValue(submit), v: 2 }, wireName(submit))).toEqual({ ok: false, reason: 'unknown' });
  });
  const shapes = [
    { s: '' },
    { s: 7 },
    { s: 'x'.repeat(65) },
    { h: 'x'.repeat(17) },
    { r: -1 },
    { r: 1.5 },
    { r: '3' },
    { r: null },
  ];
  test.each(shapes)('has the wrong shape: %o', (wrong) => {
    expect(read({ ...wireValue(submit), p: { ...submit.value, ...wrong } })).toEqual({ ok: false, reason: 'shape' });
  });
  test('has the wrong shape: a payload that is none', () => {
    for (const p of [undefined, null, 'x', 7, []]) {
      expect(read({ ...wireValue(submit), p })).toEqual({ ok: false, reason: 'shape' });
    }
  });
  const names = [
    '',
    '~',
    '~~~',
    'screening.submit~a',
    'screening.submit~a~b~c',
    'screening.submit~a~b~1~2',
    'screening.submit~%E0%~b~1',
    'screening.skip~a~b~1',
    `screening.submit~${'a'.repeat(90)}~b~1`,
    'screening.submit~a~b~-1',
    'screening.submit~a~b~1e3',
  ];
  test.each(names)('is refused by name without a throw: %s', (name) => {
    expect(read(undefined, name)).toMatchObject({ ok: false });
  });
});

describe('a button', () => {
  test('cannot be made with a value its own handler would refuse', () => {
    expect(() => wireValue(call('screening.skip', { s: '', h: 'k7', r: 3 }))).toThrow();
  });
  test('has a name of at most 100 characters', () => {
    expect(() => wireName(call('screening.submit', { s: '组'.repeat(30), h: 'k7', r: 3 }))).toThrow(RangeError);
  });
  test('keeps keys of the payload apart from its own', () => {
    const village = call('village.open', { c: 'xinfeng-2023-13', v: '360722100201' });
    expect(read(wireValue(village))).toMatchObject({ name: 'village.open', value: village.value });
    const area = call('progress.open', { c: 'xinfeng-2023-13', a: '360722' });
    expect(read(wireValue(area))).toMatchObject({ name: 'progress.open', value: area.value });
  });
  test('keeps ids with the seam’s own sign apart', () => {
    const odd = call('screening.more', { s: 'a~b%~', h: '组1', r: 0 });
    expect(read(undefined, wireName(odd))).toMatchObject({ ok: true, value: odd.value });
  });
});

describe('a field name', () => {
  const ids = [
    'L1-04',
    'L1-04.cause',
    'L1-S1',
    'reason',
    'day',
    'a_b',
    'a__zb',
    '_',
    '题1',
    'q_zL1_z2',
    'L1_m04',
    '😀',
  ];
  test.each(ids)('carries %s there and back in the safe letters', (id) => {
    for (const h of ['k7', '', '3_z', '组']) {
      const name = fieldName(id, h, 12);
      expect(name).toMatch(/^[A-Za-z0-9_]+$/);
      expect(itemOf(name, h, 12)).toBe(id);
    }
  });
  test('differs for every item, household and rev', () => {
    const names = ids.flatMap((id) => ['k7', 'k_7', 'k'].flatMap((h) => [1, 11].map((r) => fieldName(id, h, r))));
    expect(new Set(names).size).toBe(names.length);
  });
  test('of another household or an earlier rev is dropped, as are foreign names', () => {
    const form = {
      [fieldName('L1-04', 'k7', 3)]: '否',
      [fieldName('L1-05', 'k7', 2)]: 'old rev',
      [fieldName('L1-05', 'k8', 3)]: 'other household',
      'L1-05': 'bare',
      q_zL1_m05_zk7_z03: 'not how we write it',
      __proto__x: 1,
      '': 2,
    };
    expect(parseFields(form, 'k7', 3)).toEqual({ 'L1-04': '否' });
  });
  test('cannot reach the prototype', () => {
    const fields = parseFields({ [fieldName('__proto__', 'k7', 3)]: { evil: true } }, 'k7', 3);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect('evil' in fields).toBe(false);
  });
});
