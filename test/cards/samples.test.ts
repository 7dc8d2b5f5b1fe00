// The generic tests over every sample card: outline, round trip of every callback, limits, golden JSON, empty forms.
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { actions, itemOf, parseAction } from '../../cards/actions.ts';
import { assertFits } from '../../cards/fits.ts';
import { samples } from '../../cards/samples.ts';
import { callback, childOf, type Node, nodesOf, outline, tagged } from './outline.ts';

const json = (card: Node) => `${JSON.stringify(card, null, 1)}\n`;
const buttonsOf = (card: Node) => tagged(card).filter((n) => n.tag === 'button');
const formsOf = (card: Node) => tagged(card).filter((n) => n.tag === 'form');
const fieldsOf = (form: Node) => tagged(form.elements).filter((n) => typeof n.name === 'string' && n.tag !== 'button');

test('every sample has a name of its own, and every action is on some sample', () => {
  expect(new Set(samples.map((s) => s.name)).size).toBe(samples.length);
  const used = new Set(samples.flatMap((s) => buttonsOf(s.card()).map((b) => childOf({ v: callback(b) }, 'v').a)));
  expect([...used].sort()).toEqual(Object.keys(actions).sort());
});

describe.each(samples)('$name', ({ name, audience, card }) => {
  test('reads as its outline says', async () => {
    await expect(outline(card())).toMatchFileSnapshot(`../golden/cards/${name}.txt`);
  });

  test('is the JSON that was agreed', async () => {
    await expect(json(card())).toMatchFileSnapshot(`../golden/cards/${name}.json`);
  });

  test('fits the limits of the platform', () => {
    expect(() => assertFits(card())).not.toThrow();
  });

  test('every button comes back as the action it was made from, by value and by name', () => {
    for (const button of buttonsOf(card())) {
      const value = callback(button);
      const byValue = parseAction({ value, name: null, form: null });
      expect(byValue).toMatchObject({ ok: true });
      if (!byValue.ok) continue;
      expect({ a: byValue.name, v: 1, p: byValue.value }).toEqual(value);
      expect(actions[byValue.name].form).toBe(button.form_action_type === 'submit');
      if (button.form_action_type !== 'submit') continue;
      expect(parseAction({ value: undefined, name: String(button.name), form: null })).toEqual(byValue);
    }
  });

  test('every field of a form is known to the action that reads the form', () => {
    for (const form of formsOf(card())) {
      const submits = tagged(form.elements).filter((n) => n.tag === 'button');
      expect(submits.map((b) => b.form_action_type)).toEqual(['submit']);
      const read = parseAction({ value: callback(submits[0] ?? {}), name: null, form: null });
      if (!read.ok) throw new Error('unread submit');
      const names = fieldsOf(form).map((f) => String(f.name));
      const { h, r } = { h: '', r: 0, ...read.value };
      const items = names.map((n) => ('h' in read.value ? itemOf(n, h, r) : n));
      expect(items.length).toBeGreaterThan(0);
      expect(items).not.toContain(null);
      expect(items).toEqual(expect.arrayContaining([...actions[read.name].fields]));
      for (const n of [...names, String(form.name)]) expect(n).toMatch(/^[A-Za-z0-9_]{1,100}$/);
    }
  });

  test('a form is empty when it arrives', () => {
    const filled =
      /"(default_value|i18n_default_value|initial_option|initial_index|initial_date|initial_time|selected_values|checked)":/;
    if (audience === 'group') expect(JSON.stringify(card())).not.toMatch(filled);
    expect(JSON.stringify({ initial_date: 1 })).toMatch(filled);
  });

  test('somebody’s words stay words: no mention, link, colour, list or table comes of them', () => {
    for (const node of tagged(card()).filter((n) => n.tag === 'markdown')) {
      const html = marked.parse(String(node.content), { async: false, gfm: true });
      const tags = new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map((hit) => hit[1]));
      for (const tag of tags) expect(['p', 'br', 'strong']).toContain(tag);
    }
  });

  test('header and chat list say the sentence and the command that does the same', () => {
    const header = childOf(card(), 'header');
    const title = String(childOf(header, 'title').content);
    const subtitle = String(childOf(header, 'subtitle').content);
    const summary = String(childOf(childOf(card(), 'config'), 'summary').content);
    expect(title).not.toBe('');
    expect(subtitle).toMatch(/也可发送：.+$/);
    expect(summary).toContain(title);
    expect(summary).toContain(subtitle);
    expect(['blue', 'orange', 'grey', 'default']).toContain(header.template);
    expect(nodesOf(header.text_tag_list).length).toBeLessThanOrEqual(3);
  });

  test('blames, ranks and counts nobody', () => {
    const said = JSON.stringify(card()).replaceAll('本工具不打卡、不排名、不计时', '');
    expect(said).not.toMatch(
      /错误|违规|不合格|未完成名单|贫困户|应纳入|落后|问题户|排名|名次|第一名|倒数|红榜|黑榜|打卡/,
    );
  });
});

test('bars of a chart never fall onto one another, and stand in the order of the table', () => {
  const charts = samples.flatMap((s) => {
    const parts = tagged(s.card());
    const listed = nodesOf(parts.find((n) => n.tag === 'table')?.rows);
    const rows = listed.flatMap((r) => (r.name === undefined ? [] : [String(r.name)])); // the same areas as the bars
    return parts.filter((n) => n.tag === 'chart').map((n) => ({ chart: n, rows }));
  });
  expect(charts.length).toBeGreaterThan(2);
  for (const { chart, rows } of charts) {
    const names = nodesOf(childOf(childOf(chart, 'chart_spec'), 'data').values).map((v) => String(v.name));
    const bars = new Set(names).size;
    expect(names.length).toBe(bars * 2);
    if (rows.length > 0) expect(bars).toBe(rows.length);
    rows.forEach((row, i) => expect(names[i * 2]?.slice(0, 5)).toBe(row.slice(0, 5)));
  }
});

test('上一户 is offered only where there is one', () => {
  const offers = (name: string) =>
    buttonsOf(samples.find((s) => s.name === name)?.card() ?? {}).some((b) => childOf(b, 'text').content === '上一户');
  expect(offers('working')).toBe(true);
  expect(offers('working-finished')).toBe(true);
  expect(offers('working-largest')).toBe(false);
});

test('fixed words of the manual are on the buttons as they are printed there', () => {
  const said = new Set(samples.flatMap((s) => buttonsOf(s.card()).map((b) => childOf(b, 'text').content)));
  for (const word of [
    '绑定',
    '继续排查',
    '提交',
    '跳过',
    '联系不上',
    '上一户',
    '转到私聊',
    '村级提交',
    '接收',
    '退回',
    '下一页',
    '返回',
  ])
    expect(said).toContain(word);
});

test('the first card of a group carries the county’s promise', () => {
  const welcome = samples.filter((s) => s.name.startsWith('welcome'));
  expect(welcome.length).toBeGreaterThan(1);
  for (const s of welcome) expect(JSON.stringify(s.card())).toContain('本工具不打卡、不排名、不计时');
});
