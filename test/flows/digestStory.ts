// Owns the words stories about digests are told in: a campaign with a schedule, and a message that became due.
import type { StoredMessage } from '../../simulator/state.ts';
import { asSample, type Campaign, type Reminders } from '../../src/domain/campaign.ts';
import type { OutboxPayload, Outgoing } from '../../src/ports.ts';
import { people, type Who } from '../support/people.ts';
import type { TestWorld } from '../support/world.ts';
import { xinfeng } from '../support/xinfeng.ts';

/** A short schedule of its own, so that a story does not hang on the county's. */
const schedule: Reminders = {
  times: { morning: '09:00', shifted: '16:00', township: '09:30' },
  milestones: [
    { id: 'start', name: '自查整改开始', phase: 'P1', edge: 'start' },
    { id: 'near', name: '村级完成还剩 1 天', deadline: 'village', daysBefore: 1 },
    { id: 'end', name: '自查整改结束', phase: 'P1', edge: 'end' },
  ],
  phaseStart: ['village', 'township'],
  steps: [
    { id: 'visits', name: '入户排查', from: '2023-07-12', to: '2023-07-18', levels: ['village'] },
    { id: 'meeting', name: '村级研判', from: '2023-07-19', to: '2023-07-19', levels: ['village'] },
    { id: 'review', name: '乡镇审核', from: '2023-07-20', to: '2023-07-20', levels: ['township'] },
  ],
  daysBefore: [3, 1],
  overdue: 2,
  grace: { village: 1, township: 1 },
  lights: { blue: 3, yellow: 1 },
  minutes: { short: 10, full: 30, form: 10, review: 20 },
};

export const scheduled = (): Campaign => ({ ...asSample(xinfeng()), reminders: schedule });

let due = 0;
/** The message becomes due now; resolves once it was sent or given up. */
export async function comesDue(w: TestWorld, to: Outgoing['target'], payload: OutboxPayload): Promise<void> {
  const at = w.clock.now();
  due += 1;
  const key = `due/${due}`;
  const message: Outgoing = { key, kind: 'send', target: to, lane: to.id, payload, dueAt: at };
  await w.running.store.clickChange({ eventId: key, actor: 'cron', at }, [], [message]);
  await w.settle();
}

export async function personOf(w: TestWorld, who: Who): Promise<string> {
  const person = await w.running.store.personByOperator({ openId: people[who], userId: null });
  if (!person) throw new Error(`${who} is nobody`);
  return person.id;
}

/** The digest of this person now; null: nothing was sent. */
export async function digestOf(w: TestWorld, who: Who): Promise<StoredMessage | null> {
  const chat = w.privateChat(who);
  const before = w.heard(chat).length;
  const personId = await personOf(w, who);
  await comesDue(w, { kind: 'user', id: people[who] }, { type: 'digest', personId, day: '2023-07-12' });
  const heard = w.heard(chat);
  return heard.length > before ? w.last(chat) : null;
}
