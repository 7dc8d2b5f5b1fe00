// Owns what the buttons of digests, of 提醒 and of its form do. All of them stand on private cards only.
import { type ActionName, type ActionValue, parseFields } from '../../cards/actions.ts';
import { reminderFields } from '../../cards/reminders.ts';
import { rolesWith } from '../domain/scope.ts';
import type { Outgoing } from '../ports.ts';
import { openDigestArea } from '../usecases/digest.ts';
import { feedbackView, sendFeedback } from '../usecases/feedback.ts';
import { backToReminders, chooseReminders, switchGroupDigest } from '../usecases/reminderSettings.ts';
import { remindersView } from '../usecases/reminders.ts';
import { trialView } from '../usecases/reminderTrial.ts';
import { type Answer, type Asker, noCampaign, type Shown, say, type World } from '../usecases/world.ts';
import type { Clicked } from './clicks.ts';
import { render } from './render.ts';

type Owned = Extract<ActionName, `digest.${string}` | `reminders.${string}` | `feedback.${string}`>;
type Handlers = { readonly [N in Owned]: (c: Clicked, value: ActionValue<N>) => Promise<Answer> };

/** Of a card somebody carried into a group nothing may be shown there. */
const alone =
  <V>(run: (c: Clicked, value: V) => Promise<Answer>) =>
  async (c: Clicked, value: V): Promise<Answer> =>
    (await c.world.store.chat(c.chatId)) === null ? run(c, value) : say('info', '请私聊我发送「提醒」。');

export const reminderClicks: Handlers = {
  'digest.area': alone((c, v) => openDigestArea(c.world, c.asker, v)),
  'reminders.open': alone(async (c) =>
    below(c, { card: 'reminders', view: await remindersView(c.world, c.asker.person) }),
  ),
  'reminders.leave': alone((c, v) => untilDay(c, v, 'leave')),
  'reminders.mute': alone((c, v) => untilDay(c, v, 'mute')),
  'reminders.quiet': alone((c, v) => chooseReminders(c.world, c.asker, { value: v, choice: { do: 'quiet' } })),
  'reminders.resume': alone((c, v) => chooseReminders(c.world, c.asker, { value: v, choice: { do: 'resume' } })),
  'reminders.group': alone((c, v) => switchGroupDigest(c.world, c.asker, v)),
  'reminders.trial': alone((c, v) => trial(c.world, c.asker, v.c)),
  'reminders.back': alone((c) => backToReminders(c.world, c.asker.person)),
  'feedback.open': alone(async (c, v) => {
    const campaign = await c.world.store.campaign(v.c);
    if (!campaign) return say('warning', noCampaign);
    return below(c, { card: 'feedback', view: feedbackView(c.world, campaign) });
  }),
  'feedback.send': alone((c, v) => {
    const fields = parseFields(c.form, reminderFields.feedback, 0);
    return sendFeedback(c.world, c.asker, { campaignId: v.c, fields });
  }),
};

async function untilDay(c: Clicked, value: ActionValue<'reminders.leave'>, what: 'leave' | 'mute'): Promise<Answer> {
  const { day } = parseFields(c.form, reminderFields[what], value.r);
  const [date = ''] = typeof day === 'string' ? day.split(' ') : []; // the client adds its offset
  return chooseReminders(c.world, c.asker, { value, choice: { do: what, day: date } });
}

async function trial(world: World, { person }: Asker, campaignId: string): Promise<Answer> {
  const campaign = await world.store.campaign(campaignId);
  if (!campaign) return say('warning', noCampaign);
  if (rolesWith(campaign, person, 'manage').length === 0) return say('warning', '试算由县办来做。');
  return { shown: { card: 'trial', view: await trialView(world, campaign) }, audience: 'private' };
}

/** A card of its own below the clicked one, so that this one stays as it is. */
async function below(c: Clicked, shown: Shown): Promise<Answer> {
  const { person, eventId } = c.asker;
  const at = c.world.clock.now();
  const card: Outgoing = {
    key: `rem/${eventId.slice(-46)}`,
    kind: 'reply',
    target: { kind: 'message', id: c.messageId },
    lane: c.chatId,
    payload: { type: 'card', card: render(shown), audience: 'private' },
    dueAt: at,
  };
  await c.world.store.clickChange({ eventId, actor: person.id, at }, [], [card]);
  return say('info', '已发在下面。');
}
