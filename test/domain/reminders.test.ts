// Who is told what when, day by day (contract §6, B.3 of the domain): working days, hours, leave, rest-day shifting, what
// was missed. Rows say what happens; a new rule is a new row.
import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { VillageStand } from '../../src/domain/owed.ts';
import {
  type BoundGroup,
  due,
  type Reader,
  type ReminderFacts,
  type Rules,
  rulesOf,
} from '../../src/domain/reminders.ts';
import { dayOf, instantOf, timeOf } from '../../src/domain/time.ts';
import { flood, oneWell } from '../support/otherCampaigns.ts';
import { xinfeng } from '../support/xinfeng.ts';

const campaign = xinfeng();
const zone = campaign.zone;
const town = '360722108';
const daa = '360722108200';
const jinxing = '360722108201';

const at = (day: string, time: string) => instantOf(`${day}T${time}:00+08:00`);

const reader = (id: string, role: string, areaCode: string): Reader => ({
  id,
  openId: `ou_${id}`,
  roles: [{ role, areaCode, level: 'village', township: town }],
  setting: { leaveUntilDay: null, mutedUntilDay: null },
  lastDigestAt: 0,
});
const cadre = reader('cadre', '村干部', daa);
const team = reader('team', '驻村工作队', daa);
const other = reader('other', '村干部', jinxing);
const clerk = reader('clerk', '乡镇干部', town);
const head = reader('head', '乡镇负责人', town);
const office = reader('office', '县办', '360722');
const inspector = reader('inspector', '县级督查', '360722');
const leader = reader('leader', '县领导', '360722');
const department = reader('department', '行业部门', '360722');
const everybody = [cadre, clerk, department, head, inspector, leader, office, other, team];

const stand = (areaCode: string, over: Partial<VillageStand> = {}): VillageStand => ({
  campaignId: campaign.id,
  areaCode,
  townshipCode: town,
  todo: 3,
  due: 0,
  forms: [],
  task: 'open',
  returned: 0,
  changedAt: null,
  ...over,
});
const group = (chatId: string, areaCode: string, over: Partial<BoundGroup> = {}): BoundGroup => ({
  chatId,
  campaignId: campaign.id,
  areaCode,
  level: 'village',
  digest: false,
  ...over,
});
const groups = [group('g-daa', daa), group('g-town', town, { level: 'township' })];
const factsOf = (over: Partial<ReminderFacts> = {}): ReminderFacts => ({
  people: everybody,
  groups,
  stands: [stand(daa), stand(jinxing)],
  ...over,
});

/** Minute by minute over a day, as the ticks come: who is told at which minute. A digest sent is remembered. */
function dayOfTicks(rules: Rules, facts: ReminderFacts, day: string): Record<string, string> {
  const heard: Record<string, string> = {};
  let people = facts.people;
  for (const [from, to] of [
    ['00:00', '09:02'],
    ['09:02', '16:02'],
    ['16:02', '17:02'],
    ['17:02', '23:59'],
  ] as const) {
    const now = at(day, to);
    for (const r of due(rules, { ...facts, people }, { from: at(day, from), now })) {
      const who =
        r.kind === 'digest' ? r.personId : `${r.group.chatId}:${r.kind === 'milestone' ? r.milestone : 'day'}`;
      const when = dayOf(r.at, zone) === day ? '' : `${dayOf(r.at, zone)} `;
      expect(heard[who], 'nobody hears twice on one day').toBeUndefined();
      heard[who] = `${when}${timeOf(r.at, zone)}`;
      people = people.map((p) => (p.id === who ? { ...p, lastDigestAt: r.at } : p));
    }
  }
  return heard;
}

const rules = rulesOf([campaign]);
const all = (time: string, ...people: readonly Reader[]) => Object.fromEntries(people.map((p) => [p.id, time]));
const villages = [cadre, other, team] as const;
const towns = [clerk, head] as const;

