// Owns one cadre at work: opens a card, answers, corrects, skips, puts off, taps twice, and taps again when no answer came.
// Sees what the chat shows and writes down what was said; knows no store.
import { ClientRefusal, type FormInput, pressed } from '../../simulator/press.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import type { StoredMessage } from '../../simulator/state.ts';
import type { ClickAnswer } from '../../simulator/wire.ts';
import type { Campaign } from '../../src/domain/campaign.ts';
import type { Attempt } from './books.ts';
import type { Dice } from './dice.ts';
import { filled, type Sight, sightOf, type Typed, typedIn } from './sight.ts';

export interface Workplace {
  readonly sim: Simulator;
  readonly campaign: Campaign;
  readonly dice: Dice;
  /** Simulated milliseconds between two acts, on average. */
  readonly think: number;
  readonly tomorrow: string;
  /** Acts one cadre does at most. */
  readonly acts: number;
  readonly attempts: Attempt[];
  /** How often what was said to a tap, numbers and codes left out. */
  readonly heard: Map<string, number>;
  /** No new acts from now on. */
  over(): boolean;
}

export interface Cadre {
  readonly openId: string;
  readonly name: string;
  readonly chatId: string;
  readonly villageCard: string;
}

const second = 1000;

/** Resolves when this cadre, with this card open, has done their part. */
export async function work(at: Workplace, me: Cadre, opened: StoredMessage): Promise<void> {
  await pause(at, at.dice.between(0, at.think));
  let card = opened;
  const typing: Typing = { code: '', typed: {} };
  for (let acts = 0; acts < at.acts && !at.over(); acts++) {
    await pause(at, at.dice.between(0.5, 1.5) * at.think);
    const sight = sightOf(card.content);
    if (sight.stage === 'nothing') {
      const newer = newest(at, me);
      if (newer === null || newer === card) return; // nothing is left to answer
      card = newer;
    } else await act({ at, me, card, typing }, sight);
  }
}

const pause = (at: Workplace, ms: number) => at.sim.clock.sleepUntil(at.sim.clock.now() + ms);

/** One's newest card in the group. */
function newest({ sim }: Workplace, me: Cadre): StoredMessage | null {
  const mine = (m: StoredMessage) => m.from.bot && m.content.includes(`"${me.name}（`) && m.content.includes('"s":"');
  return sim.messages(me.chatId).findLast(mine) ?? null;
}

/** 继续排查, some time in the morning, until one's card is there. */
export async function openCard(at: Workplace, me: Cadre): Promise<StoredMessage> {
  await pause(at, at.dice.between(0, 5 * at.think));
  for (;;) {
    await at.sim.press(me.openId, me.villageCard, '继续排查');
    for (let looked = 0; looked < 60; looked++) {
      await pause(at, second);
      const card = newest(at, me);
      if (card) return card;
    }
  }
}

interface Typing {
  code: string;
  typed: Typed;
}

interface Desk {
  readonly at: Workplace;
  readonly me: Cadre;
  readonly card: StoredMessage;
  /** What was sent for the household so far, in earlier steps. */
  readonly typing: Typing;
}

async function act(desk: Desk, sight: Sight): Promise<void> {
  const { dice } = desk.at;
  if (sight.stage !== 'form') {
    if (dice.hits(0.1)) await tap(desk, '返回');
    else await submit(desk, sight, 0.3);
    return;
  }
  const chance = dice.roll();
  if (chance < 0.04) await tap(desk, '跳过');
  else if (chance < 0.09) await tap(desk, '联系不上');
  else if (chance < 0.13 && sight.canGoBack) await tap(desk, '上一户');
  else await submit(desk, sight, chance < 0.25 ? 0.25 : 0);
}

/** Fills in and taps 提交; now and then not everything at first, or twice at once. */
async function submit(desk: Desk, sight: Sight, odd: number): Promise<void> {
  const { at, me } = desk;
  const form = filled(sight, { campaign: at.campaign, dice: at.dice, odd, tomorrow: at.tomorrow });
  if (sight.stage === 'form' && at.dice.hits(0.04)) await forgets(desk, sight, form);
  await tap(desk, '提交', form);
  if (at.dice.hits(0.01)) await at.sim.press(me.openId, me.villageCard, '刷新');
}

