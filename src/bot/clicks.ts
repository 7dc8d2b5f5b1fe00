// Owns what each button does: one handler per action of cards/actions.ts; the mapped type does not compile until every
// action has one. Handlers load the person from the verified envelope, never from the value.
import {
  type ActionName,
  type ActionValue,
  type FormValue,
  fieldName,
  type ParsedAction,
  parseAction,
  parseFields,
} from '../../cards/actions.ts';
import type { Click } from '../feishu/inbound.ts';
import type { Outgoing } from '../ports.ts';
import { goBack, putOff, showStage, skipHousehold, submitAnswers } from '../usecases/answering.ts';
import { type AreaClick, backToForms, openAreaForm, pickForm, submitForm } from '../usecases/areaForm.ts';
import { bind } from '../usecases/binding.ts';
import { keepMine, leaveCorrection, openCorrection, submitCorrection } from '../usecases/correction.ts';
import { openHandIn, submitHandIn } from '../usecases/handIn.ts';
import { turnHousehold } from '../usecases/household.ts';
import { openWorking } from '../usecases/opening.ts';
import { continueInPrivate, toPrivate } from '../usecases/privateWork.ts';
import { openProgress } from '../usecases/progress.ts';
import { openTownship } from '../usecases/township.ts';
import { acceptHandIn, openReview, returnHandIn, tellReasons, turnReview } from '../usecases/townshipReview.ts';
import { villageView } from '../usecases/village.ts';
import type { FieldNames, WorkingClick } from '../usecases/workingClick.ts';
import { type Answer, type Asker, head, noCampaign, say, type World } from '../usecases/world.ts';
import { helpShown } from './commands.ts';
import type { Gate } from './gate.ts';
import { reminderClicks } from './reminderClicks.ts';
import { callbackAnswer, render } from './render.ts';

const names: FieldNames = { name: fieldName, read: parseFields };

export interface Clicked {
  readonly world: World;
  readonly asker: Asker;
  readonly chatId: string;
  readonly messageId: string;
  readonly form: FormValue;
}

type Handlers = { readonly [N in ActionName]: (c: Clicked, value: ActionValue<N>) => Promise<Answer> };

const working = (c: Clicked, value: WorkingClick['value']): WorkingClick => ({
  asker: c.asker,
  chatId: c.chatId,
  messageId: c.messageId,
  value,
  form: c.form,
  names,
});

const inArea = (c: Clicked): AreaClick => ({
  asker: c.asker,
  chatId: c.chatId,
  messageId: c.messageId,
  form: c.form,
  names,
});

const handlers: Handlers = {
  'group.bind': (c, v) => bindByClick(c, v.area ?? '', v.move ?? false),
  'group.pick': (c) => bindByClick(c, typeof c.form.area === 'string' ? c.form.area : '', false),
  'village.open': (c, v) =>
    (v.p ? continueInPrivate : openWorking)(c.world, {
      asker: c.asker,
      chatId: c.chatId,
      anchorId: c.messageId,
      campaignId: v.c,
      villageCode: v.v,
    }),
  'village.refresh': (c, v) => refreshVillage(c, v),
  'screening.submit': (c, v) => submitAnswers(c.world, working(c, v)),
  'screening.more': (c, v) => submitAnswers(c.world, working(c, v)),
  'screening.skip': (c, v) => skipHousehold(c.world, working(c, v)),
  'screening.back': (c, v) => goBack(c.world, working(c, v)),
  'screening.defer': (c, v) => showStage(c.world, working(c, v), 'defer'),
  'screening.deferred': (c, v) => putOff(c.world, working(c, v)),
  'screening.return': (c, v) => showStage(c.world, working(c, v), 'form'),
  'screening.private': (c, v) => toPrivate(c.world, working(c, v)),
  'progress.open': async (c, v) => {
    const result = await openProgress(c.world, { person: c.asker.person, chatId: c.chatId }, v);
    return result.kind === 'say' ? say('warning', result.text) : { shown: result.shown };
  },
  'household.open': (c, v) => turnHousehold(c.world, { asker: c.asker, screening: v.c, page: v.p }),
  'household.correct': (c, v) => openCorrection(c.world, { asker: c.asker, screening: v.c }),
  'correct.submit': (c, v) => submitCorrection(c.world, working(c, v)),
  'correct.return': (c, v) => leaveCorrection(c.world, working(c, v)),
  'correct.mine': (c, v) => keepMine(c.world, working(c, v)),
  'correct.theirs': (c, v) => leaveCorrection(c.world, working(c, v)),
  'areaForm.open': (c, v) => openAreaForm(c.world, inArea(c), v),
  'areaForm.back': (c, v) => backToForms(c.world, inArea(c), v),
  'areaForm.pick': (c, v) => pickForm(c.world, inArea(c), v),
  'areaForm.submit': (c, v) => submitForm(c.world, inArea(c), v),
  'handIn.open': (c, v) => openHandIn(c.world, inArea(c), v),
  'handIn.reasons': (c, v) => tellReasons(c.world, inArea(c), v),
  'handIn.submit': (c, v) => submitHandIn(c.world, inArea(c), v),
  'township.open': (c, v) => openTownship(c.world, inArea(c), v),
  'review.open': (c, v) => openReview(c.world, inArea(c), v),
  'review.accept': (c, v) => acceptHandIn(c.world, inArea(c), v),
  'review.reject': (c, v) => turnReview(c.world, inArea(c), { value: v, form: true }),
  'review.back': (c, v) => turnReview(c.world, inArea(c), { value: v, form: false }),
  'review.return': (c, v) => returnHandIn(c.world, inArea(c), v),
  ...reminderClicks,
  'help.open': sendHelp,
};

