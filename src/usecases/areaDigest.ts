// Owns what the digest of a township or the county says: counts, what changed since the working day before, what needs a
// decision. Counts and names of areas in area-code order; no person, no ranking.
import type { DigestView } from '../../cards/viewsOfReminders.ts';
import type { DayCount } from '../dayCountStore.ts';
import { someNames } from '../domain/digestWords.ts';
import { opinionsFor } from '../domain/opinions.ts';
import { isHandedIn, type VillageStand } from '../domain/owed.ts';
import type { Rules } from '../domain/reminders.ts';
import { dayOf, showInstant } from '../domain/time.ts';
import { previousWorkday } from '../domain/workdays.ts';
import type { Area, LoadedCampaign } from '../ports.ts';
import { rulesFor } from './reminderRules.ts';
import { type Counts, countsOf } from './village.ts';
import type { World } from './world.ts';

export interface AreaDigest {
  readonly counts: readonly string[];
  readonly changed: string; // '' on the first day
  /** A township's villages that wait or go on; for the county that people said something. */
  readonly named: readonly string[];
  readonly decide: string; // what is past its deadline and the grace after it; '' for nothing
  readonly towns: DigestView['towns']; // of a county
}

export async function areaDigest(world: World, campaign: LoadedCampaign, area: Area): Promise<AreaDigest> {
  const { store } = world;
  const now = world.clock.now();
  const today = dayOf(now, campaign.zone);
  const rules = rulesFor(await store.campaigns());
  const county = area.level === 'county';
  const [rows, stands, areas, before, heard] = await Promise.all([
    store.tallies(campaign.id, area),
    store.stands(campaign.id, area, today),
    store.areas(),
    store.dayCounts(campaign.id, previousWorkday(rules.calendar, today) ?? today),
    county ? store.opinions(campaign.id, now - opinionsFor) : [],
  ]);
  const counts = countsOf(rows, 'ALL');
  const known: Known = { campaign, area, stands, areas, now, rules };
  const then = before?.towns.filter((t) => county || t.townshipCode === area.code) ?? [];
  const decide = toDecide(known);
  const since = before && then.length > 0 ? showInstant(before.takenAt, campaign.zone) : '';
  return {
    counts: [
      `已排查 ${counts.done}/${counts.total} 户，发现线索 ${counts.found} 户`,
      `已接收 ${of(stands, 'accepted')} 村，待接收 ${of(stands, 'submitted')} 村，还在排查 ${stands.filter((s) => !isHandedIn(s)).length} 村`,
    ],
    changed: since === '' ? '' : `从 ${since} 到现在：${changes(counts, stands, then)}`,
    named: county ? opinionsLine(heard.length) : villageNames(known, decide !== ''),
    decide,
    towns: county ? townsOf(known) : [],
  };
}

interface Known {
  readonly campaign: LoadedCampaign;
  readonly area: Area;
  readonly stands: readonly VillageStand[];
  readonly areas: readonly Area[];
  readonly now: number;
  readonly rules: Rules;
}

const of = (stands: readonly VillageStand[], task: VillageStand['task']) =>
  stands.filter((s) => s.task === task).length;

/** Compared with the counts of the day it is told; a village sent back takes its households along. */
function changes(now: Counts, stands: readonly VillageStand[], then: readonly DayCount[]): string {
  const sum = (of: (t: DayCount) => number) => then.reduce((n, t) => n + of(t), 0);
  const done = now.done - sum((t) => t.done);
  const handedIn = stands.filter(isHandedIn).length - sum((t) => t.waiting + t.accepted);
  const said = [
    done === 0 ? '' : done > 0 ? `新排查 ${done} 户` : `退回重新核实 ${-done} 户`,
    handedIn === 0 ? '' : handedIn > 0 ? `新提交 ${handedIn} 村` : `退回 ${-handedIn} 村`,
  ].filter((t) => t !== '');
  return said.length === 0 ? '没有变化' : said.join('，');
}

const opinionsLine = (n: number) => (n === 0 ? [] : [`近 7 天收到意见 ${n} 条，发送“提醒 意见”就能看`]);

const most = 20;
const nameOf = (areas: readonly Area[], code: string) => areas.find((a) => a.code === code)?.name ?? code;

/** `decided`: those that go on are named in what needs a decision. */
function villageNames({ stands, areas }: Known, decided: boolean): string[] {
  const list = (title: string, which: readonly VillageStand[]) =>
    which.length === 0
      ? []
      : [
          `${title}：${someNames(
            which.map((s) => nameOf(areas, s.areaCode)),
            most,
          )}`,
        ];
  return [
    ...list(
      '待接收',
      stands.filter((s) => s.task === 'submitted'),
    ),
    ...list(
      '还在排查',
      stands.filter((s) => !decided && !isHandedIn(s)),
    ),
  ];
}

/** What comes up once the levels below have had their grace: by the same rule that sends the digest. */
function toDecide({ campaign, area, stands, areas, now, rules }: Known): string {
  const past = rules.causes.findLast(
    (c) => c.kind === 'escalation' && c.campaignId === campaign.id && c.to === area.level && c.at <= now,
  );
  if (!past) return '';
  const deadline = campaign.phases.flatMap((p) => p.deadlines).find((d) => d.id === past.id);
  const byTown = deadline?.level === 'township';
  const open = stands.filter((s) => (byTown ? s.task !== 'accepted' : !isHandedIn(s)));
  if (open.length === 0) return '';
  const county = area.level === 'county';
  const codes = [...new Set(open.map((s) => (county ? s.townshipCode : s.areaCode)))];
  const names = codes.map((code) => nameOf(areas, code));
  const tail = county ? `，还有 ${open.length} 个村没有${byTown ? '接收' : '提交'}` : '';
  return `${someNames(names, most)}，${past.name}${tail}`;
}

function townsOf({ areas, stands }: Known): DigestView['towns'] {
  return areas
    .filter((a) => a.level === 'township')
    .map((town) => {
      const villages = stands.filter((s) => s.townshipCode === town.code);
      const handedIn = villages.filter(isHandedIn).length;
      return { name: town.name, handedIn, left: villages.length - handedIn };
    })
    .filter((town) => town.handedIn + town.left > 0);
}
