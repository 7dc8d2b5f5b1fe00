// The county's notice as a file: everything it asks is in it, nothing else is.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { asSample, campaignSchema } from '../src/domain/campaign.ts';
import { checkCampaign, longestCard, refuseUnconfirmed } from '../src/domain/campaignCheck.ts';
import { conditionFacts, enrol } from '../src/domain/enrol.ts';
import { findings } from '../src/domain/findings.ts';
import { firstStep, nextStep, settle } from '../src/domain/questions.ts';
import { dayOf, instantOf } from '../src/domain/time.ts';
import type { Answers, HouseholdFacts } from '../src/ports.ts';
import { compileCampaigns } from '../src/sheets/campaignFile.ts';
import { xinfeng } from './support/xinfeng.ts';

const campaign = xinfeng();
const idsOf = (lookback: string) => campaign.items.filter((i) => i.lookback === lookback).map((i) => i.id);
const numbered = (no: number, n: number) =>
  Array.from({ length: n }, (_, i) => `L${no}-${String(i + 1).padStart(2, '0')}`);
const facts = (f: Partial<HouseholdFacts>): HouseholdFacts => ({
  kind: '一般农户',
  register: 'none',
  labour: 'able',
  keyGroups: [],
  ...f,
});

test('the notice is named as it was printed', () => {
  expect(campaign.number).toBe('信巩办字〔2023〕13号');
  expect(campaign.title).toBe('信丰县关于开展防止返贫监测帮扶集中排查“回头看”工作方案');
  expect(campaign.issuer).toBe('信丰县巩固拓展脱贫攻坚成果同乡村振兴有效衔接工作领导小组办公室');
  expect(campaign.issuedDay).toBe('2023-07-12');
  expect(campaign.county).toEqual({ code: '360722', name: '信丰县' });
});

test('the two phases run as the notice says and the self-check locks at the end of 21 July', () => {
  expect(campaign.phases.map((p) => [p.name, p.from, p.to, p.screening])).toEqual([
    ['乡镇自查整改阶段', '2023-07-12', '2023-07-21', true],
    ['县级抽查督查阶段', '2023-07-22', '2023-07-30', false],
  ]);
  const [self] = campaign.phases;
  expect(self?.deadlines.map((d) => [d.level, d.at])).toEqual([
    ['village', '2023-07-20T18:00+08:00'],
    ['township', '2023-07-21T12:00+08:00'],
  ]);
  expect(instantOf(self?.lockAt ?? '')).toBe(instantOf('2023-07-21T16:00:00Z'));
  expect(dayOf(instantOf(self?.lockAt ?? '') - 1, campaign.zone)).toBe('2023-07-21');
});

test('the eight look-backs carry the notice’s titles and short names that fit a row', () => {
  expect(campaign.lookbacks.map((l) => l.title)).toEqual([
    '对未纳入监测对象的农户“回头看”',
    '对已纳入监测对象农户的帮扶情况“回头看”',
    '对已消除风险监测对象稳定情况“回头看”',
    '对整户无劳动能力兜底保障户情况“回头看”',
    '对规模性返贫风险“回头看”',
    '对重点区域“回头看”',
    '对数据采集、台账建立情况“回头看”',
    '对集中排查结果处理情况“回头看”',
  ]);
  for (const l of campaign.lookbacks) expect([...l.short].length).toBeLessThanOrEqual(8);
  expect(campaign.lookbacks.map((l) => l.scope)).toEqual([
    'household',
    'household',
    'household',
    'household',
    'village',
    'village',
    'village',
    'case',
  ]);
});

test.each([
  ['LB1', 1, 17],
  ['LB2', 2, 14],
  ['LB3', 3, 14],
  ['LB4', 4, 8],
  ['LB5', 5, 8],
  ['LB6', 6, 8],
  ['LB7', 7, 10],
  ['LB8', 8, 7],
])('%s holds its items under their lasting ids', (lookback, no, n) => {
  expect(idsOf(lookback)).toEqual(numbered(no, n));
});

test('86 items, of which exactly twelve are computed and not asked', () => {
  expect(campaign.items).toHaveLength(86);
  expect(campaign.items.filter((i) => i.type === 'calc').map((i) => i.id)).toEqual(
    'L2-10 L2-11 L3-11 L3-12 L4-08 L6-04 L6-05 L6-06 L7-04 L7-05 L7-06 L8-02'.split(' '),
  );
});