describe('every day from 12 to 31 July while nobody does anything', () => {
  test.each([
    ['2023-07-11', {}],
    ['2023-07-12', { ...all('09:02', ...villages, ...towns, office), 'g-daa:start': '09:02', 'g-town:start': '09:02' }],
    ['2023-07-13', {}],
    ['2023-07-14', all('09:02', ...villages)], // 逐户排查 begins
    ['2023-07-15', {}], // Saturday
    ['2023-07-16', {}],
    ['2023-07-17', all('09:02', ...villages)], // 村级完成 in 3 days
    ['2023-07-18', all('09:02', ...towns)], // 乡镇报送 in 3 days
    ['2023-07-19', { ...all('09:02', ...villages), 'g-daa:village': '09:02', 'g-town:village': '09:02' }],
    ['2023-07-20', all('09:02', ...villages, ...towns)],
    // 村级 late by one working day, 乡镇报送 today; the county's phase begins on Saturday: told on Friday afternoon
    [
      '2023-07-21',
      { ...all('09:02', ...villages, ...towns), office: '16:02', 'g-daa:check': '16:02', 'g-town:check': '16:02' },
    ],
    ['2023-07-22', {}],
    ['2023-07-23', {}],
    ['2023-07-24', all('09:02', ...villages, ...towns, office)], // and now the county hears of what is late
    ['2023-07-25', all('09:02', ...villages, ...towns)],
    ['2023-07-26', all('09:02', ...towns)],
    ['2023-07-27', {}],
    // the end, 30 July, is a Sunday: Monday would be after it
    ['2023-07-28', { 'g-daa:end': '16:02', 'g-town:end': '16:02' }],
    ['2023-07-29', {}],
    ['2023-07-30', {}],
    ['2023-07-31', {}],
  ])('%s', (day, expected) => {
    expect(dayOfTicks(rules, factsOf(), day)).toEqual(expected);
  });

  test('who has nothing to do is told nothing, ever: leaders, departments, inspectors', () => {
    const people = [leader, department, inspector];
    const window = { from: at('2023-07-01', '00:00'), now: at('2023-07-31', '10:00') };
    expect(due(rules, factsOf({ people, groups: [] }), window)).toEqual([]);
  });
});

describe('only who has something undone', () => {
  const done = { stands: [stand(daa, { task: 'submitted', todo: 0 }), stand(jinxing, { task: 'accepted', todo: 0 })] };

  test('a village that handed in is left alone; its township is not while the hand-in waits', () => {
    expect(dayOfTicks(rules, factsOf(done), '2023-07-20')).toEqual(all('09:02', ...towns));
  });

  test('nothing at all when everything is accepted', () => {
    const stands = [stand(daa, { task: 'accepted' }), stand(jinxing, { task: 'accepted' })];
    for (const day of ['2023-07-20', '2023-07-21', '2023-07-24'])
      expect(Object.keys(dayOfTicks(rules, factsOf({ stands, groups: [] }), day))).toEqual([]);
  });

  test('a late village is its township’s business, a late hand-in is not told as one', () => {
    const late = dayOfTicks(
      rulesOf([{ ...campaign, phases: campaign.phases.slice(0, 1) }]),
      factsOf(done),
      '2023-07-24',
    );
    expect(late).toEqual(all('09:02', ...towns, office));
  });
});

describe('rest days', () => {
  const window = (from: string, to: string) => ({ from: at(from, '00:00'), now: at(to, '23:00') });
  const days = (c: Campaign, id: string) => {
    const r = rulesOf([c]);
    const ids = new Set<string>();
    for (let i = 1; i < 32; i++) {
      const day = `2023-07-${String(i).padStart(2, '0')}`;
      const told = dayOfTicks(r, factsOf({ groups: [], people: [cadre, clerk, office] }), day);
      if (told[id]) ids.add(`${day} ${told[id]}`);
    }
    return [...ids];
  };

  test('a county’s rest day moves what begins on it to the afternoon before', () => {
    const moved = days({ ...campaign, extraRestDays: ['2023-07-14'] }, 'cadre');
    expect(moved).toContain('2023-07-13 16:02');
    expect(moved).not.toContain('2023-07-14 09:02');
  });

  test('a reminder days before moves on to the next working day, where that is not too late', () => {
    const clerks = days({ ...campaign, extraRestDays: ['2023-07-18'] }, 'clerk');
    expect(clerks).toContain('2023-07-19 09:02');
  });

  test('and back to the afternoon before, where it would be', () => {
    const clerks = days({ ...campaign, extraRestDays: ['2023-07-20', '2023-07-21'] }, 'clerk');
    expect(clerks).toContain('2023-07-19 16:02');
  });

  test('an extra working day is one', () => {
    const worked = days({ ...campaign, extraWorkdays: ['2023-07-22'] }, 'office');
    expect(worked).toContain('2023-07-22 09:02');
    expect(worked).not.toContain('2023-07-21 16:02');
  });

  const shifted = (from: string, to: string): Campaign => {
    const [first] = campaign.phases;
    const deadline = { id: 'village', name: '村级完成', level: 'village' as const, at: `${to}T18:00+08:00` };
    const phases = first ? [{ ...first, from, to, deadlines: [deadline] }] : [];
    const reminders = campaign.reminders && { ...campaign.reminders, steps: [], milestones: [] };
    return { ...campaign, phases: phases.map(({ lockAt: _, ...p }) => p), ...(reminders ? { reminders } : {}) };
  };
  test.each([
    // National Day 2023: 29 September to 6 October off, 7 and 8 October worked
    ['2023-10-01', '2023-10-09', ['2023-09-28 16:02', '2023-10-07 09:02', '2023-10-08 09:02', '2023-10-09 09:02']],
    // Spring Festival 2024: 10 to 17 February off, 4 and 18 February worked
    ['2024-02-04', '2024-02-19', ['2024-02-04 09:02', '2024-02-18 09:02', '2024-02-19 09:02']],
    // the deadline itself in the rest: everything before it
    ['2023-09-25', '2023-10-03', ['2023-09-25 09:02', '2023-09-28 16:02']],
  ])('a campaign from %s to %s', (from, to, expected) => {
    const c = { ...shifted(from, to), extraWorkdays: [], extraRestDays: [] };
    const r = rulesOf([{ ...c, reminders: c.reminders && { ...c.reminders, overdue: 0, daysBefore: [2, 1, 0] } }]);
    const stands = [stand(daa)];
    const told: string[] = [];
    let last = 0;
    for (const day of calendarDays('2023-09-20', '2024-03-01'))
      for (const time of ['09:02', '16:02'] as const) {
        const people = [{ ...cadre, lastDigestAt: last }];
        const found = due(r, { people, stands, groups: [] }, { from: at(day, time) - 60_000, now: at(day, time) });
        for (const f of found) {
          last = f.at;
          told.push(`${f.day} ${timeOf(f.at, zone)}`);
        }
      }
    expect(told).toEqual(expected);
    expect(due(r, { people: [cadre], stands, groups: [] }, window('2023-07-01', '2023-07-31'))).toEqual([]);
  });
});

