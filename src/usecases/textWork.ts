// Owns working by text in the private chat, for clients that show no card: the questions out as numbered lines, a typed
// answer in. What is stored is decided by the same steps as on the card; only how it is said and read lives here.
import { readAnswers } from '../domain/answers.ts';
import { plain } from '../domain/areaNames.ts';
import type { Question } from '../domain/questions.ts';
import { type Given, questionLine, type Raw, readText } from '../domain/textForm.ts';
import { dayOf } from '../domain/time.ts';
import type { Area, LoadedCampaign, Outgoing, Person, Sitting } from '../ports.ts';
import { goBack, putOff, showStage, skipHousehold, submitAnswers } from './answering.ts';
import { mayAnswer, nextRule, pointer } from './opening.ts';
import { wasTyped } from './privateWorkView.ts';
import { isAnswered, type WorkingClick } from './workingClick.ts';
import { questionsOn, shortId, workingView } from './workingView.ts';
import type { Answer, Asker, World } from './world.ts';

export interface TextReply {
  readonly text?: string;
  readonly outgoing?: readonly Outgoing[];
}

/** Stands where a card would name the message it replies to: this sitting has no card, it is asked by text. */
const byText = 'text';
const isByText = (s: Sitting | null): s is Sitting =>
  s !== null && s.state === 'open' && s.audience === 'private' && s.anchorId === byText;

// ── 文字排查 ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Opens the person's private sitting, or goes on with its household and draft, and asks by text. */
export async function workByText(
  world: World,
  p: { readonly asker: Asker; readonly campaign: LoadedCampaign; readonly village: Area },
): Promise<TextReply> {
  const { asker, campaign, village } = p;
  const { openId, id: actor } = asker.person;
  if (openId === null) return { text: '暂时认不出您的私聊，请联系县办核对名单。' };
  const refusal = await mayAnswer(world, p);
  if (refusal) return { text: refusal };
  const now = world.clock.now();
  const before = await world.store.openSittingOf(actor, openId, campaign.id);
  const w = await world.store.openSitting({
    act: { eventId: asker.eventId, actor, at: now },
    id: world.newId(),
    campaignId: campaign.id,
    chatId: openId,
    villageCode: village.code,
    anchorId: byText,
    next: nextRule(world, campaign, true),
    outgoing: before?.messageId ? [pointer(before, openId, now)] : [],
    replaces: before,
    audience: 'private',
  });
  const sitting = w.ok ? w.value : await world.store.openSittingOf(actor, openId, campaign.id);
  if (!isByText(sitting)) return { text: '刚才还有别的操作，请再发一次「文字排查」。' };
  return asks(world, { sitting, eventId: asker.eventId, before: '' });
}

/** The sitting's questions as a message to its person, drawn when it is sent. */
function asks(world: World, p: { sitting: Sitting; eventId: string; before: string }): TextReply {
  const { sitting, before } = p;
  const message: Outgoing = {
    key: `txt/${p.eventId.slice(-46)}`,
    kind: 'send',
    target: { kind: 'user', id: sitting.chatId },
    lane: sitting.chatId,
    payload: { type: 'textForm', sitting: sitting.id, before, audience: 'private' },
    dueAt: world.clock.now(),
  };
  return { outgoing: [message] };
}

// ── an answer ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface TextAnswer {
  readonly person: Person;
  readonly eventId: string;
  readonly text: string;
  /** When it was said, by the platform; when it came, by our clock. Epoch ms. */
  readonly saidAt: number;
  readonly cameAt: number;
  /** 「补发（08:31 的请求）」 for what is more than ten minutes old, else ''. */
  readonly late: string;
}

/** Nobody reads a household's questions and answers them faster: it was meant for the questions before. */
const soon = 5_000;

