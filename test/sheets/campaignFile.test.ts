// A broken campaign file: each kind of fault is named by the right line and a sentence that says what to do.
import { describe, expect, test } from 'vitest';
import { faultLine, parseCampaign } from '../../src/sheets/campaignFile.ts';

const good = `id: small-campaign
number: 一号
title: 小方案
short: 小方案
issuer: 某办
issuedDay: 2023-07-12
zone: Asia/Shanghai
county: { code: '360799', name: 某县 }
contact: 某办
confirmed: { monitoringLine: true, keyGroups: true }
phases:
  - id: P1
    name: 自查
    from: 2023-07-12
    to: 2023-07-21
    deadlines:
      - { id: village, name: 村级完成, level: village, at: '2023-07-20T18:00+08:00' }
    lockAt: '2023-07-22T00:00+08:00'
    screening: true
  - id: P2
    name: 抽查
    from: 2023-07-22
    to: 2023-07-30
    deadlines: []
    screening: false
extraWorkdays: []
roles:
  - { id: cadre, name: 村干部, level: village, may: [answer] }
  - { id: office, name: 县办, level: county, may: [manage] }
thresholds:
  large: 10000
keyGroups:
  - { code: KG1, label: 脱贫户 }
deferReasons: [不在家]
lookbacks:
  - id: LB1
    no: 1
    title: 第一项
    short: 第一项
    scope: household
    population: { fact: register, is: [none] }
    shortWhen: { fact: keyGroup, is: [false] }
  - { id: LB2, no: 2, title: 第二项, short: 第二项, scope: village }
switches:
  - { id: S1, text: 住房, normal: 全部正常, other: 有问题 }
items:
  - id: Q-01
    lookback: LB1
    scope: household
    text: 收入是否减少
    type: single
    options: &yesNo
      - { value: 否, normal: true }
      - { value: 是 }
    card: short
    problems:
      - { when: { item: Q-01, is: [是] }, type: PT01, procedure: IDENT }
    followUps:
      - id: Q-01.amount
        text: 第1题补充：金额（元）
        type: money
        required: true
        when: { item: Q-01, is: [是] }
  - id: Q-02
    lookback: LB1
    scope: household
    text: 住房是否安全
    type: single
    options: *yesNo
    card: short
    switch: S1
    problems:
      - when: { all: [{ item: Q-01.amount, atLeast: large }, { fact: kind, is: [一般农户] }] }
        procedure: IDENT
    followUps: []
    evidence: 可附照片，不作要求
  - id: Q-03
    lookback: LB1
    scope: household
    text: 属于哪类
    type: multi
    options:
      - { value: 脱贫户 }
      - { value: 都不是, alone: true }
    card: full
    computed: keyGroups
    problems: []
    followUps: []
problemTypes:
  - { code: PT01, name: 某问题, procedure: IDENT, days: 15, severity: high }
procedures:
  - { code: IDENT, name: 识别 }
`;

/**
 * `find` occurs once; the first fault is expected on the line where `at` (default: the replacement's first line) stands,
 * and as many as `n` in all (default 1): more only where the file refers to what was broken.
 */
type Case = readonly [find: string, replace: string, reason: RegExp, at?: string, n?: number];

function broken(find: string, replace: string): string {
  expect(good.split(find)).toHaveLength(2);
  return good.replace(find, () => replace);
}
const lineOf = (text: string, words: string) => text.slice(0, text.indexOf(words)).split('\n').length;

function faultsOf(text: string) {
  const read = parseCampaign(text, 'small.yaml');
  return 'faults' in read ? read.faults : [];
}

test('the file these tests break is itself without fault', () => {
  expect(faultsOf(good).map(faultLine)).toEqual([]);
});

