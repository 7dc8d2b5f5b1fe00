// What the platform accepts and refuses of a card, as the protocol lists it.
import { expect, test } from 'vitest';
import { countTables } from '../../simulator/cardMarkdown.ts';
import { countTagged, validateCard } from '../../simulator/cardValidator.ts';

const plain = (content: string) => ({ tag: 'plain_text', content });
const callback = [{ type: 'callback', value: { a: 'go' } }];
const button = (more = {}) => ({ tag: 'button', text: plain('按钮'), behaviors: callback, ...more });
const submit = (more = {}) => button({ name: 'ok', form_action_type: 'submit', ...more });
const md = (content: string) => ({ tag: 'markdown', content });
const form = (...elements: unknown[]) => ({ tag: 'form', name: 'f', elements });
const columns = (...elements: unknown[]) => ({ tag: 'column_set', columns: [{ tag: 'column', elements }] });
const table = (more = {}) => ({
  tag: 'table',
  columns: [{ name: 'a', display_name: '甲', data_type: 'text' }],
  rows: [{ a: '1' }],
  ...more,
});
const withBody = (...elements: unknown[]) => ({ schema: '2.0', body: { elements } });
const strict = { profile: 'strict' } as const;

/** feishu-protocol §6.11, word for word. */
const reference = {
  schema: '2.0',
  config: { update_multi: true, width_mode: 'default', summary: { content: 'Expense form' } },
  header: {
    title: plain('Expense'),
    template: 'blue',
    text_tag_list: [{ tag: 'text_tag', text: plain('open'), color: 'blue' }],
  },
  body: {
    direction: 'vertical',
    vertical_spacing: '12px',
    elements: [
      { tag: 'markdown', element_id: 'intro', content: 'Fill in **all** fields' },
      {
        tag: 'form',
        name: 'f1',
        elements: [
          {
            tag: 'select_static',
            name: 'kind',
            required: true,
            placeholder: plain('Kind'),
            options: [{ text: plain('Taxi'), value: 'taxi' }],
          },
          { tag: 'date_picker', name: 'day', placeholder: plain('Day') },
          { tag: 'input', name: 'amount', required: true, label: plain('Amount'), max_length: 12 },
          {
            tag: 'button',
            name: 'submit__f1',
            type: 'primary_filled',
            form_action_type: 'submit',
            text: plain('Submit'),
            behaviors: [{ type: 'callback', value: { a: 'expense.submit', v: '1' } }],
          },
        ],
      },
      { tag: 'button', text: plain('Dismiss'), behaviors: [{ type: 'callback', value: { a: 'expense.dismiss' } }] },
    ],
  },
};

test('the reference card is valid in both profiles', () => {
  expect(validateCard(reference, strict)).toBeNull();
  expect(validateCard(reference, { profile: 'compat' })).toBeNull();
});

const valid: readonly [string, object][] = [
  ['a card without a body', { schema: '2.0', header: { title: plain('题') } }],
  ['five tables', withBody(...Array.from({ length: 5 }, () => table()))],
  ['200 tagged objects', withBody(...Array.from({ length: 200 }, () => ({ tag: 'hr' })))],
  ['a column in a form holding the submit button', withBody(form(columns(submit())))],
  ['a table in a code fence is no table', withBody(...Array.from({ length: 6 }, () => md('```\n|a|b|\n|-|-|\n```')))],
  [
    'a panel in a container in a column',
    withBody(
      columns({
        tag: 'interactive_container',
        behaviors: callback,
        elements: [{ tag: 'collapsible_panel', header: { title: plain('题') }, elements: [md('文')] }],
      }),
    ),
  ],
  ['a chart', withBody({ tag: 'chart', chart_spec: { type: 'pie', data: { values: [] }, valueField: 'v' } })],
  [
    'an own colour used before it is defined',
    {
      schema: '2.0',
      body: { elements: [{ tag: 'column_set', background_style: 'mine', columns: [] }] },
      config: { style: { color: { mine: { light_mode: 'rgba(1,2,3,0.5)', dark_mode: 'rgba(1,2,3,1)' } } } },
    },
  ],
];
test.each(valid)('accepted: %s', (_, card) => {
  expect(validateCard(card, { ...strict, knownIds: new Set(['ou_known']) })).toBeNull();
});

