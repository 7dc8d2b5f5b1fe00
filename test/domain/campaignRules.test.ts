// The problem rules of the household look-backs, row by row: what was said, what is known, whether it is a problem.
import { describe, expect, test } from 'vitest';
import { holds } from '../../src/domain/condition.ts';
import type { Answers, AnswerValue } from '../../src/ports.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
type Facts = Record<string, unknown>;
/** Rule as ITEM or ITEM/n for its n-th rule (from 0) · answers · facts · problem? */
type Row = readonly [rule: string, answers: Record<string, AnswerValue>, facts: Facts, problem: boolean];

const ask = (rule: string, answer: AnswerValue, problem: boolean): Row => [
  rule,
  { [rule.split('/')[0] ?? '']: answer },
  {},
  problem,
];
const none: Facts = {};
const settled = {
  'L1-03': '1.5倍以上',
  'L1-06': '全部在校',
  'L1-07': '全部参保',
  'L1-08': 'A或B级',
  'L1-09': '安全',
  'L1-11': '无困难',
};
const calm = {
  'L3-01': '1.5倍以上',
  'L3-02': '稳定',
  'L3-03': '全部在校',
  'L3-04': '全部参保',
  'L3-05': 'A或B级',
  'L3-06': '安全',
  'L3-07': '稳定消除',
  'L3-09': '无',
};
const papers = ['入户核实', '评议公示', '乡镇审核', '县级审批公告'];
const noRisk = { 'L1-15': '无返贫致贫风险' };
const kg8 = '因病因灾因意外等刚性支出较大或收入骤减户';

