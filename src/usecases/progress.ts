// Owns 进度: counts of an area and of the areas below it, for a person whose scope holds it. Area-code order, no ranking.
import type { HeadView, ProgressView } from '../../cards/views.ts';
import { findAreas, showWithTownship } from '../domain/areaNames.ts';
import type { Campaign } from '../domain/campaign.ts';
import { may, rolesWith } from '../domain/scope.ts';
import type { Area, ChatRow, LoadedCampaign, Person, TallyRow } from '../ports.ts';
import { countsOf, dataTime, lookbackLine } from './village.ts';
import { head, type Shown, type World } from './world.ts';

export type ProgressResult =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'show'; readonly shown: Shown };

const perPage = 20;
const atMost = 10;

/**
 * 「进度」「进度 大阿镇」: finds the area inside the asker's scope; several fit → a picker, none → how to ask. `named`: the
 * campaign was asked for by name.
 */
export async function askProgress(
  world: World,
  who: { readonly campaign: LoadedCampaign; readonly person: Person; readonly named: boolean },
  wanted: string,
): Promise<ProgressResult> {
  const { campaign, person } = who;
  const more = who.named ? ` ${campaign.short}` : '';
  const areas = await world.store.areas();
  const visible = areas.filter((a) => may({ campaign, person }, 'progress', a));
  if (visible.length === 0) return { kind: 'say', text: '您名下没有可查的地区。需要查进度，请联系县办开通。' };
  const found = wanted === '' ? tops(campaign, person, visible) : findAreas(wanted, visible, areas);
  const [first] = found;
  if (!first) return { kind: 'say', text: await outside(wanted, areas, visible) };
  if (found.length > 1) return { kind: 'show', shown: picker(head(world, campaign), { found, areas, more }) };
  const rises = (to: Area) => may({ campaign, person }, 'progress', to);
  const view = await progressView(world, { campaign, area: first, page: 0, audience: 'private', rises });
  return {
    kind: 'show',
    shown: { card: 'progress', view },
  };
}

/** The largest areas of the person's own roles. */
function tops(campaign: Campaign, person: Person, visible: readonly Area[]): Area[] {
  const held = rolesWith(campaign, person, 'progress');
  for (const level of ['county', 'township', 'village'] as const) {
    const codes = new Set(held.filter((h) => h.level === level).map((h) => h.areaCode));
    if (codes.size > 0) return visible.filter((a) => codes.has(a.code));
  }
  return [];
}

async function outside(wanted: string, areas: readonly Area[], visible: readonly Area[]): Promise<string> {
  const names = visible
    .slice(0, 3)
    .map((a) => a.name)
    .join('、');
  const exists = findAreas(wanted, areas).length > 0;
  return exists
    ? `「${wanted}」不在您的查看范围。您可以查：${names}${visible.length > 3 ? ' 等' : ''}。`
    : `没有找到「${wanted}」。请核对名称，例如：进度 ${visible[0]?.name ?? ''}`;
}

function picker(
  top: HeadView,
  { found, areas, more }: { readonly found: readonly Area[]; readonly areas: readonly Area[]; readonly more: string },
): Shown {
  const shown = found.slice(0, atMost);
  const text =
    found.length > atMost ? `共 ${found.length} 个，只列出前 ${atMost} 个，请写全一些。` : '请把要查的那一项发给我：';
  const choices = shown.map((a) => ({
    text: showWithTownship(a, areas),
    command: `进度 ${showWithTownship(a, areas)}${more}`,
  }));
  return { card: 'notice', view: { ...top, title: '您要查哪一个', text, tone: 'ask', choices } };
}

interface ProgressCard {
  readonly campaign: LoadedCampaign;
  readonly area: Area;
  readonly page: number;
  readonly audience: ProgressView['audience'];
  /** Whether the card may lead up to this area. */
  readonly rises: (to: Area) => boolean;
}

/** The card's counts. Callers check that `area` may be seen. Percent with one decimal, '–' when nothing is due. */
export async function progressView(world: World, p: ProgressCard): Promise<ProgressView> {
  const { campaign, area } = p;
  const now = world.clock.now();
  const { store } = world;
  const counts = [store.tallies(campaign.id, area), store.formCounts(campaign.id, area)] as const;
  const [rows, forms, areas, moving] = await Promise.all([...counts, store.areas(), store.importing()]);
  const { total, done, deferred, found } = countsOf(rows, 'ALL');
  const below = area.level === 'village' ? [] : areas.filter((a) => a.parent === area.code);
  const pages = Math.max(1, Math.ceil(below.length / perPage));
  const at = Math.min(Math.max(p.page, 0), pages - 1);
  const parent = area.parent === null ? undefined : areas.find((a) => a.code === area.parent);
  return {
    ...head(world, campaign),
    audience: p.audience,
    area: area.name,
    c: campaign.id,
    total,
    done,
    deferred,
    found,
    percent: percentOf(done, total),
    sections: campaign.lookbacks.map((l) => ({ no: l.no, name: l.short, text: lookbackLine(l, rows, forms) })),
    children: below.slice(at * perPage, (at + 1) * perPage).map((child) => childRow(child, rows)),
    page: { at, of: pages },
    self: { c: campaign.id, a: area.code, p: at },
    up: parent && p.rises(parent) ? { c: campaign.id, a: parent.code, p: 0 } : null,
    time: dataTime(campaign, now, moving),
  };
}

/** Never 0.0% once a household is done, never 100.0% while one is left. */
function percentOf(done: number, total: number): string {
  if (total === 0) return '–';
  const percent = (100 * done) / total;
  if (done > 0 && percent < 0.1) return '不到0.1%';
  return `${(done < total ? Math.min(percent, 99.9) : percent).toFixed(1)}%`;
}

function childRow(child: Area, rows: readonly TallyRow[]): ProgressView['children'][number] {
  const { done, total, found, deferred } = countsOf(rows, 'ALL', child.code);
  return { code: child.code, name: child.name, done, total, found, deferred, opens: true };
}

/**
 * A drill-down button: the scope is checked again, the button proves nothing. In a group the card is everybody's, so it
 * stays within the group's own area whoever clicks.
 */
export async function openProgress(
  world: World,
  asker: { readonly person: Person; readonly chatId: string },
  value: { c: string; a: string; p?: number | undefined },
): Promise<ProgressResult> {
  const { person, chatId } = asker;
  const [campaign, area] = await Promise.all([world.store.campaign(value.c), world.store.area(value.a)]);
  if (!campaign || !area || !may({ campaign, person }, 'progress', area))
    return { kind: 'say', text: '这个地区不在您的查看范围。' };
  const group = await world.store.chat(chatId);
  const rises = group ? (to: Area) => within(to, group) : (to: Area) => may({ campaign, person }, 'progress', to);
  if (group && !within(area, group))
    return { kind: 'say', text: `群里只看本群的地区。要看${area.name}，请私聊我发送「进度 ${area.name}」。` };
  const audience = group ? 'group' : 'private';
  const view = await progressView(world, { campaign, area, page: value.p ?? 0, audience, rises });
  return { kind: 'show', shown: { card: 'progress', view } };
}

const within = (area: Area, group: ChatRow) =>
  group.areaCode !== null && [area.code, area.township].includes(group.areaCode);
