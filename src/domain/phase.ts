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
  const screening = campaign.phases.find((p) => p.screening) ?? first;
  const when = today < first.from ? 'before' : today > last.to ? 'after' : 'during';
  const running = campaign.phases.find((p) => p.from <= today && today <= p.to);
  const late = screening.lockAt === undefined ? today > screening.to : now >= instantOf(screening.lockAt);
  return { when, phase: running ?? (when === 'before' ? first : last), late, open: today >= screening.from };
}

/** One sentence on what `level` owes next: '村级完成：7月20日 18:00，还剩 8 天'. */
export function dueLine(campaign: Campaign, level: Level, now: number): { text: string; late: boolean } {
  const today = dayOf(now, campaign.zone);
  const screening = campaign.phases.find((p) => p.screening) ?? campaign.phases[0];
  const owed = screening?.deadlines.find((d) => d.level === level);
  if (!owed || !screening) return { text: '', late: false };
  if (today < screening.from)
    return { text: `${showDay(screening.from)}开始，${owed.name}：${deadline(owed.at, campaign)}`, late: false };
  const at = instantOf(owed.at);
  if (now >= at) return { text: `${owed.name}的时间（${deadline(owed.at, campaign)}）已过，仍可补报`, late: true };
  const left = daysBetween(today, dayOf(at, campaign.zone));
  return {
    text: `${owed.name}：${deadline(owed.at, campaign)}，${left === 0 ? '就在今天' : `还剩 ${left} 天`}`,
    late: left === 0,
  };
}

const deadline = (iso: string, campaign: Campaign) => showInstant(instantOf(iso), campaign.zone);

/** Whether `level`'s own deadline in the screening phase has passed; false where the phase sets none. */
export function pastDeadline(campaign: Campaign, level: Level, now: number): boolean {
  const owed = campaign.phases.find((p) => p.screening)?.deadlines.find((d) => d.level === level);
  return owed !== undefined && now >= instantOf(owed.at);
}

/** Phases whose books are closed: those with a lock that lies behind. */
export const lockedPhases = (campaign: Campaign, now: number): Phase[] =>
  campaign.phases.filter((p) => p.lockAt !== undefined && now >= instantOf(p.lockAt));