test('confirmed items are asked and name the fact they are filled from', () => {
  const confirmed = campaign.items.filter(
    (i) => i.computed && (i.type === 'single' || i.type === 'multi') && i.scope === 'household',
  );
  expect(confirmed.map((i) => [i.id, i.computed])).toEqual([
    ['L1-12', 'keyGroups'],
    ['L2-04', 'labour'],
    ['L4-01', 'wholeHouseholdNoLabour'],
  ]);
});

describe('who is asked what', () => {
  const cases: [string, Partial<HouseholdFacts>, string[], 'short' | 'full'][] = [
    ['an ordinary household', {}, ['LB1'], 'short'],
    ['a household of a key group', { keyGroups: ['KG1'] }, ['LB1'], 'full'],
    ['a household with a department alert', { alert: '医保局：自付较高' }, ['LB1'], 'full'],
    ['a monitored household', { register: 'active' }, ['LB2'], 'full'],
    ['a monitored household without labour', { register: 'active', labour: 'none' }, ['LB2', 'LB4'], 'full'],
    ['an eliminated household', { register: 'eliminated' }, ['LB3'], 'full'],
    ['an eliminated household without labour', { register: 'eliminated', labour: 'none' }, ['LB3'], 'full'],
  ];
  for (const [who, f, lookbacks, form] of cases) {
    test(`${who} is asked ${lookbacks.join(' and ')} on the ${form} card`, () => {
      expect(enrol(campaign, facts(f))).toEqual({ lookbacks, form });
    });
  }

  test('the short card asks six things: three facts, one switch, off-register aid, the conclusion', () => {
    const questions = firstStep(campaign, { lookbacks: ['LB1'], form: 'short', facts: {} });
    expect(questions.map((q) => q.id)).toEqual(['L1-01', 'L1-02', 'L1-03', 'L1-S1', 'L1-13', 'L1-15']);
    expect(questions.find((q) => q.id === 'L1-S1')?.options.map((o) => o.value)).toEqual(['全部正常', '有问题']);
    expect(campaign.items.filter((i) => i.switch === 'L1-S1').map((i) => i.id)).toEqual([
      'L1-06',
      'L1-07',
      'L1-08',
      'L1-09',
    ]);
  });

  test('the leaflet question is off and the village’s meeting is not on a household’s card', () => {
    const ids = firstStep(campaign, { lookbacks: ['LB1'], form: 'full', facts: {} }).map((q) => q.id);
    expect(ids).toEqual(numbered(1, 15));
  });

  test('the reason of a natural elimination is not asked where the roster says it was eliminated by aid', () => {
    const asked = (f: Record<string, unknown>) =>
      firstStep(campaign, { lookbacks: ['LB3'], form: 'full', facts: f }).some((q) => q.id === 'L3-08');
    expect(asked({})).toBe(true);
    expect(asked({ eliminationMode: '自然消除' })).toBe(true);
    expect(asked({ eliminationMode: '帮扶消除' })).toBe(false);
  });

  test.each(['LB1', 'LB2', 'LB3', 'LB4'])('the full card of %s fits', (lookback) => {
    const n = firstStep(campaign, { lookbacks: [lookback], form: 'full', facts: {} }).length;
    expect(n).toBeGreaterThan(0);
    expect(n).toBeLessThanOrEqual(longestCard);
  });
});

describe('a household without difficulties is done in one step and leaves no finding', () => {
  const calmOf: [string, Partial<HouseholdFacts>, Answers][] = [
    ['short card', {}, { 'L1-S1': '全部正常' }],
    ['full card of a lifted household', { kind: '脱贫户', keyGroups: ['KG1'] }, { 'L1-12': ['脱贫户'] }],
    [
      'monitored household with labour',
      { register: 'active' },
      { 'L2-04': '有劳动能力', 'L2-06': ['就业帮扶'], 'L2-08': ['不符合条件'] },
    ],
    [
      'monitored household without labour',
      { register: 'active', labour: 'none' },
      {
        'L2-04': '整户无劳动能力',
        'L2-06': ['无'],
        'L2-08': ['特困供养'],
        'L4-03': '甲 农村分散供养特困',
        'L4-04': '是',
      },
    ],
    ['eliminated household', { register: 'eliminated' }, {}],
  ];
  for (const [who, f, said] of calmOf) {
    test(who, () => {
      const own = facts(f);
      const of = { ...enrol(campaign, own), facts: conditionFacts(own) };
      const answers: Record<string, string | readonly string[] | number> = { ...said };
      for (const q of firstStep(campaign, of)) {
        const normal = campaign.items.find((i) => i.id === q.id)?.options?.flatMap((o) => (o.normal ? [o.value] : []));
        if (q.id in answers || (!q.required && !normal?.length)) continue;
        answers[q.id] = q.kind === 'multi' ? (normal ?? []) : (normal?.[0] ?? `no normal answer for ${q.id}`);
      }
      expect(nextStep(campaign, of, answers).map((q) => q.id)).toEqual([]);
      expect(findings(campaign, of, settle(campaign, of, answers).answers)).toEqual([]);
    });
  }
});