const invalid: readonly [string, number, string, unknown][] = [
  ['root elements', 200621, 'unknown property: elements, path: []', { schema: '2.0', elements: [] }],
  ['the tag action', 200861, 'ROOT -> body -> elements -> [0](tag: action)', withBody({ tag: 'action', actions: [] })],
  ['a form inside a column', 200621, 'form is not allowed in column', withBody(columns(form(submit())))],
  ['a form without a submit button', 11310, 'there is no submit button', withBody(form({ tag: 'input', name: 'i' }))],
  [
    'two inputs with one name',
    200621,
    'duplicate name: i',
    withBody(form({ tag: 'input', name: 'i' }, { tag: 'input', name: 'i' }, submit())),
  ],
  ['a nameless input in a form', 200530, 'ErrCode: 200530', withBody(form({ tag: 'input' }, submit()))],
  [
    'a nameless input in a column in a form',
    200530,
    'ErrCode: 200530',
    withBody(form(columns({ tag: 'input' }), submit())),
  ],
  ['a table in a column', 200621, 'table is not allowed in column', withBody(columns(table()))],
  [
    'six tables',
    11310,
    'card table number over limit; ErrorValue: table',
    withBody(...Array.from({ length: 6 }, () => table())),
  ],
  [
    'six tables, three of them in markdown',
    11310,
    'card table number over limit',
    withBody(
      ...Array.from({ length: 3 }, () => table()),
      ...Array.from({ length: 3 }, () => md('|a|b|\n|-|-|\n|1|2|')),
    ),
  ],
  ['201 elements', 11310, 'element exceeds the limit', withBody(...Array.from({ length: 201 }, () => ({ tag: 'hr' })))],
  ['element_id 1a', 200621, 'element_id', withBody({ ...md('x'), element_id: '1a' })],
  [
    'one element_id twice',
    300301,
    'Duplicate element_id',
    withBody({ ...md('x'), element_id: 'a' }, { ...md('x'), element_id: 'a' }),
  ],
  ['img without alt', 200621, 'missing property: alt', withBody({ tag: 'img', img_key: 'img_v3_x' })],
  [
    'a column_set child that is no column',
    200621,
    'column_set holds columns only',
    withBody({ tag: 'column_set', columns: [md('x')] }),
  ],
  ['a column outside a column_set', 200621, 'column is not allowed in root', withBody({ tag: 'column', elements: [] })],
  ['update_multi false', 300302, 'update_multi property is false', { schema: '2.0', config: { update_multi: false } }],
  ['a missing schema', 200830, 'ErrCode: 200830', { body: { elements: [] } }],
  ['an unknown person in at', 100290, 'ErrorValue: ou_unknown', withBody(md('<at id=ou_unknown></at>'))],
  [
    'an unknown person among ids',
    100290,
    'ErrorValue: ou_unknown',
    withBody(md('<at ids="ou_known,ou_unknown"></at>')),
  ],
  ['an unknown person', 100290, 'ErrorValue: ou_unknown', withBody({ tag: 'person', user_id: 'ou_unknown' })],
  [
    'an unknown person in lark_md',
    100290,
    'ErrorValue: ou_unknown',
    withBody({ tag: 'div', text: { tag: 'lark_md', content: '<at id=ou_unknown></at>' } }),
  ],
  ['a button typo', 200621, 'unknown property: typo, path: [body, elements, [0]]', withBody(button({ typo: true }))],
  ['a button that does nothing', 200621, 'a button needs behaviors', withBody({ tag: 'button', text: plain('x') })],
  [
    'a string as callback value',
    200621,
    'must be an object',
    withBody(button({ behaviors: [{ type: 'callback', value: 'x' }] })),
  ],
  ['a legacy value on a button', 200621, 'unknown property: value', withBody(button({ value: {} }))],
  [
    'wide_screen_mode',
    200621,
    'unknown property: wide_screen_mode',
    { schema: '2.0', config: { wide_screen_mode: true } },
  ],
  ['an unknown tag', 200621, 'not support tag: code_block', withBody({ tag: 'code_block' })],
  [
    'a multi select outside a form',
    200621,
    'only allowed in a form',
    withBody({ tag: 'multi_select_static', name: 'm', options: [] }),
  ],
  ['a date picker that says nothing', 200621, 'missing property: placeholder', withBody({ tag: 'date_picker' })],
  [
    'two options with one value',
    200621,
    'two options',
    withBody({
      tag: 'select_static',
      options: [
        { text: plain('a'), value: '1' },
        { text: plain('b'), value: '1' },
      ],
    }),
  ],
  ['a row with a foreign key', 200915, 'ErrorValue: b', withBody(table({ rows: [{ b: 1 }] }))],
  [
    'a number cell holding text',
    200914,
    'a is not number',
    withBody(table({ columns: [{ name: 'a', data_type: 'number' }] })),
  ],
  ['a wrong chart spec', 200550, '(tag: chart)', withBody({ tag: 'chart', chart_spec: { type: 'pie', axes: null } })],
  [
    'a script link',
    200621,
    'not a link',
    withBody(button({ behaviors: [{ type: 'open_url', default_url: 'javascript:alert(1)' }] })),
  ],
  [
    'a colour that does not exist',
    200621,
    'is not a color',
    withBody({ tag: 'column_set', background_style: 'pink', columns: [] }),
  ],
  ['six levels of containers', 200621, 'at most 5 levels', withBody(nested(6))],
  ['no object at all', 200621, 'a card must be an object', null],
];