const syntax: Case[] = [
  ['number: 一号', 'number: 一号\nnumber: 二号', /写了两次/, 'number: 二号'],
  ['zone: Asia/Shanghai', 'zone: "Asia/Shanghai', /引号没有收尾/],
  ['    name: 自查', '\tname: 自查', /^缩进用了制表符/, 'name: 自查'],
  ['options: *yesNo', 'options: *noYes', /没有用 &/],
  ['  - { code: IDENT, name: 识别 }', '  - { code: IDENT, name: 识别', /括号没有收尾/],
];
const schema: Case[] = [
  ['title: 小方案\n', '', /^缺少 title，请补充$/, 'id: small'],
  ['    text: 收入是否减少\n', '', /^缺少 text，请补充$/, '- id: Q-01'],
  ["code: '360799'", 'code: 360799', /^code 应该是文字（数字请加引号），现在是 “360799”$/],
  ['no: 1', 'no: 一', /^no 应该是数字，现在是 “一”$/],
  ['screening: true', 'screening: 是', /^screening 应该是true 或 false，现在是 “是”$/],
  ['type: money', 'type: yuan', /^type 只能写 single、multi、number、money、date、text，现在是 “yuan”$/],
  ['issuedDay: 2023-07-12', 'issuedDay: 2023.7.12', /^issuedDay 的格式不对：日期请写成 2023-07-12/],
  ["at: '2023-07-20T18:00+08:00'", 'at: 7月20日', /^at 的格式不对：时间请写成/],
  ['short: 小方案', "short: ''", /^short 不能为空/],
  ['deferReasons: [不在家]', 'deferReasons: []', /^deferReasons 不能为空/],
  ['evidence: 可附照片，不作要求', 'evidense: 可附照片，不作要求', /^这里不认识“evidense”/],
  ['{ fact: register, is: [none] }', '{ fact: register, equals: [none] }', /条件的写法不对/],
  ['{ fact: kind, is: [一般农户] }', '{ fact: kind, is: 一般农户 }', /^is 应该是列表，现在是 “一般农户”$/],
  ['id: small-campaign', 'id: 小方案', /^id 的格式不对：用小写字母、数字和横线/],
];
const references: Case[] = [
  [
    '    lookback: LB1\n    scope: household\n    text: 住房是否安全',
    '    lookback: LB9\n    scope: household\n    text: 住房是否安全',
    /^Q-02 写的回头看 LB9 不存在/,
  ],
  ['when: { item: Q-01, is: [是] }, type', 'when: { item: Q-09, is: [是] }, type', /^条件里的题目 Q-09 不存在/],
  ['when: { item: Q-01, is: [是] }, type', 'when: { item: Q-01, is: [有] }, type', /^Q-01 没有“有”这个选项/],
  ['when: { item: Q-01, is: [是] }, type', 'when: { item: Q-01, isNot: [] }, type', /没有写选项/],
  ['when: { item: Q-01, is: [是] }, type', 'when: { item: Q-01, atLeast: 3 }, type', /^Q-01 不是数字/],
  ['{ item: Q-01.amount, atLeast: large }', '{ item: Q-01.amount, atLeast: huge }', /^thresholds 里没有 huge/],
  ['{ item: Q-01.amount, atLeast: large }', '{ item: Q-01.amount, is: [是] }', /^Q-01.amount 没有选项/],
  ['{ fact: kind, is: [一般农户] }', '{ fact: colour, is: [红] }', /^没有叫 colour 的户情况/],
  [
    '{ fact: kind, is: [一般农户] }',
    '{ fact: kind, is: [贵族] }',
    /^户情况 kind 没有 贵族 这个值，可写 一般农户、脱贫户$/,
  ],
  ['{ fact: kind, is: [一般农户] }', '{ fact: keyGroups, is: [KG7] }', /^户情况 keyGroups 没有 KG7/],
  ['{ fact: kind, is: [一般农户] }', '{ any: [] }', /一个条件也没有/],
  ['type: PT01, procedure', 'type: PT77, procedure', /^Q-01 的问题类型 PT77 不存在/],
  ['        procedure: IDENT\n', '        procedure: OTHER\n', /^Q-02 的办理程序 OTHER 不存在/],
  ['name: 某问题, procedure: IDENT', 'name: 某问题, procedure: OTHER', /^PT01 的办理程序 OTHER 不存在/],
  ['computed: keyGroups', 'computed: groups', /^Q-03 的 computed 没有叫 groups 的/],
  ['{ fact: register, is: [none] }', '{ item: Q-01, is: [是] }', /^问哪些户只能看名单上的情况/],
];
const items: Case[] = [
  ['  - id: Q-02', '  - id: Q-01 # 又一次', /^编号 Q-01 重复了/],
  [
    '{ code: KG1, label: 脱贫户 }',
    '{ code: KG1, label: 已脱贫 }',
    /^Q-03 的选项要和 keyGroups 的名称逐条一致/,
    'options:\n      - { value: 脱贫户',
  ],
  ['- { value: 都不是, alone: true }', '- { value: 脱贫户, alone: true }', /^Q-03 的选项 脱贫户 重复了/],
  ['id: Q-01.amount', 'id: amount', /^补充项 amount 的编号要以 Q-01\. 开头/, 'id: amount', 2],
  ['type: money', 'type: single', /^Q-01.amount 是选择题，请至少写两个选项/, '- id: Q-01.amount', 2],
  ['- { value: 是 }', '- { value: 是, normal: true }', /是单选，最多一个选项可以写 normal/, 'options: &yesNo', 2],
  ['- { value: 是 }', '- { value: 是, alone: true }', /不是多选，选项不用写 alone/, '{ value: 是, alone', 2],
  ['card: short\n    switch: S1', 'card: full\n    switch: S1', /^Q-02 在开关后面，card 请写 short/],
  ['- { value: 否, normal: true }', '- { value: 否 }', /^Q-02 在开关后面，请给一个选项写上 normal/, '- id: Q-02'],
  ['    computed: keyGroups\n', '    type: calc\n', /写了两次/],
  ['    population: { fact: register, is: [none] }\n', '', /^LB1 是按户的，请写 population/, '- id: LB1'],
  [
    'scope: village }',
    'scope: village, population: { fact: kind, is: [脱贫户] } }',
    /^LB2 不是按户的，不用写 population/,
  ],
  ['scope: village }', 'scope: household, population: { fact: kind, is: [脱贫户] } }', /^LB2 的全表没有一道题/],
  ['scope: household\n    population', 'scope: household\n    rows: [甲]\n    population', /不用写 rows/, 'rows'],
  ['may: [answer]', 'may: []', /没有哪个角色可以填报/, 'roles:'],
];
const calendar: Case[] = [
  ['zone: Asia/Shanghai', 'zone: Asia/Xinfeng', /^时区 Asia\/Xinfeng 不认识/],
  ['issuedDay: 2023-07-12', 'issuedDay: 2023-02-30', /^没有 2023-02-30 这一天/],
  ['extraWorkdays: []', 'extraWorkdays: [2023-13-01]', /^没有 2023-13-01 这一天/],
  ['to: 2023-07-21', 'to: 2023-07-11', /结束日期 2023-07-11 早于开始日期/],
  ['from: 2023-07-22', 'from: 2023-07-21', /^抽查从 2023-07-21 开始，但自查到 2023-07-21 才结束/],
  ["at: '2023-07-20T18:00+08:00'", "at: '2023-07-11T18:00+08:00'", /不在自查（2023-07-12 至 2023-07-21）内/],
  ["at: '2023-07-20T18:00+08:00'", "at: '2023-07-20T99:00+08:00'", /不存在，请核对/],
  ["lockAt: '2023-07-22T00:00+08:00'", "lockAt: '2023-07-20T00:00+08:00'", /早于村级完成的期限/],
  ['screening: true', 'screening: false', /没有哪个阶段排查农户/, 'phases:'],
  [
    'deadlines: []',
    "deadlines:\n      - { id: a, name: 甲, level: village, at: '2023-07-25T18:00+08:00' }\n      - { id: a, name: 乙, level: village, at: '2023-07-26T18:00+08:00' }",
    /^期限编号 a 重复了/,
    'name: 乙',
  ],
];
const burden: Case[] = [
  ['text: 收入是否减少', 'text: 入户打卡后填写', /“打卡”.*H-01$/],
  ['title: 第一项', 'title: 每日签到', /“签到”.*H-01$/],
  ['name: 某问题', 'name: 积分', /“积分”.*H-02$/],
  ['name: 抽查', 'name: 各村排名', /“排名”.*H-02$/],
  ['evidence: 可附照片，不作要求', 'evidence: 必须拍照上传', /“必须拍照”.*H-10$/],
  ['evidence: 可附照片，不作要求', 'evidence: 须现场定位', /“须现场定位”.*H-10$/],
  ['evidence: 可附照片，不作要求', 'evidence: 走访轨迹', /“轨迹”.*H-11$/],
  ['deferReasons: [不在家]', 'deferReasons: [收到请回复]', /H-06$/],
];

