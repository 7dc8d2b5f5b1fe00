// Owns what makes a test's world look like the demo on its page: people worth playing, time that can hurry, messages told
// by kind. Knows the bot by its tick only.
import { demoCalendar } from '../../simulator/demoCalendar.ts';
import type { DemoHooks } from '../../simulator/platform.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import { names, people, type Who } from './people.ts';

/** Who they are, as the page says it below their names. */
export const notes = {
  cadre: '大阿村 村干部',
  colleague: '大阿村 驻村工作队',
  neighbour: '金星村 村干部',
  clerk: '大阿镇 乡镇干部',
  office: '县办',
  leader: '县领导',
  stranger: '',
} as const satisfies Record<Who, string>;

/** `minute`: what a minute brings, awaited before the next one begins. */
export function demoOf(campaign: Campaign, minute: () => Promise<unknown>): DemoHooks {
  return {
    ...demoCalendar(campaign),
    featured: (['cadre', 'colleague', 'neighbour', 'clerk', 'office', 'leader'] as const).map((who) => ({
      openId: people[who],
      name: names[who],
      note: notes[who],
    })),
    notice: '',
    minute,
    calls: () => ({ month: '', made: 0 }),
    restart: async () => undefined,
  };
}