const lb1: Row[] = [
  ask('L1-01/0', '未核实', true),
  ask('L1-01/0', '全家外出，电话或视频核实', false),
  ['L1-01/1', { 'L1-01': '邻居或村民小组长代述', 'L1-01.contact': '还没有联系上' }, none, true],
  ['L1-01/1', { 'L1-01': '邻居或村民小组长代述', 'L1-01.contact': '已联系上' }, none, false],
  ask('L1-02', '有增减需更新', true),
  ask('L1-02', '不清楚', true),
  ask('L1-02', '一致', false),
  ['L1-03/0', { 'L1-03': '低于监测范围', ...noRisk }, none, true],
  ['L1-03/0', { 'L1-03': '低于监测范围', ...noRisk, 'L1-15.reason': '子女每月补贴' }, none, false],
  ['L1-03/0', { 'L1-03': '低于监测范围', 'L1-15': '疑似，提交乡镇研判' }, none, false],
  ['L1-03/1', { 'L1-03': '未测算' }, { keyGroup: true }, true],
  ['L1-03/1', { 'L1-03': '未测算' }, { keyGroup: false }, false],
  ['L1-04', { 'L1-04': '是', 'L1-11': '需帮扶' }, none, true],
  ['L1-04', { 'L1-04': '是', 'L1-11': '无困难' }, none, true],
  ['L1-04', { 'L1-04': '是', 'L1-11': '能自行化解' }, none, false],
  ['L1-04', { 'L1-04': '否', 'L1-11': '需帮扶' }, none, false],
  ['L1-05', { 'L1-05': '因病', 'L1-05.amount': 10000, 'L1-11': '需帮扶' }, none, true],
  ['L1-05', { 'L1-05': '因病', 'L1-05.amount': 9999, 'L1-11': '需帮扶' }, none, false],
  ['L1-05', { 'L1-05': '因病', 'L1-05.amount': 30000, 'L1-11': '能自行化解' }, none, false],
  ask('L1-06', '有失学辍学', true),
  ask('L1-06', '有休学送教', false),
  ask('L1-06', '无适龄', false),
  ask('L1-07', '有人未参保', true),
  ask('L1-07', '参保但报销未落实', true),
  ask('L1-07', '全部参保', false),
  ['L1-08', { 'L1-08': 'C级', 'L1-08.livedIn': '是' }, none, true],
  ['L1-08', { 'L1-08': 'D级', 'L1-08.livedIn': '是' }, none, true],
  ['L1-08', { 'L1-08': 'D级', 'L1-08.livedIn': '否' }, none, false],
  ask('L1-08', '无房借住不稳', true),
  ask('L1-08', '待鉴定', true),
  ask('L1-08', 'A或B级', false),
  ask('L1-09', '季节性缺水', true),
  ask('L1-09', '安全', false),
  ['L1-10', { 'L1-10': ['火灾', '失业'], 'L1-11': '需帮扶' }, none, true],
  ['L1-10', { 'L1-10': ['火灾'], 'L1-11': '能自行化解' }, none, false],
  ['L1-10', { 'L1-10': ['无'], 'L1-11': '需帮扶' }, none, false],
  ask('L1-11', '需帮扶', true),
  ask('L1-11', '无法判断', true),
  ask('L1-11', '能自行化解', false),
  ...campaign.keyGroups.flatMap((g): Row[] => [
    ['L1-12', { 'L1-12': ['都不是'] }, { keyGroups: [g.code] }, true],
    ['L1-12', { 'L1-12': [g.label] }, { keyGroups: [g.code], kind: '脱贫户' }, false],
  ]),
  ['L1-12', { 'L1-12': ['都不是'], 'L1-12.reason': '已搬走' }, { keyGroups: ['KG2'] }, false],
  ['L1-12', { 'L1-12': ['脱贫户'] }, { keyGroups: [], kind: '一般农户' }, true],
  ['L1-12', { 'L1-12': ['都不是'], 'L1-03': '监测范围至1.5倍' }, none, true],
  ['L1-12', { 'L1-12': ['低收入农户'], 'L1-03': '监测范围至1.5倍' }, none, false],
  ['L1-12', { 'L1-12': ['都不是'], 'L1-09': '取水困难' }, none, true],
  ['L1-12', { 'L1-12': ['“三保障”和饮水安全问题户'], 'L1-09': '取水困难' }, none, false],
  ['L1-12', { 'L1-12': ['都不是'], 'L1-05': '因学' }, none, true],
  ['L1-12', { 'L1-12': [kg8], 'L1-05': '因学', 'L1-04': '是' }, none, false],
  ['L1-13', { 'L1-13': '是', 'L1-15': '疑似，提交乡镇研判' }, none, true],
  ['L1-13', { 'L1-13': '是', ...settled, 'L1-09': '水量不足', ...noRisk }, none, true],
  ['L1-13', { 'L1-13': '是', ...settled, ...noRisk }, none, false],
  ['L1-13', { 'L1-13': '否', 'L1-15': '存在风险，应纳入' }, none, false],
  ask('L1-14/0', '有未办结', true),
  ask('L1-14/0', '有且已办结', false),
  ask('L1-14/1', '有但认定不符合无说明', true),
  ask('L1-14/1', '无线索', false),
  ask('L1-15/0', '存在风险，应纳入', true),
  ask('L1-15/0', '无返贫致贫风险', false),
  ask('L1-15/1', '疑似，提交乡镇研判', true),
  ask('L1-15/1', '无返贫致贫风险', false),
  ...Object.entries({
    'L1-03': '低于监测范围',
    'L1-06': '有失学辍学',
    'L1-07': '有人未参保',
    'L1-08': '待鉴定',
    'L1-09': '水质有问题',
    'L1-11': '需帮扶',
  }).map(([id, answer]): Row => ['L1-15/2', { ...settled, ...noRisk, [id]: answer }, none, true]),
  ['L1-15/2', { ...settled, ...noRisk }, none, false],
  ['L1-15/2', { ...settled, ...noRisk, 'L1-07': '有人未参保', 'L1-15.reason': '本月已补缴' }, none, false],
  ask('L1-16', '不知晓已讲解', true),
  ask('L1-16', '知晓', false),
  ask('L1-17', '未召开', true),
  ask('L1-17', '已召开', false),
];