function nested(depth: number): object {
  const inner = depth === 1 ? [md('x')] : [nested(depth - 1)];
  return { tag: 'interactive_container', behaviors: callback, elements: inner };
}

test.each(invalid)('refused: %s (%i)', (...[, sub, words, card]) => {
  const fault = validateCard(card, { ...strict, knownIds: new Set(['ou_known']) });
  expect(fault).toMatchObject({ code: 230099, sub });
  expect(fault?.ext).toContain(words);
});

const at = '<at id=all></at> 请看';
test('everyone may be mentioned only where the group allows it', () => {
  expect(validateCard(withBody(md(at)), { ...strict, atAll: true })).toBeNull();
  expect(validateCard(withBody(md(at)), { ...strict, atAll: false })?.ext).toContain('at all');
});

test('a card over 30 KB is too long rather than malformed', () => {
  expect(validateCard(withBody(md('长'.repeat(10_300))), strict)).toMatchObject({ code: 230025 });
});

test('the compat profile takes the legacy properties official examples still have, and nothing else', () => {
  const legacy = withBody(button({ value: { a: 1 }, url: '' }), { tag: 'multi_select_static', name: 'm', options: [] });
  expect(validateCard(legacy, { profile: 'compat' })).toBeNull();
  expect(validateCard(withBody(button({ typo: 1 })), { profile: 'compat' })).toMatchObject({ sub: 200621 });
});

test('text objects count as elements, table rows do not', () => {
  expect(countTagged(withBody(button()))).toBe(2);
  expect(countTagged(withBody(table({ rows: Array.from({ length: 50 }, () => ({ a: '1' })) })))).toBe(1);
});

test('only a delimiter under a header row makes a markdown table', () => {
  expect(countTables('|甲|乙|\n|---|:-:|\n|1|2|')).toBe(1);
  expect(countTables('甲 | 乙\n--- | ---\n')).toBe(1);
  expect(countTables('题\n---\n文 | 字')).toBe(0);
});