/** An old client sends a form that is not complete; the card stays, and is filled in again. */
async function forgets({ at, me, card }: Desk, sight: Sight, form: FormInput): Promise<void> {
  const action = pressed(sight.card, '提交', form);
  const [gone] = Object.keys(action.form_value ?? {});
  const rest = Object.fromEntries(Object.entries(action.form_value ?? {}).filter(([name]) => name !== gone));
  const answer = await at.sim.click(me.openId, card.messageId, { ...action, form_value: rest });
  if (answer.toast?.type === 'success') throw new Error(`saved without ${gone}`);
  hear(at, answer);
  await pause(at, at.think / 2);
}

/** Longer than any restart: other words after an unanswered tap could not be told from those the bot has taken. */
const patience = 120;

/** Taps, and while no answer comes taps again on what the card then shows, with the same words. */
async function tap(desk: Desk, label: string, form: FormInput = {}): Promise<void> {
  const { at, card } = desk;
  for (let tries = 0; tries < patience; tries++) {
    const before = card.content;
    const twice = at.dice.hits(0.05);
    try {
      const answers = await Promise.all(Array.from({ length: twice ? 2 : 1 }, () => once(desk, label, form)));
      if (answers.some((a) => a.code === null)) return;
    } catch (error) {
      if (error instanceof ClientRefusal) return; // the card has changed under the finger
      throw error;
    }
    await pause(at, at.dice.between(2, 5) * second);
    if (card.content !== before) return; // somebody may have refreshed it: look again before tapping
  }
}

async function once(desk: Desk, label: string, form: FormInput): Promise<ClickAnswer> {
  const { at, me, card, typing } = desk;
  const sight = sightOf(card.content);
  const action = pressed(sight.card, label, form);
  const submits = action.form_value !== undefined;
  const typed = { ...(sight.stage === 'more' && typing.code === sight.code ? typing.typed : {}), ...typedIn(action) };
  const answer = await at.sim.click(me.openId, card.messageId, action);
  hear(at, answer);
  if (!submits) return answer;
  if (sight.stage !== 'defer' && !isUntaken(answer)) Object.assign(typing, { code: sight.code, typed });
  const outcome = outcomeOf(sight.code, answer);
  const verb = sight.stage === 'defer' ? 'defer' : 'submit';
  if (outcome !== null) at.attempts.push({ code: sight.code, openId: me.openId, verb, typed, outcome });
  return answer;
}

function hear({ heard }: Workplace, { code, toast }: ClickAnswer): void {
  const said =
    code === null ? `${toast?.type ?? 'no'} ${(toast?.content ?? 'toast').split(/[，。：；]/)[0]}` : `no answer`;
  const kind = said
    .replace(/\S*-\d+/g, '…')
    .replace(/\d+/g, 'N')
    .replace(/由\S+填/, '由…填');
  heard.set(kind, (heard.get(kind) ?? 0) + 1);
}

/** Words that say: what was typed is not taken; an earlier tap's words stand where that one was, however it was answered. */
const untaken = ['没有保存', '卡片已更新', '这张卡已经换成新的', '没有重复保存'];
const isUntaken = ({ toast }: ClickAnswer) => untaken.some((words) => toast?.content.includes(words));
/** Words that say: nothing is stored by this tap. */
const refusals = [...untaken, '先记下了'];

/** null: certainly not stored by this tap. Throws when another household was acknowledged than the one on the card. */
function outcomeOf(code: string, { code: failed, toast }: ClickAnswer): Attempt['outcome'] | null {
  if (failed !== null || toast === null) return 'unknown';
  const said = /^(?:已保存|已登记) ([^。，（]+)/.exec(toast.content)?.[1];
  if (toast.type === 'success') {
    if (said !== code) throw new Error(`${code} was sent, and the bot said: ${toast.content}`);
    return 'stored';
  }
  return refusals.some((words) => toast.content.includes(words)) ? null : 'unknown';
}
