// Owns example views of what is said unasked and of 提醒, with the largest a county can make. Invented.
import { digestCard } from './digest.ts';
import { groupDigestCard, milestoneCard } from './milestone.ts';
import { feedbackCard, remindersCard, trialCard } from './reminders.ts';
import { head, hostile, hostileHead, long, type Sample } from './sampleWords.ts';
import type {
  DigestPartView,
  DigestView,
  FeedbackView,
  GroupDigestView,
  MilestoneView,
  RemindersView,
  TrialView,
} from './viewsOfReminders.ts';

const c = 'xinfeng-2023-13';
const v = '360722108200';
const a = '360722108';

const village: DigestPartView = {
  place: '大阿村',
  deadline: { text: '村级完成：7月20日 18:00，还剩 3 天', light: 'blue' },
  lines: ['还有 28 户没有排查，2 户到了再联系的日子，村级表 3 张待填'],
  decide: '',
  next: '约 2 小时；下一步：7月19日 村级研判',
  work: { kind: 'households', open: { c, v, p: true } },
  reasons: null,
};
const digest: DigestView = {
  ...head,
  title: '今日可办：大阿村 28 户，约 2 小时',
  command: '排查',
  parts: [village],
  more: '',
  towns: [],
  feedback: { c },
  time: '数据时间：7月17日 09:02',
};
const returned: DigestPartView = {
  ...village,
  deadline: { text: '村级完成：7月20日 18:00，就在今天', light: 'yellow' },
  lines: ['乡镇退回 3 处，还有 2 户要重新核实'],
  next: '约 10 分钟',
  reasons: { c, v },
};
const forms: DigestPartView = {
  ...village,
  place: '金星村',
  deadline: { text: '村级完成的时间（7月20日 18:00）已过，仍可补报', light: 'red' },
  lines: ['村级表 2 张待填'],
  work: { kind: 'forms', open: { c, v, p: true } },
};
const handIn: DigestPartView = {
  ...village,
  place: '阳光村',
  deadline: { text: '汛期排查：8月30日 18:00，还剩 40 天', light: null },
  lines: ['都填好了，可以村级提交'],
  next: '',
  work: { kind: 'handIn', open: { c, v } },
};
const town: DigestPartView = {
  place: '大阿镇',
  deadline: { text: '乡镇报送：7月21日 12:00，还剩 1 天', light: 'yellow' },
  lines: [
    '已接收 14 村，待接收 2 村，还在排查 3 村',
    '待接收：大阿村、金星村',
    '从 7月19日 00:00 到现在：新排查 320 户，新提交 5 村',
  ],
  decide: '阳光村、莲塘村，村级完成已到期',
  next: '约 40 分钟；下一步：7月20日 乡镇审核',
  work: { kind: 'area', text: '看各村', open: { c, a } },
  reasons: null,
};
const county: DigestView = {
  ...digest,
  title: '今日进展：信丰县待接收 12 村',
  command: '进度',
  parts: [
    {
      ...town,
      place: '信丰县',
      lines: [
        '已排查 12450/15000 户，发现线索 210 户',
        '已接收 200 村，待接收 12 村，还在排查 99 村',
        '从 7月19日 00:00 到现在：新排查 1320 户，新提交 45 村',
      ],
      decide: '大阿镇、油山镇，乡镇报送已到期，还有 7 个村没有接收',
      next: '',
      work: { kind: 'area', text: '看各乡镇', open: { c, a: '360722' } },
    },
  ],
  towns: ['嘉定镇', '大塘埠镇', '大阿镇', '油山镇'].map((name, i) => ({ name, handedIn: 12 - i, left: 3 + i })),
};
const largest = (text: string): DigestView => ({
  ...digest,
  title: text,
  command: '排查',
  parts: Array.from({ length: 10 }, (_, i) => ({
    ...returned,
    place: text,
    deadline: { text: `村级完成的时间（7月20日 18:00）已过，仍可补报`, light: 'red' as const },
    lines: i === 0 ? Array(5).fill(text) : [text, text],
    decide: i === 0 ? text : '',
    next: text,
  })),
  more: `${text}、`.repeat(8),
  towns: Array.from({ length: 16 }, (_, i) => ({ name: `${text.slice(0, 12)}${i}`, handedIn: i, left: 20 })),
});

const milestone: MilestoneView = {
  ...head,
  title: '大阿村：乡镇自查整改阶段开始',
  lines: ['7月12日—7月21日，逐户排查，填村级表，村级研判后提交乡镇', '本村共 40 户要排查'],
  deadline: { text: '村级完成：7月20日 18:00，还剩 8 天', light: null },
  promise: true,
  area: { kind: 'village', open: { c, v } },
  time: '数据时间：7月12日 09:00',
};
const groupDigest: GroupDigestView = {
  ...head,
  town: '大阿镇',
  deadline: { text: '乡镇报送：7月21日 12:00，还剩 2 天', light: 'blue' },
  lines: [
    '已排查 380/400 户',
    '已接收 14 村，待接收 2 村，还在排查 3 村',
    '从 7月18日 00:00 到现在：新排查 32 户，新提交 5 村',
  ],
  open: { c, a, p: 0 },
  time: '数据时间：7月19日 09:30',
};