const kinds: readonly (readonly [kind: string, cases: readonly Case[]])[] = [
  ['how the file is written', syntax],
  ['what each entry holds', schema],
  ['what refers to what', references],
  ['questions and look-backs', items],
  ['dates', calendar],
  ['what would burden people', burden],
];
describe.each(kinds)('%s', (_, cases) => {
  for (const [find, replace, reason, at, n = 1] of cases) {
    test(`instead of ${JSON.stringify(find)}, ${JSON.stringify(replace)}`, () => {
      const text = broken(find, replace);
      const faults = faultsOf(text);
      const line = lineOf(text, at ?? replace.trim().split('\n')[0] ?? '');
      expect(faults[0]).toMatchObject({ file: 'small.yaml', line, reason: expect.stringMatching(reason) });
      expect(faults.map((f) => f.reason)).toHaveLength(n);
    });
  }
});

test('faults of every kind are named at once, in the order of the file', () => {
  const text = good
    .replace('issuedDay: 2023-07-12', 'issuedDay: 2023-02-30')
    .replace('text: 收入是否减少', 'text: 签到')
    .replace('type: money', 'type: yuan')
    .replace('computed: keyGroups', 'computed: groups')
    .replace('severity: high', 'severity: hi');
  expect(faultsOf(text).map((f) => [f.line, f.reason.slice(0, 12)])).toEqual([
    [6, '没有 2023-02-3'],
    [lineOf(text, 'text: 签到'), '请去掉“签到”：不要求打'],
    [lineOf(text, 'type: yuan'), 'type 只能写 sin'],
    [lineOf(text, 'computed: groups'), 'Q-03 的 compu'],
    [lineOf(text, 'severity: hi'), 'severity 只能写'],
  ]);
});

