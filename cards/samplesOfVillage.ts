// Owns example views of a village's own work and of its township, with the largest a campaign can make. Invented.
import { areaFormCard } from './areaForm.ts';
import { handInCard } from './handIn.ts';
import { head, hostile, hostileHead, long, lookbacks, type Sample } from './sampleWords.ts';
import { returnedCard, reviewCard, townshipCard } from './township.ts';
import type { FieldView } from './views.ts';
import type { AreaFormView, HandInView, ReturnedView, ReviewView, TownshipView } from './viewsOfVillage.ts';

const c = 'xinfeng-2023-13';
const v = '360722108200';

const field = (name: string, label: string, more: Partial<FieldView> = {}): FieldView => ({
  name,
  label,
  kind: 'single',
  options: ['无', '有'].map((text) => ({ text, value: text })),
  required: true,
  hint: '请选择',
  ...more,
});

const forms: AreaFormView = {
  ...head,
  village: '大阿村',
  open: { c, v },
  rows: [
    {
      no: 5,
      name: '规模性风险',
      text: '已填 王例 7月19日 09:02',
      go: '重新填写',
      pick: { c, v, l: 'LB5', r: 2, s: 0 },
    },
    { no: 6, name: '重点区域', text: '填了一半（李样）', go: '接着填', pick: { c, v, l: 'LB6', r: 1, s: 1 } },
    { no: 7, name: '数据台账', text: '待填', go: '填写', pick: { c, v, l: 'LB7', r: 0, s: 0 } },
  ],
  form: null,
  notice: '',
};
const risks = [
  '产业项目失败',
  '规模性失业',
  '就业不稳定',
  '易地搬迁集中安置点搬迁人口就业不稳',
  '洪涝',
  '干旱',
  '气象',
  '地质',
  '其他',
];
const risk = (label: string): AreaFormView => ({
  ...forms,
  form: {
    value: { c, v, l: 'LB5', r: 0, s: 0 },
    title: '对规模性返贫风险“回头看”',
    facts: ['是否摸清所有农户情况：90%（9/10 户）'],
    groups: [
      { title: '本村是否存在该类风险隐患', fields: risks.map((name, i) => field(`r${i}.L5-01`, label || name)) },
      { title: '', fields: [field('L5-06', label || '村级是否知道报告路径和应急预案')] },
    ],
  },
});

/** Filled in again in private: what was said stands in the fields. */
const again: AreaFormView = {
  ...forms,
  notice: '还要补充几项，填好后点“提交”。',
  form: {
    value: { c, v, l: 'LB5', r: 3, s: 3 },
    title: '对规模性返贫风险“回头看”',
    facts: [],
    groups: [
      {
        title: '洪涝',
        fields: [
          field('r4.L5-01.detail', '第1题补充：情况描述', { kind: 'text', initial: '河堤低洼处进水' }),
          field('r4.L5-03', '风险状态', { options: [{ text: '苗头', value: '苗头' }], initial: '苗头' }),
          field('r4.L5-04.next', '第4题补充：下次核查日期', { kind: 'date', hint: '', initial: '2023-07-19' }),
        ],
      },
    ],
  },
};

const handIn: HandInView = {
  ...head,
  village: '大阿村',
  value: { c, v, r: 0 },
  lines: ['共 10 户，已排查 9 户，联系不上 1 户，发现线索 2 户'],
  fields: [
    field('L1-17', '村级对未纳入户集体研判是否召开'),
    field('L1-17.day', '第17题补充：召开日期', { kind: 'date', required: false, hint: '第17题，已召开的请选日期' }),
  ],
  alone: false,
};

const township: TownshipView = {
  ...head,
  town: '大阿镇',
  self: { c, a: '360722108', p: 0 },
  alone: false,
  due: '乡镇报送：7月21日 12:00，还剩 2 天',
  total: 400,
  done: 380,
  found: 12,
  deferred: 6,
  states: '未提交 3，待接收 2，已退回 1，已接收 14',
  villages: ['大阿村', '金星村', '阳光村'].map((name, i) => ({
    code: `36072210820${i}`,
    name,
    state: ['待接收', '已接收', '未提交'][i] ?? '',
    done: 20 - i,
    total: 20,
    waits: i === 0,
  })),
  sections: lookbacks.map((name, i) => ({ no: i + 1, name, text: '待办理 0' })),
  page: { at: 0, of: 1 },
  time: '数据时间：7月19日 17:02',
};
const largeTown = (name: string): TownshipView => ({
  ...township,
  page: { at: 1, of: 3 },
  self: { ...township.self, p: 1 },
  villages: Array.from({ length: 20 }, (_, i) => ({
    code: String(360722100200 + i),
    name: `${name}${i}`,
    state: '待接收（逾期）',
    done: 100,
    total: 1500,
    waits: true,
  })),
});