/** What a typed message does in the open text sitting; null: nothing is asked by text, or it is no answer. */
export async function answerByText(world: World, p: TextAnswer): Promise<TextReply | null> {
  const sitting = await openOf(world, p.person);
  const campaign = sitting ? await world.store.campaign(sitting.campaignId) : null;
  if (!sitting || !campaign) return null;
  const step = await stepOf(world, { sitting, campaign, p });
  if (step === null) return null;
  const again = (before: string) => asks(world, { sitting, eventId: p.eventId, before });
  if (p.saidAt < sitting.updatedAt || p.cameAt < sitting.updatedAt + soon) return again(await tooSoon(world, sitting));
  if (p.late !== '') return again(`${p.late}这条消息来晚了，先没有记。还要记的话，请看清是哪一户，再发一次。`);
  if (step.is === 'unclear')
    return { text: `没看清哪个答案是哪一题的，没有记。现在有 ${step.questions} 题，请${howTo(step.questions)}` };
  const answer = await step.run();
  if (!answer.shown) return { text: inText(answer.toast?.text ?? '') };
  const faulty = step.faults > 0 && answer.toast?.tone === 'error';
  const missing = `还没有保存，已答的都记下了。还差下面 ${step.faults} 题，只发这几题就行：`;
  return again(faulty ? missing : inText(answer.toast?.text ?? ''));
}

/** The newest sitting of the person that is asked by text. */
async function openOf(world: World, person: Person): Promise<Sitting | null> {
  const { openId } = person;
  if (openId === null) return null;
  const campaigns = await world.store.campaigns();
  const all = await Promise.all(campaigns.map((c) => world.store.openSittingOf(person.id, openId, c.id)));
  return all.filter(isByText).sort((a, b) => b.updatedAt - a.updatedAt)[0] ?? null;
}

type Step =
  | { readonly is: 'unclear'; readonly questions: number }
  | { readonly is: 'step'; readonly faults: number; readonly run: () => Promise<Answer> };

/** What the message asks for; null: it is neither a word of the card nor an answer. */
async function stepOf(
  world: World,
  of: { readonly sitting: Sitting; readonly campaign: LoadedCampaign; readonly p: TextAnswer },
): Promise<Step | null> {
  const { sitting, campaign, p } = of;
  const pressed = (form: Raw) => clickOf(sitting, p, form);
  const word = words[plain(p.text)];
  if (word) return { is: 'step', faults: 0, run: () => word(world, pressed({})) };
  if (sitting.screening === null) return null;
  const form = await formNow(world, campaign, sitting);
  const { questions, today } = form;
  const typed =
    plain(p.text) === '提交' ? {} : readText(p.text, { questions, open: form.faults.map((f) => f.id), today });
  if (typed === null)
    return /\d/.test(p.text.normalize('NFKC')) ? { is: 'unclear', questions: questions.length } : null;
  const raw: Raw = { ...form.given, ...typed };
  const { faults } = readAnswers(questions, raw, today);
  const run = sitting.stage === 'defer' ? putOff : submitAnswers;
  return { is: 'step', faults: faults.length, run: () => run(world, pressed(raw)) };
}

/** Buttons of the card that are words here. */
const words: Readonly<Record<string, (world: World, click: WorkingClick) => Promise<Answer>>> = {
  跳过: skipHousehold,
  上一户: goBack,
  联系不上: (world, click) => showStage(world, click, 'defer'),
  返回: (world, click) => showStage(world, click, 'form'),
};

/** As if it were pressed on the sitting's card as it stands. A repeated event repeats this id, and is refused by it. */
const clickOf = (s: Sitting, p: TextAnswer, form: Raw): WorkingClick => ({
  asker: { person: p.person, eventId: `${p.eventId}/w`, via: 'text' },
  chatId: s.chatId,
  messageId: s.messageId ?? '',
  value: { s: s.id, h: s.screening ? shortId(s.screening) : '', r: s.rev },
  form,
  names: { name: (id) => id, read: (fields) => ({ ...fields }) },
});

/** It was sent before these questions were: after a household was saved, or twice. */
async function tooSoon(world: World, sitting: Sitting): Promise<string> {
  const last = await world.store.screening(sitting.trail.at(-1) ?? '');
  const saved = last && isAnswered(last) ? `上一户 ${last.household.code} 已保存。` : '';
  return `${saved}您刚才那条是在下面这些题之前发的，没有记在这里，请看好再答。`;
}

// ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The step's questions in the order of the card, with what the card would have in their fields. */
async function formNow(world: World, campaign: LoadedCampaign, sitting: Sitting) {
  const person = { id: sitting.personId, name: '', openId: null, roles: [] };
  const card = { campaign, sitting, person, village: '', fieldName: (id: string) => id };
  const view = await workingView(world, card);
  const byId = new Map(questionsOn(campaign, sitting).map((q) => [q.id, q]));
  const parts = view.groups.map((g) => ({
    title: g.title,
    questions: g.fields.map((f) => byId.get(f.name)).filter((q): q is Question => q !== undefined),
  }));
  const questions = parts.flatMap((part) => part.questions);
  const fields = view.groups.flatMap((g) => g.fields);
  const given: Record<string, Given> = {};
  for (const f of fields) if (f.initial !== undefined) given[f.name] = f.initial;
  const today = dayOf(world.clock.now(), campaign.zone);
  return { view, parts, questions, given, today, faults: readAnswers(questions, given, today).faults };
}

/** The message: what happened, the household, its questions. null: the sitting is gone. */
export async function textFormMessage(
  world: World,
  of: { readonly sitting: string; readonly before: string },
): Promise<string | null> {
  const sitting = await world.store.sitting(of.sitting);
  const campaign = sitting ? await world.store.campaign(sitting.campaignId) : null;
  if (!sitting || !campaign) return null;
  const c = sitting.screening;
  if (sitting.state === 'closed') return joined([of.before, '这里已换成新的，请看下面最新的。']);
  const form = await formNow(world, campaign, sitting);
  const { view } = form;
  if (c === null) return joined([of.before, inText(view.notice)]);
  const { name = '', size = '', known = [] } = view.alone ?? {};
  const who = `${c.household.code} ${name}${size === '' ? '' : `（${size}）`}`;
  return joined([
    of.before,
    '',
    ...[who, ...known, view.left],
    '',
    inText(view.notice),
    ...questionLines(form, sitting),
    '',
    `请${howTo(form.questions.length)}`,
    `也可发：${sitting.stage === 'form' ? '跳过、上一户、联系不上' : '返回、跳过、上一户'}`,
  ]);
}

const joined = (lines: readonly string[]) =>
  lines
    .filter((line, i) => line !== '' || (i > 0 && lines[i - 1] !== ''))
    .join('\n')
    .trim();

/** All questions; once something was typed, those that still need an answer. */
function questionLines(form: Awaited<ReturnType<typeof formNow>>, sitting: Sitting): string[] {
  const { parts, questions, given } = form;
  const begun = questions.some((q) => wasTyped(sitting.draft, q.id));
  const faults = new Map(begun ? form.faults.map((f) => [f.id, f.reason]) : []);
  return parts.flatMap((part) => {
    const lines = part.questions
      .filter((q) => faults.size === 0 || faults.has(q.id))
      .map((q) => questionLine(questions.indexOf(q) + 1, { question: q, given: given[q.id], fault: faults.get(q.id) }));
    return part.title === '' || lines.length === 0 ? lines : [`【${part.title}】`, ...lines];
  });
}

const howTo = (questions: number) =>
  questions === 1
    ? '把答案发给我。'
    : '一次发来：按顺序写选项号，用空格隔开，如「1 1 2」；或写明题号，如「1:1 3:2」。已有答案的题可不答。';

/** The card's sentences without its buttons. */
const said: readonly (readonly [string, string])[] = [
  ['卡片已更新，请看最新的一户。', '这户刚有变动，请看下面最新的。'],
  ['先记下了，还要补充几项，填好再点提交。', '先记下了，还要补充下面几项。'],
  ['还要补充几项，填好后点“提交”。', ''],
  ['点村卡片上的“继续排查”', '发送「文字排查」'],
  ['请选没联系上的原因', '请发没联系上的原因'],
];
const inText = (text: string) => said.reduce((t, [card, here]) => t.replaceAll(card, here), text);