test('what refers to a faulty entry is not called missing', () => {
  const text = broken('severity: high', 'severity: hi');
  expect(faultsOf(text).map((f) => f.path)).toEqual(['problemTypes/0/severity']);
});

test('a follow-up may not depend on the roster: the group would see it', () => {
  const text = broken(
    'required: true\n        when: { item: Q-01, is: [是] }',
    'required: true\n        when: { fact: kind, is: [脱贫户] }',
  );
  expect(faultsOf(text).map((f) => [f.line, f.reason])).toEqual([
    [lineOf(text, 'when: { fact: kind, is: [脱贫户]'), expect.stringContaining('H-15')],
  ]);
});

test('a follow-up may not depend on another follow-up: they are asked together', () => {
  const text = broken(
    'required: true\n        when: { item: Q-01, is: [是] }',
    'required: true\n        when: { item: Q-01.amount, atLeast: 1 }',
  );
  expect(faultsOf(text).map((f) => f.reason)).toEqual([expect.stringContaining('它们在同一步')]);
});

test('a card of more than forty questions is refused', () => {
  const more = Array.from(
    { length: 40 },
    (_, i) =>
      `  - { id: Q-${i + 10}, lookback: LB1, scope: household, text: 题目, type: text, card: full, problems: [], followUps: [] }\n`,
  );
  const text = good.replace('problemTypes:', () => `${more.join('')}problemTypes:`);
  expect(faultsOf(text).map((f) => f.reason)).toEqual(['LB1 的全表有 43 题，最多 40 题，请精简（减负条款 H-22）']);
});

test('an empty file and a file of something else are refused with a sentence', () => {
  expect(faultsOf('').map(faultLine)).toEqual(['small.yaml:1:1: 文件是空的，请写入方案内容']);
  expect(faultsOf('- a\n- b\n')).toHaveLength(1);
  expect(faultsOf('一段文字')).toHaveLength(1);
});

test('an option behind a reference is shown where it is written', () => {
  const text = broken('- { value: 是 }', '- { value: 签到 }');
  const faults = faultsOf(text).filter((f) => f.reason.includes('签到'));
  expect(new Set(faults.map((f) => f.line))).toEqual(new Set([lineOf(text, '{ value: 签到')]));
});