const able = { 'L2-04': '有劳动能力' };
const lb2: Row[] = [
  ask('L2-01', '仅口头', true),
  ask('L2-01', '无', true),
  ask('L2-01', '有书面计划', false),
  ask('L2-02', '部分', true),
  ask('L2-02', '无对应', true),
  ask('L2-02', '每项风险都有措施', false),
  ask('L2-03', '与邻户雷同', true),
  ask('L2-03', '是', false),
  ['L2-04', { 'L2-04': '整户无劳动能力' }, { labour: 'able' }, true],
  ['L2-04', { 'L2-04': '有劳动能力' }, { labour: 'weak' }, true],
  ['L2-04', { 'L2-04': '有劳动能力' }, { labour: 'none' }, true],
  ['L2-04', { 'L2-04': '有劳动能力' }, { labour: 'able' }, false],
  ['L2-04', { 'L2-04': '仅弱劳力半劳力' }, { labour: 'unknown' }, false],
  ask('L2-05', '无(本人表态)', true),
  ['L2-05', { 'L2-05': '无(本人表态)', 'L2-05.talk': '2023-07-15' }, none, false],
  ask('L2-05', '不适用', false),
  ['L2-06', { 'L2-06': ['无'], ...able, 'L2-05': '有' }, none, true],
  ['L2-06', { 'L2-06': ['无'], ...able, 'L2-05': '部分有' }, none, true],
  ['L2-06', { 'L2-06': ['无'], ...able, 'L2-05': '无(本人表态)' }, none, false],
  ['L2-06', { 'L2-06': ['无'], 'L2-04': '整户无劳动能力', 'L2-05': '不适用' }, none, false],
  ['L2-06', { 'L2-06': ['就业帮扶'], ...able, 'L2-05': '有' }, none, false],
  ask('L2-07', '仅登记', true),
  ['L2-07', { 'L2-07': '在办', 'L2-10': 31 }, none, true],
  ['L2-07', { 'L2-07': '在办', 'L2-10': 30 }, none, false],
  ask('L2-07', '已见效', false),
  ask('L2-08', ['低保', '应享未享'], true),
  ask('L2-08', ['低保'], false),
  ask('L2-09', '未落实', true),
  ask('L2-09', '正在探索', true),
  ['L2-09', { 'L2-09': '正在探索', 'L2-09.next': '2023-07-25' }, none, false],
  ask('L2-09', '不适用', false),
  ['L2-10', { 'L2-10': 31, 'L2-06': ['无'], 'L2-08': ['不符合条件'] }, none, true],
  ['L2-10', { 'L2-10': 30, 'L2-06': ['无'], 'L2-08': ['不符合条件'] }, none, false],
  ['L2-10', { 'L2-10': 90, 'L2-06': ['产业帮扶'], 'L2-08': ['不符合条件'] }, none, false],
  ['L2-11', { ...able, 'L2-06': ['无'], 'L2-08': ['低保'] }, none, true],
  ['L2-11', { 'L2-04': '仅弱劳力半劳力', 'L2-06': ['无'], 'L2-08': ['临时救助'] }, none, true],
  ['L2-11', { 'L2-04': '整户无劳动能力', 'L2-06': ['无'], 'L2-08': ['低保'] }, none, false],
  ['L2-11', { ...able, 'L2-06': ['公益性岗位'], 'L2-08': ['低保'] }, none, false],
  ask('L2-12', '明确未联系', true),
  ask('L2-12', '无', true),
  ask('L2-12', '明确且在联系', false),
  ask('L2-13', '不清楚', true),
  ask('L2-13', '不认可', true),
  ask('L2-13', '认可', false),
  ask('L2-14', '疑似不符合(识别不精准)', true),
  ask('L2-14', '拟申请消除', false),
];

