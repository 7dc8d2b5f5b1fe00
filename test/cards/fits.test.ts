// A card the platform would refuse is never sent: each limit is held at its edge.
import { describe, expect, test } from 'vitest';
import { assertFits, CardTooBig, limits, sizeOf } from '../../cards/fits.ts';
import { card, md } from '../../cards/kit.ts';
import { m } from '../../cards/text.ts';

const body = (...elements: readonly object[]) => ({ schema: '2.0', body: { elements } });
const times = (n: number, node: object) => Array.from({ length: n }, () => node);
const broken = (of: object) => {
  try {
    assertFits(of);
    return 'fits';
  } catch (fault) {
    if (!(fault instanceof CardTooBig)) throw fault;
    return fault.rule;
  }
};
const hr = { tag: 'hr' };
const gfm = { tag: 'markdown', content: '| a | b |\n| --- | :-: |\n| 1 | 2 |' };
const nested = (depth: number): object =>
  depth === 0 ? hr : { tag: depth % 2 ? 'column' : 'interactive_container', elements: [nested(depth - 1)] };

describe('a card at the edge', () => {
  const text = (bytes: number) => body({ tag: 'markdown', content: '户'.repeat(Math.floor(bytes / 3)) });
  const frame = sizeOf(text(0)).bytes;
  test.each([
    ['bytes', text(limits.bytes - frame), text(limits.bytes - frame + 3)],
    ['elements', body(...times(180, hr)), body(...times(181, hr))],
    ['tables', body(...times(5, { tag: 'table' })), body(...times(6, { tag: 'table' }))],
    [
      'tables',
      body(...times(3, gfm), ...times(2, { tag: 'table' })),
      body(...times(3, gfm), ...times(3, { tag: 'table' })),
    ],
    ['markdown tables', body(...times(3, gfm)), body(...times(4, gfm))],
    ['charts', body(...times(5, { tag: 'chart' })), body(...times(6, { tag: 'chart' }))],
    ['depth', body(nested(5)), body(nested(6))],
    [
      'names',
      body({ tag: 'input', name: 'a' }, { tag: 'input', name: 'b' }),
      body({ tag: 'input', name: 'a' }, { tag: 'input', name: 'a' }),
    ],
    [
      'form names',
      body({ tag: 'form', elements: [{ tag: 'input', name: 'a' }] }),
      body({ tag: 'form', elements: [{ tag: 'input' }] }),
    ],
  ])('%s: the last that fits and the first that does not', (rule, fits, tooBig) => {
    expect(broken(fits)).toBe('fits');
    expect(broken(tooBig)).toBe(rule);
  });
});

test('texts of options and captions count as elements', () => {
  const option = { text: { tag: 'plain_text', content: 'a' }, value: 'a' };
  expect(sizeOf(body({ tag: 'select_static', placeholder: option.text, options: [option, option] })).elements).toBe(4);
});
test('data of a chart and of table rows does not count', () => {
  expect(
    sizeOf(body({ tag: 'chart', chart_spec: { data: [{ tag: 'x' }] } }, { tag: 'table', rows: [{ tag: 'y' }] }))
      .elements,
  ).toBe(2);
});
test('bytes are those of the string inside a request, with its escaped quotes', () => {
  expect(sizeOf({ a: '户' }).bytes).toBe(new TextEncoder().encode('"{\\"a\\":\\"户\\"}"').length);
});
test('card() itself throws instead of cutting', () => {
  const parts = {
    title: 'x',
    command: '帮助',
    tags: [],
    tone: 'blue',
    body: [times(200, md(m`x`)) as ReturnType<typeof md>[]],
  } as const;
  expect(() => card(parts)).toThrow(CardTooBig);
});
