// Owns example views of every card: plain ones, hostile words and the largest a campaign can make. Data for tests and for
// looking at cards; names and households are invented.
import { campaignCard, helpCard, noticeCard } from './answers.ts';
import { households } from './samplesOfHouseholds.ts';
import { ofReminders } from './samplesOfReminders.ts';
import { ofVillages } from './samplesOfVillage.ts';
import { progresses, workings } from './samplesOfWork.ts';
import { head, hostile, hostileHead, lookbacks, type Sample } from './sampleWords.ts';
import type { VillageView } from './views.ts';
import { villageCard } from './village.ts';
import { moveCard, welcomeCard } from './welcome.ts';

// ── the village ──────────────────────────────────────────────────────────────────────────────────────────────────────

const village: VillageView = {
  ...head,
  open: { c: 'xinfeng-2023-13', v: '360722100201' },
  village: '大阿村',
  phase: '乡镇自查整改阶段',
  due: '村级完成：7月20日 18:00，还剩 9 天',
  late: false,
  total: 40,
  done: 12,
  deferred: 3,
  found: 2,
  rows: lookbacks.map((name, i) => ({ no: i + 1, name, text: i < 4 ? `${i * 3}/${i * 10} 户` : '待办理 0' })),
  time: '数据时间：7月12日 08:31',
  handIn: '',
  returned: false,
  forms: true,
  next: 'households',
};

const villages: readonly Sample[] = [
  { name: 'village', audience: 'group', card: () => villageCard(village) },
  {
    name: 'village-late',
    audience: 'group',
    card: () => villageCard({ ...village, late: true, done: 31, due: '已过截止时间，仍可补报' }),
  },
  {
    name: 'village-done',
    audience: 'group',
    card: () => villageCard({ ...village, done: 40, deferred: 0, next: 'forms' }),
  },
  {
    name: 'village-handed-in',
    audience: 'group',
    card: () =>
      villageCard({
        ...village,
        late: true,
        done: 40,
        deferred: 0,
        next: 'none',
        handIn: '已提交乡镇（7月19日 17:02 王例），等乡镇接收或退回',
      }),
  },
  {
    name: 'village-returned',
    audience: 'group',
    card: () => villageCard({ ...village, returned: true, handIn: '乡镇已退回（7月19日 17:02 陈例），2 户要补充' }),
  },
  {
    name: 'village-closed',
    audience: 'group',
    card: () =>
      villageCard({
        ...village,
        forms: false,
        done: 0,
        total: 0,
        deferred: 0,
        found: 0,
        next: 'none',
        closed: '活动 7月12日 开始，到时再来。',
      }),
  },
  {
    name: 'village-hostile',
    audience: 'group',
    card: () =>
      villageCard({
        ...village,
        ...hostileHead,
        village: hostile,
        phase: hostile,
        due: hostile,
        handIn: hostile,
        time: hostile,
        rows: village.rows.map((r) => ({ ...r, name: hostile, text: hostile })),
      }),
  },
];

// ── first words and plain answers ────────────────────────────────────────────────────────────────────────────────────

const candidates = (n: number, name: string) =>
  Array.from({ length: n }, (_, i) => ({ area: String(360722100200 + i), name: `${name}${i}` }));
const welcomes: readonly Sample[] = [
  { name: 'welcome', audience: 'group', card: () => welcomeCard({ ...head, candidates: [] }) },
  {
    name: 'welcome-one',
    audience: 'group',
    card: () => welcomeCard({ ...head, candidates: [{ area: '360722100201', name: '大阿村' }] }),
  },
  {
    name: 'welcome-ten',
    audience: 'group',
    card: () => welcomeCard({ ...head, candidates: candidates(10, '大阿村') }),
  },
  {
    name: 'welcome-hostile',
    audience: 'group',
    card: () => welcomeCard({ ...hostileHead, candidates: candidates(10, hostile) }),
  },
  {
    name: 'move',
    audience: 'group',
    card: () => moveCard({ ...head, area: { code: '360722100201', name: '大阿村' }, from: '大阿村防返贫工作群' }),
  },
  {
    name: 'move-hostile',
    audience: 'group',
    card: () => moveCard({ ...hostileHead, area: { code: '360722100201', name: hostile }, from: hostile }),
  },
];

const commands = [
  { usage: '排查', text: '打开本村卡片，接着填下一户' },
  { usage: '进度', text: '看已排查多少户' },
  { usage: '查户 编码或户主', text: '看一户的情况' },
];
const answers: readonly Sample[] = [
  {
    name: 'help',
    audience: 'private',
    card: () => helpCard({ ...head, name: '张示', scope: '大阿村 村干部', commands }),
  },
  {
    name: 'help-hostile',
    audience: 'private',
    card: () =>
      helpCard({
        ...hostileHead,
        name: hostile,
        scope: hostile,
        commands: Array(15).fill({ usage: hostile, text: hostile }),
      }),
  },
  {
    name: 'campaign',
    audience: 'group',
    card: () =>
      campaignCard({
        ...head,
        title: '信丰县防止返贫监测帮扶集中排查“回头看”',
        number: '信巩办字〔2023〕13号',
        phases: [
          { name: '乡镇自查整改阶段', days: '7月12日—21日', state: '进行中' },
          { name: '县级抽查阶段', days: '7月22日—30日', state: '未开始' },
        ],
        left: '离村级完成还剩 9 天',
        contact: '县乡村振兴局',
      }),
  },
  {
    name: 'campaign-hostile',
    audience: 'group',
    card: () =>
      campaignCard({
        ...hostileHead,
        title: hostile,
        number: hostile,
        phases: Array(8).fill({ name: hostile, days: hostile, state: hostile }),
        left: hostile,
        contact: hostile,
      }),
  },
  {
    name: 'notice',
    audience: 'private',
    card: () =>
      noticeCard({ ...head, title: '没有找到这个村', text: '请核对名称后再发一次。', tone: 'plain', choices: [] }),
  },
  {
    name: 'notice-ask',
    audience: 'private',
    card: () =>
      noticeCard({
        ...head,
        title: '您要看哪里的进度？',
        text: '名称相近的有两处：',
        tone: 'ask',
        choices: [
          { text: '大阿镇', command: '进度 大阿镇' },
          { text: '大阿村', command: '进度 大阿村' },
        ],
      }),
  },
  {
    name: 'notice-hostile',
    audience: 'private',
    card: () =>
      noticeCard({
        ...hostileHead,
        title: hostile,
        text: hostile,
        tone: 'ask',
        choices: Array(10).fill({ text: hostile, command: hostile }),
      }),
  },
];

export const samples: readonly Sample[] = [
  ...welcomes,
  ...villages,
  ...workings,
  ...ofVillages,
  ...households,
  ...ofReminders,
  ...progresses,
  ...answers,
];