const items = Array.from({ length: 18 }, (_, i) => ({ text: `数据台账第${i}题 是否核准数据信息`, value: `L7-${i}` }));
const review: ReviewView = {
  ...head,
  village: '大阿村',
  value: { c, v, r: 1 },
  stage: 'review',
  state: '待接收',
  lines: ['共 10 户，已排查 9 户，没有排查 1 户', '7月19日 17:02 王例提交；村级研判会：7月19日'],
  findings: [{ text: '未纳入户第15题 综合研判结论', count: '2 户' }],
  putOff: [{ code: '大阿-01-003', reason: '全家外出联系不上' }],
  changes: [{ name: '大阿-01-002', text: '改了未纳入户第3题' }],
  items,
  notice: '',
};
const largeReview = (text: string, n: number): ReviewView => ({
  ...review,
  findings: Array(n).fill({ text, count: '100 户' }),
  putOff: Array(n).fill({ code: text, reason: text }),
  changes: Array(n).fill({ name: text, text }),
});

const returned: ReturnedView = {
  ...head,
  village: '大阿村',
  lines: [
    { name: '大阿-01-002', reason: '收入与工资流水不符，请再核对' },
    { name: '数据台账第10题 线上线下是否一致', reason: '请说明不一致的地方' },
  ],
  way: '请在村卡片上补充：写到的户，点“继续排查”重填；村级内容，点“村级表”重填。补好后再点“村级提交”。',
};

export const ofVillages: readonly Sample[] = [
  { name: 'areaForm', audience: 'group', card: () => areaFormCard(forms) },
  { name: 'areaForm-risk', audience: 'group', card: () => areaFormCard(risk('')) },
  { name: 'areaForm-private', audience: 'private', card: () => areaFormCard(again) },
  { name: 'areaForm-hostile', audience: 'group', card: () => areaFormCard({ ...risk(hostile), ...hostileHead }) },
  { name: 'handIn', audience: 'group', card: () => handInCard(handIn) },
  {
    name: 'handIn-done',
    audience: 'group',
    card: () => handInCard({ ...handIn, fields: [], lines: [...handIn.lines, '提交时间：7月20日 18:30（逾期）'] }),
  },
  { name: 'township', audience: 'group', card: () => townshipCard(township) },
  { name: 'township-long', audience: 'group', card: () => townshipCard(largeTown(long)) },
  {
    name: 'township-hostile',
    audience: 'group',
    card: () => townshipCard({ ...largeTown(hostile), ...hostileHead, town: hostile, due: hostile, states: hostile }),
  },
  { name: 'review', audience: 'private', card: () => reviewCard(review) },
  { name: 'review-return', audience: 'private', card: () => reviewCard({ ...review, stage: 'return' }) },
  {
    name: 'review-settled',
    audience: 'private',
    card: () =>
      reviewCard({
        ...review,
        stage: 'settled',
        state: '已接收',
        notice: '已接收（7月20日 09:10 陈例）',
        changes: null,
      }),
  },
  { name: 'review-long', audience: 'private', card: () => reviewCard(largeReview(long, 60)) },
  {
    name: 'review-hostile',
    audience: 'private',
    card: () =>
      reviewCard({ ...largeReview(hostile, 3), ...hostileHead, village: hostile, state: hostile, notice: hostile }),
  },
  { name: 'returned', audience: 'private', card: () => returnedCard(returned) },
  {
    name: 'returned-hostile',
    audience: 'private',
    card: () =>
      returnedCard({
        ...returned,
        ...hostileHead,
        village: hostile,
        way: hostile,
        lines: Array(40).fill({ name: long, reason: hostile }),
      }),
  },
];
