// Owns the township's card: its villages in area-code order, how far they are and which hand-in waits. Counts only.
import type { ActionValue } from '../../cards/actions.ts';
import type { TownshipView } from '../../cards/viewsOfVillage.ts';
import type { AreaTask } from '../areaStore.ts';
import { findAreas } from '../domain/areaNames.ts';
import type { Campaign } from '../domain/campaign.ts';
import { dueLine } from '../domain/phase.ts';
import { may, rolesWith } from '../domain/scope.ts';
import type { Area, LoadedCampaign, Person, TallyRow } from '../ports.ts';
import type { AreaClick } from './areaForm.ts';
import { wrongGroup } from './opening.ts';
import { countsOf, dataTime, type FormCounts, lookbackLine } from './village.ts';
import { type Answer, head, noCampaign, say, type World } from './world.ts';

const perPage = 20;
export const stateNames: Readonly<Record<AreaTask['state'], string>> = {
  open: '未提交',
  submitted: '待接收',
  returned: '已退回',
  accepted: '已接收',
};

export async function townshipView(
  world: World,
  p: { readonly campaign: LoadedCampaign; readonly area: Area; readonly page: number; readonly alone: boolean },
): Promise<TownshipView> {
  const { campaign, area } = p;
  const { store } = world;
  const now = world.clock.now();
  const work = [store.tallies(campaign.id, area), store.formCounts(campaign.id, area)] as const;
  const [rows, forms, tasks, areas, moving] = await Promise.all([
    ...work,
    store.areaTasks(campaign.id, area.code),
    store.areas(),
    store.importing(),
  ]);
  const villages = areas.filter((a) => a.level === 'village' && a.township === area.code);
  const pages = Math.max(1, Math.ceil(villages.length / perPage));
  const at = Math.min(p.page, pages - 1);
  const stateOf = (code: string) => tasks.find((t) => t.areaCode === code)?.state ?? 'open';
  const states = Object.entries(stateNames).map(
    ([state, name]) => `${name} ${villages.filter((v) => stateOf(v.code) === state).length}`,
  );
  return {
    ...head(world, campaign),
    town: area.name,
    self: { c: campaign.id, a: area.code, p: at },
    alone: p.alone,
    due: dueLine(campaign, 'township', now).text,
    ...countsOf(rows, 'ALL'),
    states: states.join('，'),
    villages: villages.slice(at * perPage, (at + 1) * perPage).map((v) => villageRow(v, rows, tasks)),
    sections: sectionsOf(campaign, rows, forms),
    page: { at, of: pages },
    time: dataTime(campaign, now, moving),
  };
}

function villageRow(
  village: Area,
  rows: readonly TallyRow[],
  tasks: readonly AreaTask[],
): TownshipView['villages'][number] {
  const { done, total } = countsOf(rows, 'ALL', village.code);
  const task = tasks.find((t) => t.areaCode === village.code);
  const state = `${stateNames[task?.state ?? 'open']}${task?.late ? '（逾期）' : ''}`;
  return { code: village.code, name: village.name, state, done, total, waits: task?.state === 'submitted' };
}

/** Look-backs, and what of them is the township's own. */
function sectionsOf(campaign: Campaign, rows: readonly TallyRow[], forms: FormCounts): TownshipView['sections'] {
  return campaign.lookbacks.map((l) => {
    const own = campaign.items.filter((i) => i.lookback === l.id && i.scope === 'township' && i.type !== 'calc').length;
    const text = `${lookbackLine(l, rows, forms)}${own > 0 ? `；乡镇待办理 ${own}` : ''}`;
    return { no: l.no, name: l.short, text };
  });
}

/** 排查 in private, said by somebody who accepts for a township: theirs, or the one they name. null: none, or unclear. */
export async function ownTownship(
  world: World,
  who: { readonly campaign: Campaign; readonly person: Person },
  wanted: string,
): Promise<Area | null> {
  const held = rolesWith(who.campaign, who.person, 'accept').filter((h) => h.level === 'township');
  const codes = new Set(held.map((h) => h.areaCode));
  const own = (await world.store.areas()).filter((a) => codes.has(a.code));
  const [town, ...more] = wanted === '' ? own : findAreas(wanted, own);
  return town && more.length === 0 ? town : null;
}

/** 刷新, 下一页 on the township's card. */
export async function openTownship(
  world: World,
  click: Pick<AreaClick, 'asker' | 'chatId'>,
  value: ActionValue<'township.open'>,
): Promise<Answer> {
  const [campaign, area] = await Promise.all([world.store.campaign(value.c), world.store.area(value.a)]);
  if (!campaign || !area) return say('warning', noCampaign);
  const { person } = click.asker;
  if (!may({ campaign, person }, 'progress', area)) return say('warning', '这个地区不在您的查看范围。');
  const chat = await world.store.chat(click.chatId);
  const moved = wrongGroup(chat, campaign, area);
  if (moved) return say('warning', moved);
  const view = await townshipView(world, { campaign, area, page: value.p, alone: chat === null });
  const shown = { card: 'township' as const, view };
  return { shown, toast: { tone: 'info', text: '已是最新' } };
}