test('有问题 on the short card opens the four questions behind it', () => {
  const of = { lookbacks: ['LB1'], form: 'short' as const, facts: {} };
  expect(nextStep(campaign, of, { 'L1-S1': '有问题' }).map((q) => q.id)).toEqual(['L1-06', 'L1-07', 'L1-08', 'L1-09']);
});

describe('follow-ups', () => {
  const all = campaign.items.flatMap((item) => item.followUps.map((f) => ({ item, f })));

  test.each(all.map(({ item, f }) => [f.id, item, f] as const))(
    '%s begins with the number of its question',
    (_, item, f) => {
      expect(f.text.startsWith(`第${Number(item.id.split('-')[1])}题补充：`)).toBe(true);
    },
  );

  test.each(all.filter(({ item }) => /^L[1-4]/.test(item.id)).map(({ item, f }) => [f.id, item, f] as const))(
    '%s does not repeat an answer of its question: the group reads it',
    (_, item, f) => {
      const [, wording = ''] = f.text.split('：');
      const telling = (item.options ?? []).filter((o) => !o.normal && [...o.value].length > 1).map((o) => o.value);
      expect(telling.filter((value) => wording.includes(value))).toEqual([]);
    },
  );
});

test('24 problem types, each with a procedure of the file', () => {
  expect(campaign.problemTypes.map((t) => t.code)).toEqual(
    Array.from({ length: 24 }, (_, i) => `PT${String(i + 1).padStart(2, '0')}`),
  );
  expect(campaign.procedures.map((p) => p.code)).toEqual(
    'IDENT AID ROLLBACK REIDENT NOLABOUR DATA SCALE AREA LEDGER SAFE RESCREEN PROC PRESS'.split(' '),
  );
});

test('roles are the eight of the people file, and only the county office may do everything', () => {
  expect(campaign.roles.map((r) => [r.name, r.level, r.may.join(' ')])).toEqual([
    ['村干部', 'village', 'answer bind progress'],
    ['驻村工作队', 'village', 'answer bind progress'],
    ['乡镇干部', 'township', 'bind progress accept'],
    ['乡镇负责人', 'township', 'bind progress accept'],
    ['行业部门', 'county', ''],
    ['县级督查', 'county', 'progress inspect'],
    ['县办', 'county', 'answer bind progress accept inspect manage'],
    ['县领导', 'county', 'progress'],
  ]);
});

test('the file leaves line and groups to the county; the demo’s copy counts as confirmed and as a sample', () => {
  expect(campaign.sample).toBeUndefined();
  expect(refuseUnconfirmed(campaign)).toHaveLength(2);
  const sample = asSample(campaign);
  expect(refuseUnconfirmed(sample)).toEqual([]);
  expect(sample.sample).toBe(true);
  expect(campaignSchema.safeParse(sample).success).toBe(true);
  expect(checkCampaign(sample)).toEqual([]);
});

test('only a date can lie in the past', () => {
  const items = campaign.items.map((i) => (i.id === 'L1-01' ? { ...i, past: true } : i));
  expect(checkCampaign({ ...campaign, items })).toEqual([
    { path: ['items', 0, 'past'], reason: 'L1-01 不是日期题，不用写 past' },
  ]);
});

describe('compiling', () => {
  test('writes each campaign as JSON that the schema accepts', async () => {
    const out = await mkdtemp(join(tmpdir(), 'campaigns-'));
    const paths = await compileCampaigns(fileURLToPath(new URL('../campaigns', import.meta.url)), out);
    expect(paths).toEqual([join(out, 'xinfeng-2023-13.json')]);
    const read: unknown = JSON.parse(await readFile(join(out, 'xinfeng-2023-13.json'), 'utf8'));
    expect(campaignSchema.parse(read)).toEqual(campaign);
    await rm(out, { recursive: true });
  });

  test('one faulty file stops it with file, line and reason', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'campaigns-'));
    await writeFile(join(dir, 'a.yaml'), 'id: a-campaign\nitems: 3\n');
    await expect(compileCampaigns(dir, join(dir, 'out'))).rejects.toThrow(/a\.yaml:2:8: items 应该是列表/);
    await expect(readFile(join(dir, 'out', 'a-campaign.json'))).rejects.toThrow('ENOENT');
    await rm(dir, { recursive: true });
  });
});
