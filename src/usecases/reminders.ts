// Owns what 提醒 shows a person: how it stands, what will come and why, what they may change.
import type { RemindersView } from '../../cards/viewsOfReminders.ts';
import { may, rolesWith } from '../domain/scope.ts';
import { dayOf, showDay } from '../domain/time.ts';
import type { Area, LoadedCampaign, Person } from '../ports.ts';
import type { OwnSetting } from '../reminderStore.ts';
import { comingTo } from './reminderForecast.ts';
import { campaignOf, currentCampaigns, head, type World } from './world.ts';

const most = 10;

export async function remindersView(world: World, person: Person): Promise<RemindersView> {
  const { store } = world;
  const all = await store.campaigns();
  const campaigns = currentCampaigns(world, all);
  const lead = await campaignOf(world, null);
  const today = dayOf(world.clock.now(), lead?.zone ?? 'Asia/Shanghai');
  const [setting, { why, slots }] = await Promise.all([store.reminderSetting(person.id), comingTo(world, person)]);
  const several = campaigns.length > 1;
  const trials = campaigns.filter((c) => rolesWith(c, person, 'manage').length > 0);
  return {
    ...head(world, several ? null : (campaigns[0] ?? null)),
    state: stateOf(setting, today),
    paused: pauses(setting, today).length > 0,
    value: { r: setting.changedAt },
    why: why.length > most ? [...why.slice(0, most - 1), `等 ${why.length} 处`] : why,
    coming: slots.slice(0, most),
    later: slots.length > most ? `之后还有 ${slots.length - most} 条。` : '',
    groups: await switches(world, campaigns, person),
    trials: trials.map((c) => ({ text: several ? `试算：${c.short}` : '试算全县要发多少', value: { c: c.id } })),
    feedback: { c: lead?.id ?? '-' },
  };
}

const until = (day: string | null, today: string): day is string => day !== null && today <= day;

function pauses(setting: OwnSetting, today: string): string[] {
  const { leaveUntilDay: leave, mutedUntilDay: mute } = setting;
  return [
    ...(until(leave, today) ? [`请假到${showDay(leave)}`] : []),
    ...(until(mute, today) ? [`静音到${showDay(mute)}`] : []),
  ];
}

function stateOf(setting: OwnSetting, today: string): string {
  const paused = pauses(setting, today);
  return paused.length > 0 ? `${paused.join('，')}，不发提醒` : '工作日每天至多一条';
}

/** A township decides about its own group. */
export const maySwitch = (campaign: LoadedCampaign, person: Person, area: Area): boolean => {
  const near = { ...person, roles: person.roles.filter((held) => held.level === 'township') };
  return area.level === 'township' && may({ campaign, person: near }, 'accept', area);
};

/** A township's digest in its own bound group. */
async function switches(
  world: World,
  campaigns: readonly LoadedCampaign[],
  person: Person,
): Promise<RemindersView['groups']> {
  const areas = await world.store.areas();
  const own = campaigns.flatMap((c) => areas.filter((a) => maySwitch(c, person, a)).map((a) => [c, a] as const));
  const several = campaigns.length > 1;
  const found = await Promise.all(own.map(([campaign, area]) => switchOf(world, { campaign, area, several })));
  return found.filter((s) => s !== null);
}

async function switchOf(
  world: World,
  { campaign, area, several }: { readonly campaign: LoadedCampaign; readonly area: Area; readonly several: boolean },
): Promise<RemindersView['groups'][number] | null> {
  const [c, a] = [campaign.id, area.code];
  const [chat, on] = await Promise.all([world.store.chatOfArea(c, a), world.store.groupDigest(c, a)]);
  if (!chat) return null;
  const what = `${area.name}工作群的每日进展${several ? `（${campaign.short}）` : ''}`;
  return { text: `${on ? '关掉' : '打开'}${what}`, value: { c, a, on: !on } };
}
