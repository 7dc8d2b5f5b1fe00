// Owns the command 提醒: what will come and why, and by text what the card's buttons do.
import { readWish } from '../domain/reminderWords.ts';
import { rolesWith } from '../domain/scope.ts';
import { readOpinions, typeFeedback } from '../usecases/feedback.ts';
import { todayOf, typeReminders } from '../usecases/reminderSettings.ts';
import { remindersView } from '../usecases/reminders.ts';
import { trialView } from '../usecases/reminderTrial.ts';
import { currentCampaigns } from '../usecases/world.ts';
import type { Command, Reply, Request } from './commands.ts';

export const reminderCommand: Command = {
  id: 'reminders',
  word: '提醒',
  aliases: [],
  usage: '提醒 [请假到7月18日]',
  text: '看会给您发什么、什么时候发；请假、静音、恢复，提意见',
  needs: null,
  answers: 'asker',
  asksWhenLate: false,
  verbatim: true,
  run: reminders,
};

async function reminders({ world, person, argument, eventId }: Request): Promise<Reply> {
  const wish = readWish(argument, await todayOf(world));
  const asker = { person, eventId };
  switch (wish.do) {
    case 'show':
      return { shown: { card: 'reminders', view: await remindersView(world, person) } };
    case 'unclear':
      return { text: wish.say };
    case 'feedback':
      return typeFeedback(world, asker, wish);
    case 'opinions':
      return { text: await readOpinions(world, person) };
    case 'trial': {
      const [campaign] = currentCampaigns(world, await world.store.campaigns()).filter(
        (c) => rolesWith(c, person, 'manage').length > 0,
      );
      if (!campaign) return { text: '试算由县办来做。' };
      return { shown: { card: 'trial', view: await trialView(world, campaign) } };
    }
    default:
      return { text: await typeReminders(world, asker, wish) };
  }
}
