// Owns when what is late is told one level up: after a grace in working days that each level has for itself. It speaks of
// areas' deadlines, never of people. Pure.
import type { Campaign } from './campaign.ts';
import { screeningPhase } from './phase.ts';
import { dayOf, instantOf } from './time.ts';
import { type Calendar, workdayAfter } from './workdays.ts';

/** '村级完成期限已过 1 个工作日以上' once `level` has had its grace; null before, and where the campaign sets none. */
export function pastGrace(
  campaign: Campaign,
  level: 'village' | 'township',
  when: { readonly now: number; readonly calendar: Calendar },
): string | null {
  const grace = campaign.reminders?.grace[level];
  const today = dayOf(when.now, campaign.zone);
  const deadline = screeningPhase(campaign, today)?.deadlines.find((d) => d.level === level);
  if (grace === undefined || !deadline) return null;
  const last = workdayAfter(when.calendar, dayOf(instantOf(deadline.at), campaign.zone), grace);
  return last !== null && today > last ? `${deadline.name}期限已过 ${grace} 个工作日以上` : null;
}
