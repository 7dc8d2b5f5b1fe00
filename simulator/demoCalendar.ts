// Owns what the demo's page says of time and of messages: phases of the campaign, kinds of what the bot sends, what one
// might type. Pure.
import type { Campaign } from '../src/domain/campaign.ts';
import { addDays, dayOf, instantOf } from '../src/domain/time.ts';
import type { DemoHooks } from './platform.ts';

type Calendar = Pick<DemoHooks, 'label' | 'nextPhase' | 'end' | 'kindOf' | 'suggestions'>;

/** The beginning of a message's id says what caused it. */
const kinds: Readonly<Record<string, string>> = { dig: '每日提醒', mil: '里程碑', dgg: '乡镇日报' };

const suggestions = { p2p: ['排查', '进度', '提醒', '活动', '帮助'], group: ['排查', '进度', '提醒', '帮助'] };

export function demoCalendar({ phases, zone }: Campaign): Calendar {
  const morning = (day: string): number => instantOf(`${day}T08:30:00+08:00`);
  const over = addDays(phases.at(-1)?.to ?? '', 1);
  return {
    label(now) {
      const today = dayOf(now, zone);
      const phase = phases.find((p) => p.from <= today && today <= p.to);
      return phase?.name ?? (today < (phases[0]?.from ?? '') ? '活动还没开始' : '活动已结束');
    },
    /** 08:30 of the next phase's first day; after the last phase the day after its end. */
    nextPhase(now) {
      const today = dayOf(now, zone);
      const next = [...phases.map((p) => p.from), over].find((d) => d > today);
      return next === undefined ? null : morning(next);
    },
    end: () => morning(over),
    kindOf: (uuid) => kinds[uuid.slice(0, uuid.indexOf('/'))] ?? '答复',
    suggestions,
  };
}
