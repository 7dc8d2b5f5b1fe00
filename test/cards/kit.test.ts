// What the kit makes of its parts. What it must refuse to compile stands in kit.types.ts.
import { expect, test } from 'vitest';
import { call } from '../../cards/actions.ts';
import { button, buttons, card, confirmed, multiSelect, select, table } from '../../cards/kit.ts';
import { right } from './kit.types.ts';
import { childOf, nodesOf, tagged } from './outline.ts';

const parts = { title: '大阿村', command: '排查', tags: [], tone: 'blue' } as const;
const bodyOf = (of: object) => nodesOf(childOf(of, 'body').elements);

test('parts that compile make a card; false and null leave nothing behind', () => {
  const [first] = right();
  expect(bodyOf(first ?? {}).map((e) => e.tag)).toEqual(['form', 'column_set', 'table']);
});
test('every form ends with its submit button', () => {
  for (const form of right().slice(1)) {
    expect(tagged(form).filter((n) => n.tag === 'button')).toHaveLength(1);
    expect(nodesOf(childOf({ form }, 'form').elements).at(-1)).toMatchObject({ form_action_type: 'submit' });
  }
});
test('a multi select says whether it is required: left out, the platform takes it for required', () => {
  const name = 'q' as never;
  expect(multiSelect({ name, required: false, hint: '' }, [])).toHaveProperty('required', false);
  expect(select({ name, required: true, hint: '' }, [])).toMatchObject({ required: true, options: [] });
});
test('a caption longer than the platform allows ends with …', () => {
  const made = button('村'.repeat(200), call('help.open', {}));
  expect([...made.text.content]).toHaveLength(100);
});
test('a button that asks first still calls the same action', () => {
  const plain = button('移到本群', call('group.bind', { area: '360722100201', move: true }));
  expect(confirmed(plain, '移到本群？', '确认')).toMatchObject({
    ...plain,
    confirm: { title: { content: '移到本群？' } },
  });
});
test('a table sends its columns alone', () => {
  const made = table({ name: { title: '地区', kind: 'text' } }, [
    { name: '大阿村', code: '360722' } as { name: string },
  ]);
  expect(made.rows).toEqual([{ name: '大阿村' }]);
});
test('every card may be updated for all who see it', () => {
  expect(card({ ...parts, body: [buttons([button('帮助', call('help.open', {}))])] })).toMatchObject({
    schema: '2.0',
    config: { update_multi: true, width_mode: 'default', summary: { content: '大阿村（也可发送：排查）' } },
  });
});
