// Owns example views of the working card and of progress, with the largest a campaign can make. Invented.
import { progressCard } from './progress.ts';
import { head, hostile, hostileHead, long, lookbacks, type Sample } from './sampleWords.ts';
import type { FieldView, ProgressView, WorkingView } from './views.ts';
import { pointerCard, workingCard } from './working.ts';

// ── the working card ─────────────────────────────────────────────────────────────────────────────────────────────────

const field = (name: string, label: string, more: Partial<FieldView> = {}): FieldView => ({
  name,
  label,
  kind: 'single',
  options: ['否', '是'].map((text) => ({ text, value: text })),
  required: true,
  hint: '请选择',
  ...more,
});
const options = (...texts: readonly string[]) => texts.map((text) => ({ text, value: text }));

export const working: WorkingView = {
  ...head,
  value: { s: 'k3v9x0q2m8a1', h: 'k7', r: 3 },
  owner: '张示',
  village: '大阿村',
  household: { code: '大阿-03-017', masked: '李某' },
  form: '简表',
  stage: 'form',
  groups: [
    {
      title: '未纳入户',
      fields: [
        field('L1-01', '本户核实方式', {
          options: options('入户面谈', '全家外出，电话或视频核实', '邻居或村民小组长代述', '未核实'),
          hint: '第1题，请选择',
        }),
        field('L1-S1', '义务教育、基本医疗、住房、饮水是否正常', {
          options: options('全部正常', '有问题'),
          hint: '第6–9题，请选择',
        }),
        field('L1-10', '是否遭遇突发事件', {
          kind: 'multi',
          options: options('无', '大病', '事故', '其他'),
          hint: '第10题，可多选',
        }),
        field('L1-13', '是否已给予帮扶但未识别纳入系统（体外循环）', { hint: '第13题，请选择' }),
      ],
    },
  ],
  left: '本村还剩 28 户，您本次已填 3 户',
  canGoBack: true,
  notice: '',
};

export const more: WorkingView = {
  ...working,
  stage: 'more',
  notice: '还有几项请补充',
  groups: [
    {
      title: '',
      fields: [
        field('L1-04.cause', '原因（可多选）', {
          kind: 'multi',
          options: options('失业', '产业失败', '灾害', '丧失劳动力', '其他'),
        }),
        field('L1-04.since', '从什么时候开始', { kind: 'date', required: false, hint: '请选日期' }),
        field('L1-05.amount', '合规自付支出（元）', { kind: 'money', hint: '只填数字' }),
        field('L1-05.people', '涉及人数', { kind: 'number', hint: '只填数字' }),
        field('L1-11.why', '请用一句话说明', { kind: 'text', required: false, hint: '可以用语音输入' }),
      ],
    },
  ],
};

const defer: WorkingView = {
  ...working,
  stage: 'defer',
  groups: [
    {
      title: '',
      fields: [
        field('reason', '暂时联系不上的原因', { options: options('全家外出', '电话打不通', '约了改天', '其他') }),
        field('day', '打算哪天再去', { kind: 'date', required: false, hint: '请选日期' }),
      ],
    },
  ],
};

/** Twenty questions of two look-backs at once, five of them with eight options, all words hostile or long. */
export function largest(label: string): WorkingView {
  const fields = Array.from({ length: 20 }, (_, i) => {
    const multi = i % 4 === 0;
    const texts = Array.from({ length: multi ? 8 : 4 }, (_, o) => ({ text: `${label}${o}`, value: `选项${o}` }));
    return field(`L${i < 12 ? 2 : 4}-${i}`, `${label}${i}`, {
      kind: multi ? 'multi' : 'single',
      options: texts,
      hint: label,
    });
  });
  const groups = [
    { title: '已纳入户帮扶', fields: fields.slice(0, 12) },
    { title: '整户无劳动能力', fields: fields.slice(12) },
  ];
  return { ...working, form: '全表', groups, notice: label, left: label, canGoBack: false };
}

export const workings: readonly Sample[] = [
  { name: 'working', audience: 'group', card: () => workingCard(working) },
  { name: 'working-more', audience: 'group', card: () => workingCard(more) },
  { name: 'working-defer', audience: 'group', card: () => workingCard(defer) },
  {
    name: 'working-finished',
    audience: 'group',
    card: () => workingCard({ ...working, stage: 'finished', household: null, groups: [], left: '' }),
  },
  { name: 'working-largest', audience: 'group', card: () => workingCard(largest('是否制定切合本户实际的帮扶计划')) },
  {
    name: 'working-hostile',
    audience: 'private',
    card: () =>
      workingCard({
        ...largest('<at id=all></at>**x**|'),
        ...hostileHead,
        owner: hostile,
        village: hostile,
        household: { code: hostile, masked: hostile },
      }),
  },
  { name: 'pointer', audience: 'group', card: () => pointerCard({ ...head, text: '继续排查请看下面的新卡片' }) },
  { name: 'pointer-hostile', audience: 'group', card: () => pointerCard({ ...hostileHead, text: hostile }) },
];

// ── progress ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const child = (name: string, i: number): ProgressView['children'][number] => ({
  code: String(360722100200 + i),
  name,
  done: (i * 7) % 40,
  total: 40,
  found: i % 3,
  deferred: i % 4,
  opens: true,
});
const progress: ProgressView = {
  ...head,
  audience: 'private',
  area: '信丰县',
  c: 'xinfeng-2023-13',
  total: 14980,
  done: 6172,
  deferred: 210,
  found: 133,
  percent: '41.2%',
  sections: lookbacks.map((name, i) => ({ no: i + 1, name, text: `${i * 30}/${i * 100} 户` })),
  children: ['嘉定镇', '大塘埠镇', '古陂镇', '大桥镇', '新田镇', '安西镇', '小江镇', '铁石口镇'].map(child),
  page: { at: 0, of: 2 },
  self: { c: 'xinfeng-2023-13', a: '360722' },
  up: null,
  time: '数据时间：7月12日 09:02',
};
/** The township with 58 villages, as the view pages it. */
const pageOf58 = (at: number, name: string): ProgressView => ({
  ...progress,
  area: '嘉定镇',
  children: Array.from({ length: Math.min(20, 58 - at * 20) }, (_, i) => child(`${name}${at * 20 + i}`, at * 20 + i)),
  page: { at, of: 3 },
  self: { c: 'xinfeng-2023-13', a: '360722100000', p: at },
  up: { c: 'xinfeng-2023-13', a: '360722' },
});

export const progresses: readonly Sample[] = [
  { name: 'progress', audience: 'private', card: () => progressCard(progress) },
  {
    name: 'progress-village',
    audience: 'group',
    card: () =>
      progressCard({
        ...progress,
        audience: 'group',
        area: '大阿村',
        children: [],
        page: { at: 0, of: 1 },
        up: progress.self,
      }),
  },
  {
    name: 'progress-none',
    audience: 'private',
    card: () =>
      progressCard({ ...progress, total: 0, done: 0, deferred: 0, found: 0, percent: '–', sections: [], children: [] }),
  },
  { name: 'progress-long', audience: 'private', card: () => progressCard(pageOf58(1, long)) },
  { name: 'progress-last', audience: 'private', card: () => progressCard(pageOf58(2, '虎山村')) },
  {
    name: 'progress-hostile',
    audience: 'private',
    card: () =>
      progressCard({ ...pageOf58(0, hostile), ...hostileHead, area: hostile, percent: hostile, time: hostile }),
  },
];
