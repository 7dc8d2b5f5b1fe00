// Owns what people choose in 提醒: leave, mute, resume, and a township's digest in its group. By button or typed, with the
// same result.
import type { ActionValue } from '../../cards/actions.ts';
import type { ReminderWish } from '../domain/reminderWords.ts';
import { addDays, dayOf, isDay, showDay } from '../domain/time.ts';
import type { Person } from '../ports.ts';
import type { Written } from '../store.ts';
import { maySwitch, remindersView } from './reminders.ts';
import {
  type Answer,
  type Asker,
  campaignOf,
  currentCampaigns,
  noCampaign,
  say,
  type Tone,
  type World,
} from './world.ts';

/** The county's today. */
export async function todayOf(world: World): Promise<string> {
  return dayOf(world.clock.now(), (await campaignOf(world, null))?.zone ?? 'Asia/Shanghai');
}

type Choice = Extract<ReminderWish, { do: 'leave' | 'mute' | 'quiet' | 'resume' }>;
interface Chosen {
  readonly leaveUntilDay: string | null;
  readonly mutedUntilDay: string | null;
  readonly said: string;
}

const furthest = 366;
const back = '要恢复，请发送「提醒 恢复」。';

/** What the choice comes to, or a sentence why not. */
async function chosen(world: World, person: Person, choice: Choice): Promise<Chosen | { readonly refused: string }> {
  const today = await todayOf(world);
  const now = await world.store.reminderSetting(person.id);
  const own = { leaveUntilDay: now.ownLeaveUntilDay, mutedUntilDay: now.mutedUntilDay };
  if (choice.do === 'resume') {
    const listed =
      now.leaveUntilDay !== null && now.leaveUntilDay !== now.ownLeaveUntilDay && today <= now.leaveUntilDay;
    const said = listed
      ? `已恢复。名单上还登记着请假到${showDay(now.leaveUntilDay)}，要改请联系乡镇。`
      : '已恢复提醒：工作日每天至多一条。';
    return { leaveUntilDay: null, mutedUntilDay: null, said };
  }
  const day = choice.do === 'quiet' ? await endOfRound(world, person, today) : choice.day;
  if (!isDay(day) || day < today) return { refused: '请选今天或今天以后的日期。' };
  if (day > addDays(today, furthest)) return { refused: '请选一年以内的日期。' };
  if (choice.do === 'leave') {
    return { ...own, leaveUntilDay: day, said: `已记下，请假到${showDay(day)}（含当天），这几天不发提醒。${back}` };
  }
  return { ...own, mutedUntilDay: day, said: `已静音到${showDay(day)}（含当天），不发每天的提醒。${back}` };
}

/** The last day of what runs now and the person has a part in. */
async function endOfRound(world: World, person: Person, today: string): Promise<string> {
  const running = currentCampaigns(world, await world.store.campaigns());
  const own = running.filter((c) => c.roles.some((r) => person.roles.some((held) => held.role === r.name)));
  const ends = (own.length > 0 ? own : running).map((c) => c.phases.at(-1)?.to ?? today);
  return [today, ...ends].sort().at(-1) ?? today;
}

async function keep(world: World, asker: Asker, c: Chosen): Promise<Written<null>> {
  const act = { eventId: asker.eventId, actor: asker.person.id, at: world.clock.now() };
  return world.store.setReminders({ act, leaveUntilDay: c.leaveUntilDay, mutedUntilDay: c.mutedUntilDay });
}

/** A button of the card of 提醒. An old card changes nothing and becomes the newest. */
export async function chooseReminders(
  world: World,
  asker: Asker,
  p: { readonly value: ActionValue<'reminders.quiet'>; readonly choice: Choice },
): Promise<Answer> {
  const { changedAt } = await world.store.reminderSetting(asker.person.id);
  if (changedAt !== p.value.r) return shown(world, asker.person, ['info', '提醒设置刚有改动，请看最新的。']);
  const c = await chosen(world, asker.person, p.choice);
  if ('refused' in c) return say('warning', c.refused);
  const written = await keep(world, asker, c);
  return shown(world, asker.person, written.ok ? ['success', c.said] : null);
}

/** 「提醒 请假到7月18日」 */
export async function typeReminders(world: World, asker: Asker, choice: Choice): Promise<string> {
  const c = await chosen(world, asker.person, choice);
  if ('refused' in c) return c.refused;
  await keep(world, { ...asker, eventId: `${asker.eventId}/set` }, c); // the event's own id is taken by the inbox
  return c.said;
}

async function shown(world: World, person: Person, toast: readonly [Tone, string] | null): Promise<Answer> {
  const card = { card: 'reminders' as const, view: await remindersView(world, person) };
  return { shown: card, audience: 'private', ...(toast ? { toast: { tone: toast[0], text: toast[1] } } : {}) };
}

/** 返回 from 试算. */
export const backToReminders = (world: World, person: Person): Promise<Answer> => shown(world, person, null);

export async function switchGroupDigest(
  world: World,
  asker: Asker,
  value: ActionValue<'reminders.group'>,
): Promise<Answer> {
  const { person, eventId } = asker;
  const [campaign, area] = await Promise.all([world.store.campaign(value.c), world.store.area(value.a)]);
  if (!campaign || !area) return say('warning', noCampaign);
  if (!maySwitch(campaign, person, area)) return say('warning', `${area.name}群里的每日进展由乡镇干部开关。`);
  const act = { eventId, actor: person.id, at: world.clock.now() };
  await world.store.setGroupDigest({ act, campaignId: campaign.id, areaCode: area.code, wanted: value.on });
  const said = value.on ? `${area.name}群里每个工作日有一条进展。` : `${area.name}群里不再发每日进展。`;
  return shown(world, person, ['success', said]);
}
