// What a card's form holds, asks for and sends.
import { describe, expect, it } from 'vitest';
import { fieldsIn, formValue, initialOf, isRequired, labelsIn, missing } from '../../simulator/page/card/form.ts';

const text = (content: string) => ({ tag: 'plain_text', content });
const select = (name: string, more: object = {}) => ({
  tag: 'select_static',
  name,
  placeholder: text('请选择'),
  options: [
    { text: text('是'), value: 'yes' },
    { text: text('否'), value: 'no' },
  ],
  ...more,
});

describe('fields', () => {
  it('are found in reading order, inside columns too', () => {
    const elements = [
      { tag: 'input', name: 'a' },
      {
        tag: 'column_set',
        columns: [
          { tag: 'column', elements: [select('b')] },
          { tag: 'column', elements: [select('c')] },
        ],
      },
      { tag: 'collapsible_panel', elements: [{ tag: 'checker', name: 'd' }] },
      { tag: 'button', name: 'go' },
    ];
    expect(fieldsIn(elements).map((field) => field.name)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('several choices are required unless said otherwise, everything else only when said', () => {
    expect(isRequired({ tag: 'multi_select_static' })).toBe(true);
    expect(isRequired({ tag: 'multi_select_static', required: false })).toBe(false);
    expect(isRequired({ tag: 'select_static' })).toBe(false);
    expect(isRequired({ tag: 'input', required: true })).toBe(true);
  });

  it.each([
    [{ tag: 'input', default_value: '12' }, '12'],
    [select('a', { initial_option: 'no' }), 'no'],
    [select('a', { initial_index: 1 }), 'yes'],
    [select('a', { initial_index: 0 }), ''],
    [{ tag: 'multi_select_static', selected_values: ['x'] }, ['x']],
    [{ tag: 'date_picker', initial_date: '2023-07-12' }, '2023-07-12'],
    [{ tag: 'checker', checked: true }, true],
  ])('start with what the card says: %j', (el, value) => {
    expect(initialOf(el)).toEqual(value);
  });
});

describe('labels', () => {
  const labels = (elements: readonly object[]) => [...labelsIn(elements).values()];

  it('a select is named by the text just before it, without its mark', () => {
    expect(labels([{ tag: 'markdown', content: '**住房安全** &#42;' }, select('a')])).toEqual(['住房安全']);
  });
  it('a text names one field only, and none behind another component', () => {
    expect(labels([{ tag: 'markdown', content: '甲' }, select('a'), select('b')])).toEqual(['甲', '请选择']);
    expect(labels([{ tag: 'markdown', content: '甲' }, { tag: 'hr' }, select('a')])).toEqual(['请选择']);
  });
  it('a text in the column before names the field beside it', () => {
    const column = (el: object) => ({ tag: 'column', elements: [el] });
    const set = { tag: 'column_set', columns: [column({ tag: 'markdown', content: '饮水' }), column(select('a'))] };
    expect(labels([set])).toEqual(['饮水']);
  });
  it('an input’s own label wins', () => {
    expect(
      labels([
        { tag: 'markdown', content: '甲' },
        { tag: 'input', label: text('人数') },
      ]),
    ).toEqual(['人数']);
  });
});

describe('sending', () => {
  const fields = fieldsIn([
    { tag: 'input', name: 'why' },
    select('kind', { required: true }),
    { tag: 'multi_select_static', name: 'many' },
    { tag: 'date_picker', name: 'day' },
    { tag: 'picker_time', name: 'time' },
    { tag: 'picker_datetime', name: 'when' },
    { tag: 'checker', name: 'ok', required: true },
  ]);

  it('an untouched form sends an empty text, an empty list, an unticked box, and leaves the rest out', () => {
    expect(formValue(fields, {})).toEqual({ why: '', many: [], ok: false });
  });
  it('dates and times carry the offset', () => {
    const values = { day: '2024-04-01', time: '00:00', when: '2024-04-29 07:07' };
    expect(formValue(fields, values)).toMatchObject({
      day: '2024-04-01 +0800',
      time: '00:00 +0800',
      when: '2024-04-29 07:07 +0800',
    });
  });
  it('numbers stay text, several choices are a list', () => {
    expect(formValue(fields, { why: '12', many: ['a', 'b'], kind: 'yes' })).toMatchObject({
      why: '12',
      many: ['a', 'b'],
      kind: 'yes',
    });
  });
  it('required fields left empty are named in order; blanks are empty', () => {
    expect(missing(fields, { kind: '' })).toEqual(['kind', 'many', 'ok']);
    expect(missing(fields, { kind: 'yes', many: ['a'], ok: true })).toEqual([]);
    expect(missing(fieldsIn([{ tag: 'input', name: 'a', required: true }]), { a: '  ' })).toEqual(['a']);
  });
});
