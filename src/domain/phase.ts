// Owns where a campaign stands at an instant: its phase, the deadline a level owes, whether answers are late. Pure.
import type { Campaign, Level, Phase } from './campaign.ts';
import { dayOf, daysBetween, instantOf, showDay, showInstant } from './time.ts';

export interface Standing {
  readonly when: 'before' | 'during' | 'after';
  /** The running phase; before the start the first, after the end the last. */
  readonly phase: Phase;
  /** Answers given now carry the mark 逾期. */
  readonly late: boolean;
  /** Households may be answered now: from the first day of the screening phase on (late ones are accepted and marked). */
  readonly open: boolean;
}

export function standing(campaign: Campaign, now: number): Standing {
  const today = dayOf(now, campaign.zone);
  const first = campaign.phases[0] as Phase;
  const last = campaign.phases[campaign.phases.length - 1] as Phase;
  const screening = screeningPhase(campaign, today) ?? first;
  const opens = campaign.phases.find((p) => p.screening)?.from ?? first.from;
  const when = today < first.from ? 'before' : today > last.to ? 'after' : 'during';
  const running = campaign.phases.find((p) => p.from <= today && today <= p.to);
  const late = screening.lockAt === undefined ? today > screening.to : now >= instantOf(screening.lockAt);
  return { when, phase: running ?? (when === 'before' ? first : last), late, open: today >= opens };
}

/** The phase answers belong to today: of those that screen, the last that has begun, else the first. */
export function screeningPhase(campaign: Campaign, today: string): Phase | undefined {
  const all = campaign.phases.filter((p) => p.screening);
  return all.findLast((p) => p.from <= today) ?? all[0];
}

/**
 * One sentence on what `level` owes next: '村级完成：7月20日 18:00，还剩 8 天'. Where no deadline is set, villages have
 * until the phase ends, other levels owe nothing ('').
 */
export function dueLine(campaign: Campaign, level: Level, now: number): { text: string; late: boolean } {
  const today = dayOf(now, campaign.zone);
  const screening = screeningPhase(campaign, today) ?? campaign.phases[0];
  const owed = screening?.deadlines.find((d) => d.level === level);
  if (!screening || (!owed && level !== 'village')) return { text: '', late: false };
  const name = owed?.name ?? screening.name;
  const until = owed ? deadline(owed.at, campaign) : showDay(screening.to);
  const lastDay = owed ? dayOf(instantOf(owed.at), campaign.zone) : screening.to;
  if (today < screening.from) return { text: `${showDay(screening.from)}开始，${name}：${until}`, late: false };
  if (owed ? now >= instantOf(owed.at) : today > lastDay)
    return { text: `${name}的时间（${until}）已过，仍可补报`, late: true };
  const left = daysBetween(today, lastDay);
  return { text: `${name}：${until}，${left === 0 ? '就在今天' : `还剩 ${left} 天`}`, late: left === 0 };
}

const deadline = (iso: string, campaign: Campaign) => showInstant(instantOf(iso), campaign.zone);

/** Whether `level`'s own deadline in the screening phase has passed; false where the phase sets none. */
export function pastDeadline(campaign: Campaign, level: Level, now: number): boolean {
  const phase = screeningPhase(campaign, dayOf(now, campaign.zone));
  const owed = phase?.deadlines.find((d) => d.level === level);
  return owed !== undefined && now >= instantOf(owed.at);
}

/** Phases whose books are closed: those with a lock that lies behind. */
export const lockedPhases = (campaign: Campaign, now: number): Phase[] =>
  campaign.phases.filter((p) => p.lockAt !== undefined && now >= instantOf(p.lockAt));
