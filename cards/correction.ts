// Owns the card that mends the answers of one household in a private chat, and the choice between two versions.
import { call, type FieldName, fieldName, itemOf } from './actions.ts';
import { button, buttons, card, form, hr, type InBody, type InForm, md, plain, submit } from './kit.ts';
import { bold, lines, m } from './text.ts';
import type { CorrectionView } from './viewsOfHousehold.ts';
import { field } from './working.ts';

export function correctionCard(v: CorrectionView) {
  return card({
    title: `${v.act} ${v.code} ${v.name}`,
    subtitle: v.village,
    command: `查户 ${v.code}`,
    tags: [v.campaign, ...v.tags],
    tone: v.decide ? 'orange' : 'blue',
    body: v.decide ? choice(v, v.decide) : asking(v),
  });
}

type Line = Exclude<InForm, { readonly form_action_type: 'submit' }>;

function asking(v: CorrectionView): readonly InBody[] {
  const { h, r } = v.value;
  const named = (name: string): FieldName => fieldName(itemOf(name, h, r) ?? name, h, r);
  const all: Line[] = v.groups.flatMap((g) => [
    ...(g.title === '' ? [] : [md(m`${bold(g.title)}`)]),
    ...g.fields.flatMap((f) => field({ ...f, hint: '' }, named(f.name)) as Line[]),
  ]);
  return [
    ...(v.known.length > 0 ? [md(lines(...v.known.map((line) => m`${line}`)))] : []),
    ...(v.notice === '' ? [] : [plain(v.notice)]),
    form(fieldName(v.more ? 'more' : 'form', h, r), submit('提交', call('correct.submit', v.value)), all),
    buttons([button('返回', call('correct.return', v.value))]),
  ];
}

function choice(v: CorrectionView, d: NonNullable<CorrectionView['decide']>): readonly InBody[] {
  const rows = d.rows.flatMap((row) => [m`${bold(row.label)}`, m`我填的：${row.mine}`, m`对方填的：${row.theirs}`]);
  return [
    plain(`您填写的时候，${d.by} 也改了这户。请看两边不同的地方，再决定用哪一份：`),
    hr(),
    md(lines(...rows)),
    hr(),
    buttons([
      button('用我的', call('correct.mine', v.value), 'primary_filled'),
      button('保留对方的', call('correct.theirs', v.value)),
    ]),
  ];
}