/** A click to its callback answer through the gate. Rejects only on our own bugs and on a failed write; http.ts turns that into a toast. */
export async function onClick(world: World, click: Click, gate: Gate): Promise<Record<string, unknown>> {
  const answer = await answerTo(world, click);
  return gate.answer(callbackAnswer(answer), { chatId: click.chatId, audience: answer.audience ?? 'group' });
}

async function answerTo(world: World, click: Click): Promise<Answer> {
  const parsed = parseAction({ value: click.value, name: click.name, form: click.form });
  if (!parsed.ok) return outdated(world);
  const person = await world.store.personByOperator(click.operator);
  if (!person) return stranger(world, click.chatId);
  const clicked = {
    world,
    asker: { person, eventId: click.eventId },
    chatId: click.chatId,
    messageId: click.messageId,
    form: parsed.form,
  };
  const handler = handlers[parsed.name] as (c: Clicked, value: ParsedAction['value']) => Promise<Answer>;
  return handler(clicked, parsed.value);
}

/** A button of a card from another version: never an error, always a way on. */
function outdated(world: World): Answer {
  const view = {
    ...head(world, null),
    title: '这张卡片已经过期',
    text: '请发送「排查」打开新的填报卡（在群里要先@我），或发送「帮助」看看能做什么。',
    tone: 'plain' as const,
    choices: [],
  };
  return { toast: { tone: 'info', text: '这张卡片已经过期，请用新的。' }, shown: { card: 'notice', view } };
}

/** Nothing is stored about somebody who is not in the people file. */
export async function strangerText(world: World, chatId: string): Promise<string> {
  const chat = await world.store.chat(chatId);
  const area = chat?.areaCode ? await world.store.area(chat.areaCode) : null;
  const township = area?.township ? await world.store.area(area.township) : null;
  return `您还不在${area?.name ?? ''}名单，请联系${township?.name ?? '乡镇'}。`;
}

async function stranger(world: World, chatId: string): Promise<Answer> {
  return say('warning', await strangerText(world, chatId));
}

/** 帮助 on the welcome card: a card of its own below, so that the group keeps what it clicked on. */
async function sendHelp(c: Clicked): Promise<Answer> {
  const { person, eventId } = c.asker;
  const at = c.world.clock.now();
  const card = render(await helpShown(c.world, person, c.chatId));
  const help: Outgoing = {
    key: `hlp/${eventId.slice(-46)}`,
    kind: 'reply',
    target: { kind: 'message', id: c.messageId },
    lane: c.chatId,
    payload: { type: 'card', card },
    dueAt: at,
  };
  await c.world.store.clickChange({ eventId, actor: person.id, at }, [], [help]);
  return say('info', '帮助已发在下面。');
}

async function refreshVillage(c: Clicked, v: ActionValue<'village.refresh'>): Promise<Answer> {
  const [campaign, village] = await Promise.all([c.world.store.campaign(v.c), c.world.store.area(v.v)]);
  if (!campaign || !village) return say('warning', noCampaign);
  return {
    shown: { card: 'village', view: { ...(await villageView(c.world, campaign, village)), open: v } },
    toast: { tone: 'info', text: '已是最新' },
  };
}

async function bindByClick(c: Clicked, wanted: string, move: boolean): Promise<Answer> {
  const { world, asker, chatId } = c;
  const chat = await world.store.chat(chatId);
  const chatName = chat?.name ?? '';
  const result = await bind(world, { person: asker.person, chatId, chatName, eventId: asker.eventId, wanted, move });
  if (result.kind === 'say') return say('warning', result.text);
  if (result.kind === 'show') return { shown: result.shown };
  const act = { eventId: asker.eventId, actor: asker.person.id, at: world.clock.now() };
  const written = await world.store.clickChange(act, result.changes, result.outgoing);
  const text = `本群已绑定${result.area.name}，工作卡片已发在下面。`;
  const job = `做的是${result.campaign.short}`;
  const view = {
    ...head(world, result.campaign),
    title: `已绑定${result.area.name}`,
    text: `${asker.person.name} 已把本群绑定到${result.area.name}，${job}。本工具不打卡、不排名、不计时。`,
    tone: 'plain' as const,
    choices: [],
  };
  return written.ok || written.why === 'duplicate'
    ? { toast: { tone: 'success', text }, shown: { card: 'notice', view } }
    : say('error', '没有保存，请再点一次');
}
