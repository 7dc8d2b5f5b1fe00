// Owns the card of a village's own look-backs: which are filled in, and one of them as an empty form.
import { call, fieldName } from './actions.ts';
import { button, buttons, card, form, hr, type InBody, md, note, plain, row, submit, typed } from './kit.ts';
import { bold, m } from './text.ts';
import type { AreaFormView } from './viewsOfVillage.ts';
import { field } from './working.ts';

/** Name of a field of the village's form on the wire. */
const areaFieldHome = (of: { v: string; l: string }): string => `${of.v}${of.l}`;

export function areaFormCard(v: AreaFormView) {
  return card({
    title: v.form === null ? `${v.village}：村级表` : `${v.village}：${v.form.title}`,
    subtitle: '村级表',
    command: typed('排查', v.open.p),
    tags: [v.campaign, ...v.tags],
    tone: v.form === null && allFilled(v) ? 'grey' : 'blue',
    body: [v.notice !== '' && plain(v.notice), v.form === null ? list(v) : filling(v, v.form)],
  });
}

function list(v: AreaFormView): readonly InBody[] {
  return [
    ...v.rows.flatMap((r) => [
      row([3, 3], [plain(`${r.no}、${r.name}`), plain(r.text)]),
      buttons([button(`${r.go}${r.name}`, call('areaForm.pick', r.pick), r.go === '重新填写' ? 'default' : 'primary')]),
    ]),
    ...(allFilled(v) ? [plain('都填好了。各户也填完以后，点村卡片上的“村级提交”。')] : []),
    note('村级表一村一份，谁填都行；同事填过的不用再填。'),
  ];
}

const allFilled = (v: AreaFormView) => v.rows.every((r) => r.go === '重新填写');

function filling(v: AreaFormView, f: NonNullable<AreaFormView['form']>): readonly InBody[] {
  const home = areaFieldHome(f.value);
  const fields = f.groups.flatMap((g) => [
    ...(g.title === '' ? [] : [md(m`${bold(g.title)}`)]),
    ...g.fields.flatMap((q) => field(q, fieldName(q.name, home, f.value.r))),
  ]);
  return [
    ...(f.facts.length > 0 ? [note('已知情况，不用填：'), ...f.facts.map(plain), hr()] : []),
    form(fieldName('form', home, f.value.r), submit('提交', call('areaForm.submit', f.value)), fields),
    buttons([button('返回', call('areaForm.back', v.open))]),
  ];
}
