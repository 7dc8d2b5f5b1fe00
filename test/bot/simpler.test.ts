// Owns what is said with less: every card of the product keeps its title and its command when the platform refuses it.
import { expect, test } from 'vitest';
import { samples } from '../../cards/samples.ts';
import { spendingOf } from '../../src/bot/budget.ts';
import { simplerThan, toldAs } from '../../src/bot/simpler.ts';
import type { CardJson } from '../../src/ports.ts';

test.each([
  [8000, 'free'],
  [8001, 'tight'],
  [9500, 'tight'],
  [9501, 'scarce'],
  [9999, 'scarce'],
  [10_000, 'spent'],
] as const)('%i of 10,000 calls: %s', (calls, spending) => {
  expect(spendingOf(calls, 10_000)).toBe(spending);
  expect(spendingOf(calls, null)).toBe('free');
});

test.each(samples.map((s) => [s.name, s.card() as unknown as CardJson] as const))('%s', (_, card) => {
  const message = { kind: 'card', card } as const;
  const { title, subtitle } = card.header as { title: { content: string }; subtitle: { content: string } };
  expect(subtitle.content).toContain('也可发送：');
  const simple = JSON.stringify(toldAs('simple', message));
  expect(simple).toContain(JSON.stringify(title.content));
  expect(simple).toContain(JSON.stringify(subtitle.content));
  const text = toldAs('text', message);
  expect(text).toMatchObject({ kind: 'text' });
  expect(text.kind === 'text' && text.text).toContain('也可发送：');
});

test('a message is told more simply step by step; a card changed in its place never becomes text, a text has no other way', () => {
  const card = { kind: 'card', card: { schema: '2.0' } } as const;
  const text = { kind: 'text', text: '好' } as const;
  expect(simplerThan('card', card, false)).toBe('simple');
  expect(simplerThan('simple', card, false)).toBe('text');
  expect(simplerThan('text', text, false)).toBeNull();
  expect(simplerThan('simple', card, true)).toBeNull();
  expect(simplerThan('card', text, false)).toBeNull();
});