function* calendarDays(from: string, to: string): Generator<string> {
  for (let t = Date.parse(from); t <= Date.parse(to); t += 86_400_000) yield new Date(t).toISOString().slice(0, 10);
}

describe('leave and mute', () => {
  const on = (setting: Partial<Reader['setting']>) =>
    dayOfTicks(
      rules,
      factsOf({ groups: [], people: [{ ...cadre, setting: { ...cadre.setting, ...setting } }] }),
      '2023-07-19',
    );

  test.each([
    [{ leaveUntilDay: '2023-07-19' }, {}],
    [{ leaveUntilDay: '2023-07-18' }, { cadre: '09:02' }],
    [{ mutedUntilDay: '2023-07-25' }, {}],
    [{ mutedUntilDay: '2023-07-18' }, { cadre: '09:02' }],
  ])('%j', (setting, expected) => {
    expect(on(setting)).toEqual(expected);
  });
});

describe('a village is sent back', () => {
  const back = (when: number) => ({
    groups: [],
    people: [cadre, other, clerk],
    stands: [stand(daa, { task: 'returned', changedAt: when, returned: 2, todo: 2 }), stand(jinxing)],
  });
  const told = (changedAt: number, last: number, now: number) =>
    due(
      rules,
      { ...back(changedAt), people: [{ ...cadre, lastDigestAt: last }, other, clerk] },
      { from: now - 60_000, now },
    ).map((r) => (r.kind === 'digest' ? `${r.personId} ${r.day} ${timeOf(r.at, zone)}` : r.kind));

  test('in working hours its cadres hear of it at once, and nobody else', () => {
    expect(told(at('2023-07-13', '10:14'), 0, at('2023-07-13', '10:14'))).toEqual(['cadre 2023-07-13 10:14']);
  });

  test('not at the full or the half hour', () => {
    expect(told(at('2023-07-13', '10:30'), 0, at('2023-07-13', '10:31'))).toEqual(['cadre 2023-07-13 10:31']);
  });

  test('who had their digest that day hears of it on the next working day', () => {
    const when = at('2023-07-21', '14:14');
    expect(told(when, at('2023-07-21', '09:02'), when)).toEqual([]);
    expect(told(when, at('2023-07-21', '09:02'), at('2023-07-24', '09:02'))).toContain('cadre 2023-07-24 09:02');
  });

  test('at night it waits for the morning; and who was told is not told again', () => {
    const when = at('2023-07-12', '22:00');
    expect(told(when, 0, when)).toEqual([]);
    expect(told(when, 0, at('2023-07-13', '09:02'))).toEqual(['cadre 2023-07-13 09:02']);
    expect(told(when, at('2023-07-13', '09:02'), at('2023-07-14', '09:02'))).not.toContain('x');
  });

  test('a hand-in waits for its township’s next morning, once', () => {
    const stands = [stand(daa, { task: 'submitted', changedAt: at('2023-07-12', '15:00') }), stand(jinxing)];
    const facts = factsOf({ groups: [], stands, people: [cadre, clerk] });
    expect(dayOfTicks(rules, facts, '2023-07-13')).toEqual({ clerk: '09:02' });
    const aware = { ...facts, people: [{ ...clerk, lastDigestAt: at('2023-07-12', '16:02') }] };
    expect(dayOfTicks(rules, aware, '2023-07-13')).toEqual({});
  });
});

