// The answer to a click is written with the text its card was counted with.
import { expect, test } from 'vitest';
import { noticeCard } from '../cards/answers.ts';
import { fromWire } from '../cards/wire.ts';
import { answerText } from '../src/bot/answerText.ts';

const card = noticeCard({ campaign: '回头看', tags: [], title: '一', text: '“二”\n\\', tone: 'plain', choices: [] });
const toast = { type: 'success', content: '已保存 "3"' };

test.each([
  ['toast and card', { toast, card: { type: 'raw', data: card } }],
  ['a card alone', { card: { type: 'raw', data: card } }],
  ['a card nobody counted', { toast, card: { type: 'raw', data: { ...card } } }],
  ['a toast alone', { toast }],
  ['nothing', {}],
])('an answer reads as what it says: %s', (_, answer) => {
  expect(JSON.parse(fromWire(answerText(answer)))).toEqual(JSON.parse(JSON.stringify(answer)));
});
