// Owns what groups are told unasked: the campaign's milestones, and a township's digest where it was switched on. Counts
// and dates; nothing when the group is gone, or has nothing left to hear.
import type { GroupDigestView, MilestoneView } from '../../cards/viewsOfReminders.ts';
import type { Level, Phase, Reminders } from '../domain/campaign.ts';
import { showDeadline } from '../domain/digestWords.ts';
import { isHandedIn, levelDeadline, type VillageStand } from '../domain/owed.ts';
import { standing } from '../domain/phase.ts';
import { dayOf, instantOf, showDay } from '../domain/time.ts';
import type { Area, LoadedCampaign } from '../ports.ts';
import { areaDigest } from './areaDigest.ts';
import { countsOf, dataTime } from './village.ts';
import { head, type World } from './world.ts';

type Milestone = Reminders['milestones'][number];

interface Group {
  readonly campaign: LoadedCampaign;
  readonly area: Area;
  readonly stands: readonly VillageStand[];
  readonly now: number;
}

/** null: the campaign, the area or its group is gone. */
async function groupOf(world: World, of: { campaignId: string; areaCode: string }): Promise<Group | null> {
  const { store } = world;
  const [campaign, area, chat] = await Promise.all([
    store.campaign(of.campaignId),
    store.area(of.areaCode),
    store.chatOfArea(of.campaignId, of.areaCode),
  ]);
  if (!campaign || !area || !chat) return null;
  const now = world.clock.now();
  return { campaign, area, stands: await store.stands(campaign.id, area, dayOf(now, campaign.zone)), now };
}

/**
 * null: nothing left to say. A deadline that comes near is no news to a village that handed in, and what has passed is none
 * to anybody.
 */
export async function milestoneView(
  world: World,
  of: { readonly campaignId: string; readonly milestone: string; readonly areaCode: string },
): Promise<MilestoneView | null> {
  const group = await groupOf(world, of);
  const all = group?.campaign.reminders?.milestones ?? [];
  const milestone = all.find((m) => m.id === of.milestone);
  if (!group || !milestone) return null;
  const { campaign, area, stands } = group;
  const done = stands.length > 0 && stands.every(isHandedIn);
  const phase = phaseOf(campaign, milestone);
  const says = namedNow(milestone, phase, group);
  if (says === null || (done && 'deadline' in milestone)) return null;
  const counts = countsOf(await world.store.tallies(campaign.id, area), 'ALL');
  const begins = 'edge' in milestone && milestone.edge === 'start';
  return {
    ...head(world, campaign),
    title: `${area.name}：${says}`,
    lines: [
      ...(phase ? [`${phase.name}：${showDay(phase.from)}—${showDay(phase.to)}`] : []),
      ...(begins ? stepsOf(campaign, area.level, phase) : []),
      begins && counts.done === 0 ? `共 ${counts.total} 户要排查` : `已排查 ${counts.done}/${counts.total} 户`,
      ...(done ? [area.level === 'village' ? '已提交乡镇，辛苦了。' : '各村都已提交，辛苦了。'] : []),
    ],
    deadline: done ? null : deadlineOf(group),
    promise: milestone === all[0],
    area: done ? null : wayInto(group),
    time: await timeOfCounts(world, campaign),
  };
}

/** Its name, or what is true of it when it is told late; null: it has passed. */
function namedNow(milestone: Milestone, phase: Phase | undefined, { campaign, now }: Group): string | null {
  if ('deadline' in milestone) {
    const deadline = phase?.deadlines.find((d) => d.id === milestone.deadline);
    return deadline && instantOf(deadline.at) > now ? milestone.name : null;
  }
  const today = dayOf(now, campaign.zone);
  if (!phase || today > phase.to) return null;
  return today > phase.from && milestone.edge === 'start' ? milestone.name.replace('今天', '已') : milestone.name;
}

function phaseOf(campaign: LoadedCampaign, milestone: Milestone): Phase | undefined {
  return campaign.phases.find((p) =>
    'phase' in milestone ? p.id === milestone.phase : p.deadlines.some((d) => d.id === milestone.deadline),
  );
}

/** The county's backward schedule within the phase. */
function stepsOf(campaign: LoadedCampaign, level: Level, phase: Phase | undefined): string[] {
  const steps = campaign.reminders?.steps ?? [];
  return steps
    .filter((s) => s.levels.includes(level) && (!phase || (phase.from <= s.from && s.to <= phase.to)))
    .map((s) => `${s.from === s.to ? showDay(s.from) : `${showDay(s.from)}—${showDay(s.to)}`}　${s.name}`);
}

function deadlineOf({ campaign, area, now }: Group): MilestoneView['deadline'] {
  const owed = levelDeadline(campaign, area.level, now);
  return owed ? { text: showDeadline(campaign, owed, now), light: owed.light } : null;
}

function wayInto({ campaign, area, now }: Group): MilestoneView['area'] {
  if (!standing(campaign, now).open || area.level === 'county') return null;
  return area.level === 'village'
    ? { kind: 'village', open: { c: campaign.id, v: area.code } }
    : { kind: 'township', open: { c: campaign.id, a: area.code, p: 0 } };
}

async function timeOfCounts(world: World, campaign: LoadedCampaign): Promise<string> {
  const moving = await world.store.importing();
  return dataTime(campaign, world.clock.now(), moving);
}

/** null: its day is over, it is switched off by now, or every village is through. */
export async function groupDigestView(
  world: World,
  of: { readonly campaignId: string; readonly areaCode: string; readonly day: string },
): Promise<GroupDigestView | null> {
  const group = await groupOf(world, of);
  if (!group || !(await world.store.groupDigest(of.campaignId, of.areaCode))) return null;
  const { campaign, area, stands, now } = group;
  if (dayOf(now, campaign.zone) !== of.day || stands.every((s) => s.task === 'accepted')) return null;
  const { counts, changed } = await areaDigest(world, campaign, area);
  return {
    ...head(world, campaign),
    town: area.name,
    deadline: deadlineOf(group),
    lines: [...counts, changed].filter((line) => line !== ''),
    open: { c: campaign.id, a: area.code, p: 0 },
    time: await timeOfCounts(world, campaign),
  };
}