const stable = { ...calm, 'L3-14': '稳定' };
const lb3: Row[] = [
  ask('L3-01', '低于监测范围', true),
  ['L3-01', { 'L3-01': '监测范围至1.5倍', 'L3-01.amount': 7499 }, none, true],
  ['L3-01', { 'L3-01': '监测范围至1.5倍', 'L3-01.amount': 7500 }, none, false],
  ask('L3-01', '1.5倍以上', false),
  ask('L3-02', '中断', true),
  ['L3-02', { 'L3-02': '波动', 'L3-02.earner': '否' }, none, true],
  ['L3-02', { 'L3-02': '波动', 'L3-02.earner': '是' }, none, false],
  ask('L3-02', '稳定', false),
  ask('L3-03', '有失学辍学', true),
  ask('L3-03', '有休学送教', false),
  ask('L3-04', '参保但报销未落实', true),
  ask('L3-04', '全部参保', false),
  ['L3-05', { 'L3-05': 'C级', 'L3-05.livedIn': '是' }, none, true],
  ['L3-05', { 'L3-05': 'C级', 'L3-05.livedIn': '否' }, none, false],
  ask('L3-05', '无房借住不稳', true),
  ask('L3-06', '取水困难', true),
  ask('L3-06', '安全', false),
  ask('L3-07/0', '有反复', true),
  ask('L3-07/0', '自然消除', false),
  ask('L3-07/1', '未真正消除', true),
  ask('L3-07/1', '稳定消除', false),
  ask('L3-08', '其他', true),
  ['L3-08', { 'L3-08': '其他', 'L3-08.other': '投亲' }, none, false],
  ask('L3-08', '婚嫁', false),
  ask('L3-09', '有', true),
  ask('L3-09', '无', false),
  ['L3-10', { 'L3-10': papers.slice(1), 'L3-14': '稳定' }, none, true],
  ['L3-10', { 'L3-14': '稳定' }, none, true],
  ['L3-10', { 'L3-10': papers, 'L3-14': '稳定' }, none, false],
  ['L3-10', {}, none, false],
  ['L3-11/0', {}, { register: 'eliminated', labour: 'none' }, true],
  ['L3-11/0', {}, { register: 'eliminated', labour: 'weak' }, false],
  ['L3-11/1', {}, { register: 'eliminated', labour: 'none' }, true],
  ['L3-11/1', {}, { register: 'active', labour: 'none' }, false],
  ['L3-12', { 'L3-12': 5 }, { eliminationMode: '帮扶消除' }, true],
  ['L3-12', { 'L3-12': 6 }, { eliminationMode: '帮扶消除' }, false],
  ['L3-12', { 'L3-12': 5 }, { eliminationMode: '自然消除' }, false],
  ask('L3-13', '中断', true),
  ask('L3-13', '无此类', false),
  ask('L3-14/0', '消除不稳定或不精准→申请回退', true),
  ask('L3-14/0', '两者都有', true),
  ask('L3-14/0', '新增风险→重新识别', false),
  ask('L3-14/1', '新增风险→重新识别', true),
  ask('L3-14/1', '两者都有', true),
  ask('L3-14/1', '稳定', false),
  ...Object.entries({
    'L3-01': '低于监测范围',
    'L3-02': '中断',
    'L3-03': '有失学辍学',
    'L3-04': '有人未参保',
    'L3-05': '待鉴定',
    'L3-06': '水量不足',
    'L3-07': '有反复',
    'L3-09': '有',
  }).map(([id, answer]): Row => ['L3-14/2', { ...stable, [id]: answer }, none, true]),
  ['L3-14/2', stable, none, false],
  ['L3-14/2', { ...stable, 'L3-06': '水量不足', 'L3-14.reason': '新井下周通水' }, none, false],
];

const lb4: Row[] = [
  ['L4-01', { 'L4-01': '否' }, { labour: 'none' }, true],
  ['L4-01', { 'L4-01': '是' }, { labour: 'able' }, true],
  ['L4-01', { 'L4-01': '是' }, { labour: 'none' }, false],
  ['L4-02', { 'L4-02': '否', 'L4-04': '是' }, none, true],
  ['L4-02', { 'L4-02': '否', 'L4-04': '否' }, none, false],
  ['L4-02', { 'L4-02': '只能', 'L4-04': '是' }, none, false],
  ...['L4-03', 'L4-04'].flatMap((rule): Row[] => [
    [rule, { 'L4-03': '都不是', 'L4-04': '是' }, none, true],
    [rule, { 'L4-03': '甲 农村分散供养特困', 'L4-04': '否' }, none, true],
    [rule, { 'L4-03': '乙 全额或最高档低保', 'L4-04': '是' }, none, false],
    [rule, { 'L4-03': '都不是', 'L4-04': '否' }, none, false],
  ]),
  ask('L4-05', '有缺月', true),
  ask('L4-05', '标准不符', true),
  ask('L4-05', '是', false),
  ask('L4-06', '未落实', true),
  ask('L4-06', '不需要', false),
  ask('L4-07', '有', true),
  ask('L4-07', '无', false),
  ['L4-08', {}, { register: 'eliminated', labour: 'none' }, true],
  ['L4-08', {}, { register: 'active', labour: 'none' }, false],
];

