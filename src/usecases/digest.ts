// Owns a person's digest of the day: their undone work over all campaigns, drawn for the rights they have when it is sent.
import type { DigestPartView, DigestView, WorkView } from '../../cards/viewsOfReminders.ts';
import { inShort, nextStepOf, showDeadline, showMinutes, someNames, villageLeft } from '../domain/digestWords.ts';
import { may } from '../domain/scope.ts';
import { dayOf } from '../domain/time.ts';
import type { Outgoing, Person } from '../ports.ts';
import { type AreaDigest, areaDigest } from './areaDigest.ts';
import { type OwedWork, owedOf } from './owed.ts';
import { dataTime } from './village.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from './world.ts';

const most = 10;

/** null: nothing is left to do, or the person is on leave or wants no digest now. */
export async function digestView(world: World, person: Person): Promise<DigestView | null> {
  const works = soonestFirst(await owedOf(world, person));
  const [first] = works;
  if (!first || (await isAway(world, person, first.campaign.zone))) return null;
  const several = new Set(works.map((w) => w.campaignId)).size > 1;
  const name = (w: OwedWork) => (several ? `${w.areaName}（${w.campaign.short}）` : w.areaName);
  const shown = works.slice(0, most);
  const told = await Promise.all(shown.map((w) => partOf(world, w, name(w))));
  const moving = await world.store.importing();
  return {
    ...head(world, several ? null : first.campaign),
    title: titleOf(works),
    command: `${first.level === 'county' ? '进度' : '排查'}${works.length > 1 ? ` ${first.areaName}` : ''}${several ? ` ${first.campaign.short}` : ''}`,
    parts: told.map((t) => t.part),
    more: works.length > most ? `另有：${someNames(works.slice(most).map(name), most)}，请发送「排查 村名」。` : '',
    towns: told.find((t) => t.towns.length > 0)?.towns ?? [],
    feedback: { c: first.campaignId },
    time: dataTime(first.campaign, world.clock.now(), moving),
  };
}

async function isAway(world: World, person: Person, zone: string): Promise<boolean> {
  const today = dayOf(world.clock.now(), zone);
  const { leaveUntilDay, mutedUntilDay } = await world.store.reminderSetting(person.id);
  return [leaveUntilDay, mutedUntilDay].some((day) => day !== null && today <= day);
}

const soonestFirst = (works: readonly OwedWork[]): OwedWork[] =>
  works.toSorted(
    (a, b) => (a.deadline?.at ?? Number.POSITIVE_INFINITY) - (b.deadline?.at ?? Number.POSITIVE_INFINITY) || 0,
  );

/** The county looks on; the work is the townships'. */
const minutesIn = (w: OwedWork) => (w.level === 'county' ? 0 : w.minutes);

function titleOf(works: readonly OwedWork[]): string {
  const [first, ...more] = works;
  if (!first) return '';
  const takes = showMinutes(works.reduce((n, w) => n + minutesIn(w), 0));
  const tail = takes === '' ? '' : `，${takes}`;
  if (more.length === 0)
    return `${first.level === 'county' ? '今日进展' : '今日可办'}：${first.areaName}${inShort(first)}${tail}`;
  const names = someNames([...new Set(works.map((w) => w.areaName))], 3);
  return `今日可办 ${works.length} 处：${names}${tail}`;
}

async function partOf(
  world: World,
  work: OwedWork,
  place: string,
): Promise<{ readonly part: DigestPartView; readonly towns: AreaDigest['towns'] }> {
  const { campaign, campaignId: c, areaCode, level, deadline } = work;
  const now = world.clock.now();
  const area = level === 'village' ? null : await world.store.area(areaCode);
  const digest = area ? await areaDigest(world, campaign, area) : null;
  const next = [showMinutes(minutesIn(work)), nextStepOf(campaign, level, dayOf(now, campaign.zone))];
  const left = villageLeft(work);
  const part = {
    place,
    deadline: deadline ? { text: showDeadline(campaign, deadline, now), light: deadline.light } : null,
    lines: digest
      ? [...digest.counts, digest.changed, ...digest.named].filter((line) => line !== '')
      : [left.join('，')],
    decide: digest?.decide ?? '',
    next: next.filter((t) => t !== '').join('；'),
    work: wayInto(work),
    reasons: work.items.some((i) => i.kind === 'returned') ? { c, v: areaCode } : null,
  };
  return { part, towns: digest?.towns ?? [] };
}

function wayInto({ campaignId: c, areaCode, level, items }: OwedWork): WorkView {
  if (level !== 'village') {
    return { kind: 'area', text: level === 'county' ? '看各乡镇' : '看各村', open: { c, a: areaCode } };
  }
  const has = (kind: OwedWork['items'][number]['kind']) => items.some((i) => i.kind === kind);
  const open = { c, v: areaCode, p: true };
  if (has('todo') || has('due')) return { kind: 'households', open };
  if (has('forms') || has('returned')) return { kind: 'forms', open };
  return { kind: 'handIn', open: { c, v: areaCode } };
}

/** 看各村, 看各乡镇: the area's card below, so that the digest stays. */
export async function openDigestArea(
  world: World,
  asker: Asker,
  value: { readonly c: string; readonly a: string },
): Promise<Answer> {
  const { person, eventId } = asker;
  const [campaign, area] = await Promise.all([world.store.campaign(value.c), world.store.area(value.a)]);
  if (!campaign || !area) return say('warning', noCampaign);
  if (!may({ campaign, person }, 'progress', area)) return say('warning', '这个地区不在您的查看范围。');
  if (person.openId === null) return say('warning', `请私聊我发送「进度 ${area.name}」。`);
  const at = world.clock.now();
  const card: Outgoing = {
    key: `dar/${eventId.slice(-46)}`,
    kind: 'send',
    target: { kind: 'user', id: person.openId },
    lane: person.openId,
    payload: { type: 'village', campaignId: campaign.id, areaCode: area.code, audience: 'private' },
    dueAt: at,
  };
  await world.store.clickChange({ eventId, actor: person.id, at }, [], [card]);
  return say('info', `${area.name}的情况已发在下面。`);
}
