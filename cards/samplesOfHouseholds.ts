// Owns example views of cards for one pair of eyes: private work on a household. Invented.
import { correctionCard } from './correction.ts';
import { householdCard } from './household.ts';
import { largest, more, working } from './samplesOfWork.ts';
import { head, hostile, hostileHead, type Sample } from './sampleWords.ts';
import type { FieldView, WorkingView } from './views.ts';
import type { CorrectionView, HouseholdView } from './viewsOfHousehold.ts';
import { workingCard } from './working.ts';

/** Every field of the view with something in it. */
const begun = (v: WorkingView, text: string): WorkingView => ({
  ...v,
  groups: v.groups.map((g) => ({ ...g, fields: g.fields.map((f) => ({ ...f, initial: initialOf(f, text) })) })),
});
function initialOf(f: FieldView, text: string): string | readonly string[] {
  if (f.kind === 'multi') return f.options.slice(0, 2).map((o) => o.value);
  if (f.kind === 'single') return f.options[0]?.value ?? '';
  return f.kind === 'date' ? '2023-07-01' : text;
}

const alone = {
  name: '李示例',
  size: '1组，3人',
  known: ['户类型：一般农户；监测对象，风险未消除', '监测对象类别：边缘易致贫户', '识别时间：2022年5月10日'],
};

const household: HouseholdView = {
  ...head,
  code: '大阿-03-017',
  name: '李示例',
  village: '大阿村',
  size: '1组，3人',
  state: '已填，发现线索 1 条',
  by: '填写人：张示　7月12日 08:35（代录）（逾期）',
  known: alone.known,
  findings: ['义务教育保障（义务教育有缺口）'],
  answers: [
    { label: '本户核实方式', value: '入户面谈' },
    { label: '义务教育保障', value: '有失学辍学' },
  ],
  history: ['第2次　7月12日 09:02　王例　更正，原因：电话再核实过', '第1次　7月12日 08:35　张示　填报'],
  page: { at: 0, of: 1 },
  open: { c: 'xinfeng-2023-13:117', p: 0 },
  mend: '更正',
  note: '',
};

const correction: CorrectionView = {
  ...head,
  value: working.value,
  act: '更正',
  code: '大阿-03-017',
  name: '李示例',
  village: '大阿村',
  known: alone.known,
  notice: '',
  more: false,
  groups: begun(working, '3').groups,
};
const differing = { label: '义务教育保障', mine: '全部在校', theirs: '有失学辍学' };

const lookedUp: readonly Sample[] = [
  { name: 'household', audience: 'private', card: () => householdCard(household) },
  {
    name: 'household-state',
    audience: 'private',
    card: () =>
      householdCard({
        ...household,
        by: '',
        known: [],
        findings: [],
        answers: [],
        history: [],
        mend: '',
        note: '复核前不显示自查填报的内容。',
      }),
  },
  {
    name: 'household-largest',
    audience: 'private',
    card: () =>
      householdCard({
        ...household,
        page: { at: 1, of: 3 },
        answers: Array(12).fill({ label: '是否制定切合本户实际的帮扶计划', value: '已经当面说明白的情况'.repeat(50) }),
      }),
  },
  {
    name: 'household-hostile',
    audience: 'private',
    card: () =>
      householdCard({
        ...household,
        ...hostileHead,
        code: hostile,
        name: hostile,
        village: hostile,
        by: hostile,
        known: [hostile],
        findings: [hostile],
        answers: [{ label: hostile, value: hostile }],
        history: [hostile],
      }),
  },
  { name: 'correction', audience: 'private', card: () => correctionCard(correction) },
  {
    name: 'correction-largest',
    audience: 'private',
    card: () =>
      correctionCard({
        ...correction,
        act: '代录',
        notice: '还没有保存：第4题「收入是否大幅缩减」请选择。',
        groups: begun(largest('是否制定切合本户实际的帮扶计划'), '已填').groups,
      }),
  },
  {
    name: 'correction-two',
    audience: 'private',
    card: () => correctionCard({ ...correction, groups: [], decide: { by: '李样 7月12日 08:36', rows: [differing] } }),
  },
  {
    name: 'correction-hostile',
    audience: 'private',
    card: () =>
      correctionCard({
        ...correction,
        ...hostileHead,
        name: hostile,
        decide: { by: hostile, rows: [{ label: hostile, mine: hostile, theirs: hostile }] },
      }),
  },
];

export const households: readonly Sample[] = [
  ...lookedUp,
  { name: 'private', audience: 'private', card: () => workingCard({ ...begun(working, '3'), alone }) },
  { name: 'private-empty', audience: 'private', card: () => workingCard({ ...working, alone }) },
  {
    name: 'private-more',
    audience: 'private',
    card: () => workingCard({ ...begun(more, '12000'), alone: { ...alone, known: ['收入是否大幅缩减：是'] } }),
  },
  {
    name: 'private-finished',
    audience: 'private',
    card: () => workingCard({ ...working, stage: 'finished', household: null, groups: [], alone }),
  },
  {
    name: 'private-largest',
    audience: 'private',
    card: () =>
      workingCard({
        ...begun(largest('是否制定切合本户实际的帮扶计划'), '已填'),
        alone: { ...alone, known: Array(11).fill('八类人员：因病因灾因意外等刚性支出较大或收入骤减户') },
      }),
  },
  {
    name: 'private-hostile',
    audience: 'private',
    card: () =>
      workingCard({
        ...begun(more, hostile),
        notice: hostile,
        ...hostileHead,
        alone: { name: hostile, size: hostile, known: [hostile, hostile] },
      }),
  },
];
