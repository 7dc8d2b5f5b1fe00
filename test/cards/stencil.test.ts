// Owns what a stencil promises: the same card, letter by letter, as drawing makes; and what it cannot do well it leaves alone.
import { describe, expect, test } from 'vitest';
import { textOf } from '../../cards/fits.ts';
import { working } from '../../cards/samplesOfWork.ts';
import { Filled } from '../../cards/stencil.ts';
import type { WorkingView } from '../../cards/views.ts';
import { fromWire } from '../../cards/wire.ts';
import { workingCard, workingCardByStencil } from '../../cards/working.ts';
import { createScanner } from '../../src/bot/gateScan.ts';

const at = (r: number, more: Partial<WorkingView> = {}): WorkingView => ({
  ...working,
  household: { code: `大阿-03-${r}`, masked: '张某' },
  value: { s: `sit${r}`, h: `k${r}`, r },
  left: `还有 ${r} 户待排查，暂时联系不上 2 户；您本次已填 ${r} 户`,
  ...more,
});

describe('a card by stencil', () => {
  test('is the drawn one, for every household of a village', () => {
    for (let r = 0; r < 50; r++) {
      const view = at(r, { owner: r % 2 === 0 ? '李例' : '欧阳示样', village: `第${r}村` });
      const card = workingCardByStencil(view);
      expect(card).toBeInstanceOf(Filled);
      expect(textOf(card)).toBe(textOf(workingCard(view)));
      expect(fromWire(Filled.wire(card as Filled))).toBe(textOf(workingCard(view)));
      expect(JSON.stringify(card)).toBe(JSON.stringify(workingCard(view)));
      expect([card.header, card.body, card.config]).toEqual(
        [workingCard(view)].flatMap((c) => [c.header, c.body, c.config]),
      );
    }
  });

  test.each<[string, Partial<WorkingView>]>([
    ['markdown in a name', { owner: '**李**' }],
    ['a quote in a village', { village: '大"阿' }],
    ['an invisible letter', { owner: '李\u202e例' }],
    ['two spaces', { left: '还有  1 户' }],
    ['a mark of the stencil itself', { owner: 'QzazQ' }],
    ['a backslash in a code', { household: { code: 'a\\b', masked: '张某' } }],
    ['a notice', { notice: '还要补充几项，填好后点“提交”。' }],
    ['a private card', { alone: { name: '张三例', size: '', known: [] } }],
  ])('with %s is what drawing makes of it', (_, more) => {
    workingCardByStencil(at(1));
    expect(textOf(workingCardByStencil(at(2, more)))).toBe(textOf(workingCard(at(2, more))));
  });

  test('differs where the forms differ: tags, ways back, another campaign', () => {
    const shapes = [
      at(1),
      at(1, { canGoBack: !working.canGoBack }),
      at(1, { tags: ['演练'] }),
      at(1, { campaign: '汛期' }),
    ];
    for (const view of shapes) expect(textOf(workingCardByStencil(view))).toBe(textOf(workingCard(view)));
  });

  test('is scanned whole: its own words each time, what is common once', () => {
    const scanner = createScanner({ names: ['赵某甲'], facts: ['边缘易致贫户'], open: [] });
    expect(scanner.scan({ card: workingCardByStencil(at(3)) })).toBeNull();
    for (const _ of ['first', 'again'])
      expect(scanner.scan({ card: workingCardByStencil(at(4, { owner: '赵某甲' })) })).toBe('name');
    expect(scanner.scan({ card: workingCardByStencil(at(5, { left: '边缘易致贫户' })) })).toBe('fact');
    const contact = createScanner({ names: ['赵某甲'], facts: [], open: ['13812345678'] });
    const beside = { owner: '赵某甲', left: '还有 1 户，请拨13812345678。' };
    expect(contact.scan({ card: workingCardByStencil(at(7, beside)) })).toBe('name');
    expect(contact.scan({ card: workingCardByStencil(at(8, { ...beside, owner: '钱某' })) })).toBeNull();
    const apart = createScanner({ names: ['李例大阿'], facts: [], open: [] });
    expect(apart.scan({ card: workingCardByStencil(at(9, { owner: '李例', village: '大阿' })) })).toBeNull();
    const groups = working.groups.map((g) => ({ ...g, title: '边缘易致贫户' }));
    expect(scanner.scan({ card: workingCardByStencil(at(6, { groups })) })).toBe('fact');
  });
});
