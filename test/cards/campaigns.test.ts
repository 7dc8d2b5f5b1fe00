// Every campaign in the house can be asked: its forms fit one card, and every label arrives as the campaign wrote it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fieldName, itemOf } from '../../cards/actions.ts';
import { hostileHead } from '../../cards/sampleWords.ts';
import type { FieldView, WorkingView } from '../../cards/views.ts';
import { workingCard } from '../../cards/working.ts';
import { type Campaign, campaignSchema } from '../../src/domain/campaign.ts';
import { childOf, outline, tagged } from './outline.ts';

const folder = new URL('../../campaigns/', import.meta.url);
const campaigns = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => campaignSchema.parse(parse(readFileSync(new URL(file, folder), 'utf8'))));

/** Look-backs one household may have together: those of its register state. */
const together = [['LB1'], ['LB2', 'LB4'], ['LB3']];

type Asked = Campaign['items'][number] | Campaign['items'][number]['followUps'][number];
const view = (asked: Asked): FieldView => ({
  name: asked.id,
  label: asked.text,
  kind: asked.type as FieldView['kind'],
  options: (asked.options ?? []).map((o) => ({ text: o.value, value: o.value })),
  required: true,
  hint: '第14题，请选择',
});

/** More than any household is asked: conditions of single items left aside. */
function fullest(campaign: Campaign, lookbacks: readonly string[]) {
  const items = campaign.items.filter(
    (i) =>
      lookbacks.includes(i.lookback) &&
      (i.scope === 'household' || i.scope === 'person') &&
      i.type !== 'calc' &&
      i.type !== 'ref' &&
      i.card !== 'off',
  );
  return { first: items.map(view), more: items.flatMap((i) => i.followUps.map(view)) };
}

const working = (stage: 'form' | 'more', fields: readonly FieldView[]): WorkingView => ({
  ...hostileHead,
  value: { s: 'k3v9x0q2m8a1', h: 'k7', r: 999 },
  owner: '欧阳示例',
  village: '大阿社区',
  household: { code: '大阿-03-017', masked: '李某' },
  form: '全表',
  stage,
  groups: [
    { title: '已纳入户帮扶', fields },
    { title: '整户无劳动能力', fields: [] },
  ],
  left: '本村还剩 1028 户，您本次已填 103 户',
  canGoBack: true,
  notice: '上一次的内容已更新，请核对后再提交。',
});

test('there is a campaign to ask', () => {
  expect(campaigns.length).toBeGreaterThan(0);
});

describe.each(campaigns.flatMap((c) => together.map((lookbacks) => ({ id: c.id, campaign: c, lookbacks }))))(
  '$id $lookbacks',
  ({ campaign, lookbacks }) => {
    const { first, more } = fullest(campaign, lookbacks);

    test('the whole form fits one card, with its hints', () => {
      expect(first.length).toBeGreaterThan(5);
      const card = workingCard(working('form', first));
      expect(tagged(card).filter((n) => childOf(n, 'placeholder').content === '第14题，请选择').length).toBe(
        first.length,
      );
    });

    test('every follow-up at once still fits one card', () => {
      expect(() => workingCard(working('more', more))).not.toThrow();
    });

    test('labels are the campaign’s text verbatim, fields lead back to their items', () => {
      const lines = outline(workingCard(working('form', first))).split('\n');
      for (const f of first) {
        expect(lines.some((line) => line.includes(f.label))).toBe(true);
        expect(itemOf(fieldName(f.name, 'k7', 999), 'k7', 999)).toBe(f.name);
      }
    });
  },
);
