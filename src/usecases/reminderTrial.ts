// Owns 试算: what the reminders of a campaign will send to everybody from now on, as things stand, before anything is sent.
import type { TrialView } from '../../cards/viewsOfReminders.ts';
import { forecast } from '../domain/forecast.ts';
import { horizon, type Reminder } from '../domain/reminders.ts';
import { dayLength, dayOf, minute, showDay, showInstant } from '../domain/time.ts';
import { type TrialRow, trialRows } from '../domain/trial.ts';
import type { LoadedCampaign } from '../ports.ts';
import { rulesFor } from './reminderRules.ts';
import { head, type World } from './world.ts';

export async function trialView(world: World, campaign: LoadedCampaign): Promise<TrialView> {
  const coming = await comingToAll(world, campaign);
  const rows = trialRows(coming, campaign.zone);
  const months = await monthsOf(world, rows);
  return {
    ...head(world, campaign),
    lines: [...summary(coming, rows), ...callLines(world, months)],
    rows: rows.map((w) => ({
      when: showInstant(w.from, campaign.zone),
      what: w.what,
      n: w.n,
      takes: takes(w),
      share: world.allowance === null ? '' : percent(w.n, world.allowance),
    })),
    months: world.allowance === null ? [] : months.map((m) => ({ ...m, left: Math.max(0, leftOf(world, m)) })),
  };
}

async function comingToAll(world: World, campaign: LoadedCampaign): Promise<Reminder[]> {
  const rules = rulesFor(await world.store.campaigns());
  const now = world.clock.now();
  const own = { ...rules, campaigns: rules.campaigns.filter((c) => c.id === campaign.id) };
  const causes = rules.causes.filter((c) => c.campaignId === campaign.id);
  const facts = await world.store.reminderFacts({
    campaignIds: [campaign.id],
    day: horizon(rules.calendar, dayOf(now, campaign.zone)),
    since: now - 2 * dayLength,
  });
  const window = { from: now, now: Number.POSITIVE_INFINITY };
  return forecast({ ...own, causes }, facts, window).flatMap((wave) => wave.reminders);
}

function summary(coming: readonly Reminder[], rows: readonly TrialRow[]): string[] {
  const last = rows.at(-1);
  if (!last) return ['接下来没有要发的提醒。'];
  const days = new Map<string, number>();
  for (const w of rows) days.set(w.day, (days.get(w.day) ?? 0) + w.n);
  const [busiest, most] = [...days].reduce((a, b) => (b[1] > a[1] ? b : a));
  const people = new Set(coming.flatMap((r) => (r.kind === 'digest' ? [r.personId] : []))).size;
  const groups = new Set(coming.flatMap((r) => (r.kind === 'digest' ? [] : [r.group.chatId]))).size;
  return [
    `到${showDay(last.day)}，照现在的情况预计发 ${coming.length} 条：私聊 ${people} 人，群 ${groups} 个。办完的不再发，实际会少一些。`,
    `最多的一天是${showDay(busiest)}，${most} 条。`,
  ];
}

interface Month {
  readonly name: string; // 2023年7月
  readonly used: number;
  readonly planned: number;
}

async function monthsOf(world: World, rows: readonly TrialRow[]): Promise<Month[]> {
  const planned = new Map<string, number>();
  for (const w of rows) planned.set(w.day.slice(0, 7), (planned.get(w.day.slice(0, 7)) ?? 0) + w.n);
  return Promise.all(
    [...planned].map(async ([month, n]) => {
      const [year, number] = month.split('-');
      return { name: `${year}年${Number(number)}月`, used: await world.store.callsOf(month), planned: n };
    }),
  );
}

const leftOf = (world: World, m: Month) => (world.allowance ?? 0) - m.used - m.planned;

function callLines(world: World, months: readonly Month[]): string[] {
  const { allowance } = world;
  if (allowance === null) return [];
  return months.map((m) => {
    const most = m.used + m.planned;
    const over = leftOf(world, m) < 0 ? '，超过可用次数，请先联系运维' : '';
    return `${m.name}可用 ${allowance} 次调用，已用 ${m.used} 次，加上这些约 ${most} 次（${percent(most, allowance)}）${over}。`;
  });
}

const percent = (n: number, of: number) => `${((100 * n) / of).toFixed(1)}%`;
const takes = (w: TrialRow) => `${Math.max(1, Math.ceil((w.to - w.from) / minute))} 分钟`;
