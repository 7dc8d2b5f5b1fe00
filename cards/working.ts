// Owns the card a cadre fills in, household by household, and the pointer that takes the place of an old one. In a group
// it shows code, 姓某 and an empty form; only a view made for one person (`alone`) fills fields and names the head.
import { call, type FieldName, fieldName, itemOf } from './actions.ts';
import {
  button,
  buttons,
  card,
  datePicker,
  type Field,
  form,
  type InBody,
  type InForm,
  input,
  label,
  type Markdown,
  md,
  multiSelect,
  note,
  plain,
  select,
  submit,
  typed,
} from './kit.ts';
import { stencilled } from './stencil.ts';
import { bold, esc, lines, m } from './text.ts';
import type { FieldView, PointerView, WorkingView } from './views.ts';

/** One cadre's card in one of its stages. */
export function workingCard(v: WorkingView) {
  const house = v.household;
  if (v.stage === 'finished' || house === null) return finished(v);
  return card({
    title: `${house.code} ${v.alone?.name ?? house.masked}｜请填写`,
    subtitle: `${v.owner}（${v.form}）`,
    command: typed('文字排查', v.alone !== undefined), // where this card is not shown, its questions are asked by text
    tags: [v.campaign, ...v.tags],
    tone: 'blue',
    body: [
      md(m`${v.village}　填写人：${bold(v.owner)}`),
      v.alone !== undefined && v.alone.size !== '' && plain(v.alone.size),
      v.alone !== undefined && known(v),
      v.notice !== '' && plain(v.notice),
      stages[v.stage](v),
      v.left !== '' && note(v.left),
    ],
  });
}

/** workingCard for a click's answer: cards of a group's form differ in a few words only. */
export const workingCardByStencil = stencilled<WorkingView>({
  draw: workingCard,
  shape: (v) =>
    v.alone === undefined && v.stage === 'form' && v.household !== null && v.notice === ''
      ? { of: v.groups, key: JSON.stringify([v.campaign, v.tags, v.form, v.canGoBack, v.left === '']) }
      : null,
  words: ({ household, owner, village, left, value }) => ({
    code: household?.code ?? '',
    masked: household?.masked ?? '',
    owner,
    village,
    left,
    s: value.s,
    h: value.h,
    'r#': String(value.r),
  }),
  put: (v, w) => ({
    ...v,
    household: { code: w.code ?? '', masked: w.masked ?? '' },
    owner: w.owner ?? '',
    village: w.village ?? '',
    left: w.left ?? '',
    value: { s: w.s ?? '', h: w.h ?? '', r: Number(w['r#']) },
  }),
  probe: {
    code: 'a-1',
    masked: '某',
    owner: '某',
    village: '某',
    left: '还有 1 户，某；某（某）。',
    s: 's',
    h: 'h',
    'r#': '1',
  },
  safe: (w) => Object.entries(w).every(([name, word]) => (looseWords[name] ?? oneWord).test(word)),
});
/** Letters and figures, which nothing on a card escapes; in plain text also what the two sentences of it hold. */
const oneWord = /^[A-Za-z0-9\u4e00-\u9fff]{1,60}$/;
const looseWords: Readonly<Record<string, RegExp>> = {
  code: /^[A-Za-z0-9\u4e00-\u9fff-]{1,60}$/,
  left: /^[0-9\u4e00-\u9fff，；（）。]+(?: [0-9\u4e00-\u9fff，；（）。]+)*$/,
};

/** What is known already, to be confirmed or corrected by the answers below. */
function known({ alone, stage }: WorkingView): Markdown | false {
  if (!alone || alone.known.length === 0) return false;
  const head = stage === 'more' ? m`${bold('刚才填的')}` : m`${bold('系统里登记的情况，请当面核对')}`;
  return md(lines(head, ...alone.known.map((line) => m`${line}`)));
}

function finished(v: WorkingView) {
  return card({
    title: `${v.village}：眼下没有要填的户了`,
    subtitle: v.owner,
    command: typed('排查', v.alone !== undefined),
    tags: [v.campaign, ...v.tags],
    tone: 'grey',
    body: [
      plain(v.notice === '' ? '已填的内容都保存好了，辛苦了。' : v.notice),
      v.left !== '' && note(v.left),
      v.canGoBack && note('想改刚才的一户，点“上一户”。'),
      v.canGoBack && buttons([button('上一户', call('screening.back', v.value))]),
    ],
  });
}

type Asking = Exclude<WorkingView['stage'], 'finished'>;
const stages: Readonly<Record<Asking, (v: WorkingView) => readonly InBody[]>> = {
  form: (v) => [
    form(formName(v), submit('提交', call('screening.submit', v.value)), fields(v)),
    buttons([
      button('跳过', call('screening.skip', v.value)),
      button('联系不上', call('screening.defer', v.value)),
      v.canGoBack && button('上一户', call('screening.back', v.value)),
      toPrivate(v),
    ]),
  ],
  more: (v) => [form(formName(v), submit('提交', call('screening.more', v.value)), fields(v)), back(v)],
  defer: (v) => [form(formName(v), submit('提交', call('screening.deferred', v.value)), fields(v)), back(v)],
};

const back = (v: WorkingView) => buttons([button('返回', call('screening.return', v.value)), toPrivate(v)]);
/** The same work with full name and known facts, for one pair of eyes. */
const toPrivate = (v: WorkingView) => !v.alone && button('转到私聊', call('screening.private', v.value));
const formName = (v: WorkingView) => fieldName(v.stage, v.value.h, v.value.r);

type Line = Exclude<InForm, { readonly form_action_type: 'submit' }>;
function fields(v: WorkingView): Line[] {
  const all = v.groups.flatMap((g) => g.fields);
  const tags = all.reduce((n, f) => n + 3 + f.options.length, 0);
  return v.groups.flatMap((g) => [
    ...(g.title === '' ? [] : [md(m`${bold(g.title)}`)]),
    ...g.fields.flatMap((f) => field(tags > roomForHints ? { ...f, hint: '' } : f, wireFieldName(f.name, v))),
  ]);
}
/** A form with more tags than this keeps every question and option and gives up the words inside its empty fields. */
const roomForHints = 140;

/** A view names its fields by item id, or has them in wire form already. */
function wireFieldName(name: string, v: WorkingView): FieldName {
  const { h, r } = v.value;
  return fieldName(itemOf(name, h, r) ?? name, h, r);
}

/** A question as the elements that ask it. */
export function field(f: FieldView, name: FieldName): (Line | Field)[] {
  const of = { name, required: f.required, hint: f.hint, ...(f.initial === undefined ? {} : { initial: f.initial }) };
  switch (f.kind) {
    case 'single':
      return [title(f), select(of, f.options)];
    case 'multi':
      return [title(f), multiSelect(of, f.options)];
    case 'date':
      return [title(f), datePicker(of)];
    case 'number':
    case 'money':
      return [input({ ...of, label: f.label }, { lines: 1, max: 12 })];
    case 'text':
      return [input({ ...of, label: f.label }, { lines: 3, max: 500 })];
  }
}

const title = (f: FieldView) => label(esc(f.label)); // nearly all are asked for; the few that may stay empty say so inside

/** What is left of a card whose work goes on in a newer one. */
export function pointerCard(v: PointerView) {
  return card({
    title: v.text,
    command: typed('排查', v.alone),
    tags: [v.campaign, ...v.tags],
    tone: 'grey',
    body: [plain(v.text), note('这张卡片不用再填。')],
  });
}