const rows = [...lb1, ...lb2, ...lb3, ...lb4];

function ruleOf(name: string) {
  const [id, n = '0'] = name.split('/');
  const rule = campaign.items.find((i) => i.id === id)?.problems[Number(n)];
  if (!rule) throw new Error(`no rule ${name}`);
  return rule;
}
const evaluate = (name: string, answers: Answers, facts: Facts) =>
  holds(ruleOf(name).when, { answers, facts, thresholds: campaign.thresholds });

for (const [rule, answers, facts, problem] of rows) {
  const known = Object.keys(facts).length > 0 ? `, knowing ${JSON.stringify(facts)},` : '';
  test(`${rule} with ${JSON.stringify(answers)}${known} is ${problem ? 'a' : 'no'} problem`, () => {
    expect(evaluate(rule, answers, facts)).toBe(problem);
  });
}

describe('the table is whole', () => {
  const rules = campaign.items
    .filter((i) => /^LB[1-4]$/.test(i.lookback))
    .flatMap((i) => i.problems.map((_, n) => (i.problems.length === 1 ? i.id : `${i.id}/${n}`)));

  test.each(rules)('%s has a row that is a problem and one that is not', (rule) => {
    expect(new Set(rows.filter((r) => r[0] === rule).map((r) => r[3]))).toEqual(new Set([true, false]));
  });

  test('nothing said is never a problem of an ordinary household', () => {
    for (const rule of rules)
      expect([rule, evaluate(rule, {}, { register: 'none', labour: 'able' })]).toEqual([rule, false]);
  });
});

test.each([
  ['L1-15/0', 'PT01', 'IDENT'],
  ['L1-13', 'PT02', 'IDENT'],
  ['L2-14', 'PT03', 'PROC'],
  ['L2-01', 'PT04', 'AID'],
  ['L2-02', 'PT05', 'AID'],
  ['L2-03', 'PT05', 'AID'],
  ['L2-06', 'PT06', 'AID'],
  ['L2-08', 'PT07', 'AID'],
  ['L4-05', 'PT07', 'AID'],
  ['L2-09', 'PT08', 'AID'],
  ['L2-07', 'PT09', 'AID'],
  ['L2-10', 'PT09', 'AID'],
  ['L2-11', 'PT09', 'AID'],
  ['L3-01', 'PT10', 'ROLLBACK'],
  ['L3-02', 'PT10', 'ROLLBACK'],
  ['L3-07/1', 'PT11', 'ROLLBACK'],
  ['L3-11/0', 'PT11', 'ROLLBACK'],
  ['L4-08', 'PT11', 'ROLLBACK'],
  ['L3-09', 'PT12', 'REIDENT'],
  ['L4-03', 'PT13', 'NOLABOUR'],
  ['L1-02', 'PT16', 'DATA'],
  ['L3-10', 'PT20', 'PROC'],
  ['L1-08', 'PT22', 'SAFE'],
  ['L3-04', 'PT22', 'SAFE'],
  ['L1-12', 'PT19', 'LEDGER'],
])('%s opens %s and leads to %s', (rule, type, procedure) => {
  expect(ruleOf(rule)).toMatchObject({ type, procedure });
});

describe('a conclusion that does not fit what was filled in asks for one sentence', () => {
  const asks = (id: string, answers: Answers) => {
    const f = campaign.items.flatMap((i) => i.followUps).find((x) => x.id === id);
    return f?.required === true && holds(f.when, { answers, facts: {}, thresholds: campaign.thresholds });
  };
  test.each<[string, Answers, boolean]>([
    ['L1-15.reason', { ...settled, ...noRisk, 'L1-03': '低于监测范围' }, true],
    ['L1-15.reason', { ...settled, ...noRisk }, false],
    ['L1-15.reason', { ...settled, 'L1-15': '存在风险，应纳入', 'L1-03': '低于监测范围' }, false],
    ['L3-14.reason', { ...stable, 'L3-07': '未真正消除' }, true],
    ['L3-14.reason', stable, false],
    ['L3-14.reason', { ...stable, 'L3-09': '有', 'L3-14': '新增风险→重新识别' }, false],
  ])('%s after %j: %s', (id, answers, asked) => {
    expect(asks(id, answers)).toBe(asked);
  });
});