describe('ticks that did not come', () => {
  const missed = (from: number, now: number, over: Partial<ReminderFacts> = {}) =>
    due(rules, factsOf({ people: [cadre, clerk], ...over }), { from, now }).map((r) =>
      r.kind === 'digest'
        ? `${r.personId} ${r.day} ${timeOf(r.at, zone)}`
        : `${r.group.chatId} ${r.kind === 'milestone' ? r.milestone : 'day'} ${timeOf(r.at, zone)}`,
    );

  test('an hour: late ones go out when the ticks are back', () => {
    expect(missed(at('2023-07-12', '08:50'), at('2023-07-12', '09:50'))).toEqual([
      'g-daa start 09:50',
      'g-town start 09:50',
      'cadre 2023-07-12 09:50',
      'clerk 2023-07-12 09:50',
    ]);
  });

  test('six days: one digest of today, and the last of the milestones', () => {
    expect(missed(at('2023-07-18', '08:00'), at('2023-07-24', '10:14'))).toEqual([
      'g-daa check 10:14',
      'g-town check 10:14',
      'cadre 2023-07-24 10:14',
      'clerk 2023-07-24 10:14',
    ]);
  });

  test('back at night or on a rest day: the next working morning', () => {
    expect(missed(at('2023-07-19', '08:00'), at('2023-07-22', '10:14'), { groups: [] })).toEqual([
      'cadre 2023-07-24 09:02',
      'clerk 2023-07-24 09:02',
    ]);
  });

  test('nothing is told twice by two windows that meet', () => {
    const noon = at('2023-07-12', '09:02');
    expect(missed(noon - 1, noon).length).toBe(4);
    expect(missed(noon, noon + 60_000)).toEqual([]);
  });
});

describe('campaigns side by side', () => {
  const beside = flood();
  const both: Reader = { ...cadre, roles: [...cadre.roles, { ...cadre.roles[0], role: '网格员' }] as Reader['roles'] };
  const facts = factsOf({
    people: [both],
    stands: [stand(daa), stand(daa, { campaignId: beside.id })],
    groups: [...groups, group('g-flood', daa, { campaignId: beside.id })],
  });

  test('one digest a day over both, at the earlier slot', () => {
    const r = rulesOf([campaign, beside]);
    const window = { from: at('2023-07-14', '00:00'), now: at('2023-07-14', '09:20') };
    const told = due(r, { ...facts, groups: [] }, window);
    expect(told).toHaveLength(1);
    const early = due(r, { ...facts, groups: [] }, { from: at('2023-07-14', '00:00'), now: at('2023-07-14', '09:02') });
    expect(early.map((t) => t.day)).toEqual(['2023-07-14']);
  });

  test('each group hears of its own campaign; the county’s days hold for both', () => {
    const r = rulesOf([campaign, beside]);
    const on = (day: string) => dayOfTicks(r, facts, day);
    expect(Object.keys(on('2023-07-10'))).toEqual(['g-flood:visit', 'cadre']);
    // 12 July is a rest day of the county by the other campaign's table: told on 11 July, from 16:00
    expect(on('2023-07-12')).toEqual({});
    expect(on('2023-07-11')).toMatchObject({ 'g-daa:start': '16:02', 'g-town:start': '16:02', cadre: '16:02' });
  });

  test('a campaign that says nothing of reminders sends none', () => {
    expect(due(rulesOf([oneWell()]), facts, { from: 0, now: at('2023-07-31', '10:00') })).toEqual([]);
  });
});

describe('a township’s digest in its group', () => {
  const wanting = [group('g-town', town, { level: 'township', digest: true }), group('g-daa', daa, { digest: true })];

  test('only where it is switched on, once a working day while something is open', () => {
    expect(dayOfTicks(rules, factsOf({ people: [], groups: wanting }), '2023-07-13')).toEqual({
      'g-town:day': '17:02',
    });
    expect(dayOfTicks(rules, factsOf({ people: [], groups: wanting }), '2023-07-15')).toEqual({});
    expect(dayOfTicks(rules, factsOf({ people: [], groups }), '2023-07-13')).toEqual({});
    const stands = [stand(daa, { task: 'accepted' })];
    expect(dayOfTicks(rules, factsOf({ people: [], groups: wanting, stands }), '2023-07-13')).toEqual({});
  });

  test('one that was missed is not made up for the next day', () => {
    const window = { from: at('2023-07-13', '16:30'), now: at('2023-07-14', '09:01') };
    expect(due(rules, factsOf({ people: [], groups: wanting }), window)).toEqual([]);
  });
});