const reminders: RemindersView = {
  ...head,
  state: '工作日每天至多一条',
  why: ['大阿村：还有 28 户没有排查，村级表 3 张待填'],
  paused: false,
  value: { r: 0 },
  coming: [
    { when: '7月14日 09:02', what: '逐户排查' },
    { when: '7月19日 09:02', what: '村级完成还剩 1 天、村级研判会和数据核对' },
  ],
  later: '之后还有 4 条。已办完的不会再发。',
  groups: [],
  trials: [],
  feedback: { c },
};
const most: RemindersView = {
  ...reminders,
  why: Array(10).fill(long),
  coming: Array(10).fill({ when: '7月13日 09:00', what: long }),
  later: long,
  groups: Array.from({ length: 3 }, () => ({ text: long, value: { c, a, on: true } })),
  trials: Array.from({ length: 3 }, () => ({ text: long, value: { c } })),
};
const trial: TrialView = {
  ...head,
  lines: ['7月12日到7月30日，预计发 2350 条，最多的一天 420 条', '本月已用 1200 次调用，共可用 10000 次'],
  rows: [
    { when: '7月12日 09:00', what: '群：集中排查“回头看”今天开始', n: 311, takes: '1 分钟', share: '3.1%' },
    { when: '7月13日 09:00', what: '村级：逐户排查', n: 420, takes: '1 分钟', share: '4.2%' },
  ],
  months: [{ name: '2023年7月', used: 1200, planned: 2350, left: 6450 }],
};
const feedback: FeedbackView = {
  ...head,
  value: { c },
  kinds: ['负担重', '填不了', '别的'].map((text) => ({ text, value: text })),
};

export const ofReminders: readonly Sample[] = [
  { name: 'digest', audience: 'private', card: () => digestCard(digest) },
  {
    name: 'digest-several',
    audience: 'private',
    card: () =>
      digestCard({ ...digest, title: '今日可办 3 处：大阿村、金星村、阳光村', parts: [returned, forms, handIn] }),
  },
  {
    name: 'digest-town',
    audience: 'private',
    card: () => digestCard({ ...digest, title: '今日可办：大阿镇待接收 2 村，约 40 分钟', parts: [town] }),
  },
  { name: 'digest-county', audience: 'private', card: () => digestCard(county) },
  { name: 'digest-largest', audience: 'private', card: () => digestCard(largest(long)) },
  { name: 'digest-hostile', audience: 'private', card: () => digestCard({ ...largest(hostile), ...hostileHead }) },
  { name: 'milestone', audience: 'group', card: () => milestoneCard(milestone) },
  {
    name: 'milestone-town',
    audience: 'group',
    card: () =>
      milestoneCard({
        ...milestone,
        title: '大阿镇：村级完成还剩 1 天',
        promise: false,
        area: { kind: 'township', open: { c, a, p: 0 } },
      }),
  },
  {
    name: 'milestone-end',
    audience: 'group',
    card: () =>
      milestoneCard({
        ...milestone,
        title: '大阿村：乡镇自查整改阶段结束',
        lines: ['已排查 40/40 户，已由乡镇接收，辛苦了'],
        deadline: null,
        promise: false,
        area: null,
      }),
  },
  {
    name: 'milestone-hostile',
    audience: 'group',
    card: () =>
      milestoneCard({
        ...milestone,
        ...hostileHead,
        title: hostile,
        lines: [hostile, long, hostile],
        deadline: { text: hostile, light: 'red' },
      }),
  },
  { name: 'groupDigest', audience: 'group', card: () => groupDigestCard(groupDigest) },
  {
    name: 'groupDigest-hostile',
    audience: 'group',
    card: () => groupDigestCard({ ...groupDigest, ...hostileHead, town: hostile, lines: [hostile, long] }),
  },
  { name: 'reminders', audience: 'private', card: () => remindersCard(reminders) },
  {
    name: 'reminders-away',
    audience: 'private',
    card: () =>
      remindersCard({
        ...reminders,
        state: '请假到 7月18日，这几天不提醒',
        paused: true,
        value: { r: 1689120000000 },
        coming: [],
      }),
  },
  {
    name: 'reminders-office',
    audience: 'private',
    card: () =>
      remindersCard({
        ...reminders,
        groups: [{ text: '大阿镇群每日进展：开', value: { c, a, on: true } }],
        trials: [{ text: '试算', value: { c } }],
      }),
  },
  { name: 'reminders-largest', audience: 'private', card: () => remindersCard(most) },
  {
    name: 'reminders-hostile',
    audience: 'private',
    card: () =>
      remindersCard({
        ...most,
        ...hostileHead,
        state: hostile,
        later: hostile,
        why: Array(10).fill(hostile),
        coming: Array(10).fill({ when: hostile, what: hostile }),
      }),
  },
  { name: 'trial', audience: 'private', card: () => trialCard(trial) },
  {
    name: 'trial-largest',
    audience: 'private',
    card: () =>
      trialCard({
        ...trial,
        ...hostileHead,
        lines: [hostile, long],
        rows: Array.from({ length: 60 }, () => ({
          ...(trial.rows[0] as TrialView['rows'][number]),
          what: long.slice(0, 30),
        })),
        months: ['2023年7月', '2023年8月', '2023年9月'].map((name) => ({ name, used: 1, planned: 2, left: 3 })),
      }),
  },
  { name: 'feedback', audience: 'private', card: () => feedbackCard(feedback) },
];
