// The whole plan for Xinfeng, 12 to 31 July, 311 villages and 2,000 invented people, while nobody does anything: the most
// that can be sent. Reviewed line by line against contract §6 and domain B.3; `npx vitest -u` writes it anew.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { areasOf } from '../../simulator/countyAreas.ts';
import { crewOf } from '../../simulator/countyPeople.ts';
import { forecast } from '../../src/domain/forecast.ts';
import { type Reader, type Reminder, type ReminderFacts, rulesOf } from '../../src/domain/reminders.ts';
import { instantOf, minute, weekdayOf } from '../../src/domain/time.ts';
import { isWorkingTime } from '../../src/domain/workdays.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const rules = rulesOf([campaign]);
const { zone } = campaign;
const daaTown = '360722108';

const areas = areasOf(readFileSync(new URL('../../campaigns/xinfeng_orgs.csv', import.meta.url), 'utf8'));
const towns = [...new Set(areas.map((a) => a.township))].sort();

/** The invented county's people, and one more of the resident team in village after village until there are 2,000. */
function people(): Reader[] {
  const crew = crewOf(7, areas).people;
  const more = Array.from({ length: 2000 - crew.length }, (_, i) => ({
    角色: '驻村工作队',
    区划代码: areas[i % areas.length]?.code ?? '',
    open_id: `ou_more${i}`,
  }));
  return [...crew, ...more].map((row, i) => ({
    id: `p${String(i).padStart(4, '0')}`,
    openId: row.open_id ?? '',
    roles: [{ role: row.角色 ?? '', areaCode: row.区划代码 ?? '', level: 'village', township: null }],
    setting: { leaveUntilDay: null, mutedUntilDay: null },
    lastDigestAt: 0,
  }));
}

const group = (areaCode: string, level: 'village' | 'township', digest: boolean) => {
  return { chatId: `oc_${areaCode}`, campaignId: campaign.id, areaCode, level, digest };
};
const facts: ReminderFacts = {
  people: people(),
  groups: [
    ...areas.map((a) => group(a.code, 'village', false)),
    ...towns.map((code) => group(code, 'township', code === daaTown)), // one of them wants its daily digest
  ],
  stands: areas.map((a) => ({
    campaignId: campaign.id,
    areaCode: a.code,
    townshipCode: a.township,
    todo: 40,
    due: 0,
    forms: [],
    task: 'open',
    returned: 0,
    changedAt: null,
  })),
};

const span = { from: instantOf('2023-07-12T00:00:00+08:00'), now: instantOf('2023-07-31T23:00:00+08:00') };
const all = forecast(rules, facts, span).flatMap((slot) => slot.reminders);
/** Messages of one slot: those that follow each other closely. */
const waves = all.reduce<Reminder[][]>((list, r) => {
  const wave = list.at(-1);
  if (wave && r.at - (wave.at(-1)?.at ?? 0) <= minute) wave.push(r);
  else list.push([r]);
  return list;
}, []);
const firstOf = (wave: readonly Reminder[]) => wave[0]?.at ?? 0;
const lastOf = (wave: readonly Reminder[]) => wave.at(-1)?.at ?? 0;
const secondsOf = (wave: readonly Reminder[]) => Math.ceil((lastOf(wave) - firstOf(wave)) / 1000);

/** The county's clock, whatever zone the test runs in: '2023-07-12 09:02:00'. */
const clock = (at: number) => new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const weekday = (at: number) => `周${'日一二三四五六'[weekdayOf(clock(at).slice(0, 10))]}`;

function groupBy<T>(list: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const name = nameOf(one);
    const those = groups.get(name);
    if (those) those.push(one);
    else groups.set(name, [one]);
  }
  return groups;
}

const audience = (r: Reminder) => (r.kind === 'digest' ? `私聊 ${r.level}` : `群 ${r.group.level}`);
const text = (r: Reminder) => (r.kind === 'milestone' ? `「${r.why.join('；')}」` : r.why.join('；'));

function waveLines(wave: readonly Reminder[]): string[] {
  const kinds = groupBy(wave, (r) => `${audience(r)}  ${r.kind}  ${text(r)}`);
  const [first, last] = [firstOf(wave), lastOf(wave)].map(clock);
  return [
    `${first} ${weekday(firstOf(wave))} – ${last?.slice(11)}  ${wave.length} 条，${secondsOf(wave)} 秒`,
    ...[...kinds].map(([name, those]) => `    ${String(those.length).padStart(4)}  ${name}`),
  ];
}

const line = (r: Reminder) =>
  `${clock(r.at)}  ${audience(r)}  ${r.kind === 'digest' ? r.personId : r.group.areaCode}  ${text(r)}`;
const ofTown = (r: Reminder) =>
  r.kind === 'digest'
    ? (facts.people.find((p) => p.id === r.personId)?.roles[0]?.areaCode ?? '').startsWith(daaTown)
    : r.group.areaCode.startsWith(daaTown);

test('the plan of the county is the reviewed one', async () => {
  const full = all.map(line).join('\n');
  const months = groupBy(all, (r) => clock(r.at).slice(0, 7));
  const golden = [
    '# 信丰县，311 个村、16 个乡镇、2,000 人，7月12日至31日，一户也没有排查时的全部提醒',
    `# 全部 ${all.length} 条；${[...months].map(([m, r]) => `${m} 用 ${r.length} 次调用`).join('，')}`,
    `# sha256 ${createHash('sha256').update(full).digest('hex')}`,
    '',
    ...waves.flatMap(waveLines),
    '',
    `# 大阿镇（${daaTown}）逐条`,
    ...all.filter(ofTown).map(line),
    '',
  ].join('\n');
  await expect(golden).toMatchFileSnapshot('../golden/reminders/xinfeng-nobody.txt');
});

test('nobody hears twice on a day, no group more than four milestones', () => {
  const digests = all.flatMap((r) => (r.kind === 'digest' ? [`${r.personId} ${r.day}`] : []));
  expect(new Set(digests).size).toBe(digests.length);
  const milestones = groupBy(
    all.filter((r) => r.kind === 'milestone'),
    (r) => r.group.chatId,
  );
  expect([...new Set([...milestones.values()].map((m) => m.length))]).toEqual([4]);
});

test('every instant is a working one, none in a busy minute, each cause within five minutes', () => {
  const wrong: string[] = [];
  for (const w of waves) {
    for (const r of w) {
      if (!isWorkingTime(rules.calendar, r.at, zone) || ['00', '30'].includes(clock(r.at).slice(14, 16)))
        wrong.push(line(r));
    }
    expect(secondsOf(w)).toBeLessThanOrEqual(300);
  }
  expect(wrong).toEqual([]);
});
