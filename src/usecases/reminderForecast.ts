// Owns what 提醒 shows of what a person may be reminded of: their undone work now.
import type { RemindersView } from '../../cards/viewsOfReminders.ts';
import { inShort, showDeadline, villageLeft } from '../domain/digestWords.ts';
import type { Person } from '../ports.ts';
import { owedOf } from './owed.ts';
import type { World } from './world.ts';

export async function comingTo(world: World, person: Person): Promise<RemindersView['coming']> {
  const works = await owedOf(world, person);
  return works.map((w) => ({
    when: w.areaName,
    what: w.level === 'village' ? villageLeft(w).join('，') : inShort(w),
    why: w.deadline ? showDeadline(w.campaign, w.deadline, world.clock.now()) : '',
  }));
}
