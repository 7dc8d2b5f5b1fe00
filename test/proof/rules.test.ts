// Holds the proof's own rules to what each is there to find: a list that keeps them, and one breach of each.
import { expect, test } from 'vitest';
import { xinfeng } from '../support/xinfeng.ts';
import { type County, daaTown, type Someone } from './county.ts';
import { breaches, goodDay } from './rules.ts';
import type { Told } from './told.ts';

const at = (day: number, time: string) => Date.parse(`2023-07-${day}T${time}+08:00`);
const village = {
  code: '360722108204',
  name: '官洞坑村',
  short: '官洞坑',
  township: daaTown,
  townshipName: '大阿镇',
  no: 174,
};
const someone = (openId: string, over: Partial<Someone> = {}): Someone => ({
  openId,
  name: '官洞坑村 村干部2',
  role: '村干部',
  areaCode: village.code,
  level: 'village',
  leaveUntilDay: null,
  ...over,
});
const people = [
  someone('ou_cadre'),
  someone('ou_away', { leaveUntilDay: '2023-07-17' }),
  someone('ou_inspector', { role: '县级督查', areaCode: '360722', level: 'county' }),
];
const county: County = {
  campaign: xinfeng(),
  villages: [village],
  people,
  groups: [],
  names: new Map(),
  copy: () => undefined,
  close: () => undefined,
};
const digest = (over: Partial<Told> = {}): Told => ({
  key: 'dig/1',
  kind: 'digest',
  to: 'ou_cadre',
  name: '官洞坑村 村干部2',
  areaCode: village.code,
  level: 'village',
  title: '今日可办',
  at: at(14, '09:02:10'),
  slot: at(14, '09:02:09'),
  plannedAt: at(14, '09:02:00'),
  calls: 1,
  ...over,
});
const milestone = (title: string): Told => digest({ kind: 'milestone', to: 'oc_1', title });
const on = (day: number, time: string) => ({ at: at(day, time), slot: at(day, time), plannedAt: at(day, time) });

test('what keeps every rule is no breach', () => {
  expect(breaches(county, [digest(), milestone('开始')], goodDay)).toEqual([]);
});

test.each<[string, readonly Told[]]>([
  ['outside working hours', [digest(on(14, '08:59:59'))]],
  ['outside working hours', [digest(on(14, '18:00:00'))]],
  ['outside working hours', [digest(on(15, '09:02:10'))]],
  ['slot at a full or half hour', [digest(on(14, '10:00:59'))]],
  ['slot at a full or half hour', [digest(on(14, '10:30:00'))]],
  ['after the campaign', [digest(on(31, '09:02:10'))]],
  ['before its slot', [digest({ at: at(14, '09:02:08') })]],
  ['more than 60000 ms after its slot', [digest({ at: at(14, '09:03:10') })]],
  ['sent more than 1 times', [digest({ calls: 2 })]],
  ['away', [digest({ to: 'ou_away' })]],
  ['nothing undone', [digest(on(20, '09:02:10'))]],
  ['a role that owes nothing', [digest({ to: 'ou_inspector', areaCode: '360722', level: 'county' })]],
  ['digest in a group that wants none', [digest({ kind: 'groupDigest', to: 'oc_1' })]],
  [
    'slots of one cause lie',
    [digest(), digest({ ...on(14, '09:07:10'), plannedAt: at(14, '09:02:00'), kind: 'milestone', to: 'oc_1' })],
  ],
  ['two digests to one on one day', [digest(), digest({ key: 'dig/2', ...on(14, '16:02:10') })]],
  ['a milestone twice', [milestone('开始'), milestone('开始')]],
  ['5 milestones', ['一', '二', '三', '四', '五'].map(milestone)],
])('%s is found', (rule, told) => {
  expect(breaches(county, told, goodDay).map((b) => b.slice(0, rule.length))).toContain(rule);
});
