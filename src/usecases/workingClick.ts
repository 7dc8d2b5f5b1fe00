// Owns what all clicks on a working card share: loading its facts, refusing what is not this person's, showing the card as
// it then stands, and telling a lost race. Knows no answer.
import type { ActionValue } from '../../cards/actions.ts';
import { showInstant } from '../domain/time.ts';
import type { Area, LoadedCampaign, Screening, Sitting } from '../ports.ts';
import type { Act, NextRule, Written } from '../store.ts';
import { mayAnswer, moved, nextRule, openSitting } from './opening.ts';
import { shortId, workingView } from './workingView.ts';
import { type Answer, type Asker, head, say, type World } from './world.ts';

/** How the card names fields; the card kit's function, handed in so that use-cases know no card. */
export interface FieldNames {
  name(questionId: string, household: string, rev: number): string;
  read(form: Readonly<Record<string, unknown>>, household: string, rev: number): Record<string, unknown>;
}

export interface WorkingClick {
  readonly asker: Asker;
  readonly chatId: string;
  readonly messageId: string;
  readonly value: ActionValue<'screening.submit'>;
  readonly form: Readonly<Record<string, unknown>>;
  readonly names: FieldNames;
}

/** Facts of a click that may go on. */
export interface Loaded {
  readonly campaign: LoadedCampaign;
  readonly village: Area;
  readonly sitting: Sitting;
  readonly act: Act;
  readonly next: NextRule;
  readonly click: WorkingClick;
  /** One sentence above the form instead of the stage's own. */
  readonly notice?: string;
}

/** Shows the sitting as it stands now, with an optional toast. */
export async function show(
  world: World,
  l: Pick<Loaded, 'campaign' | 'village' | 'click' | 'sitting' | 'notice'>,
  toast?: Answer['toast'],
): Promise<Answer> {
  const card = {
    campaign: l.campaign,
    sitting: l.sitting,
    person: l.click.asker.person,
    village: l.village.name,
    fieldName: l.click.names.name,
    ...(l.notice === undefined ? {} : { notice: l.notice }),
  };
  const shown = { card: 'working' as const, view: await workingView(world, card) };
  const audience = l.sitting.audience === 'private' ? { audience: l.sitting.audience } : {};
  return { ...(toast ? { toast } : {}), shown, ...audience };
}

/** Loads a working card's click and settles everything that is not about its content. */
export async function load(world: World, click: WorkingClick): Promise<Loaded | Answer> {
  const sitting = await world.store.sitting(click.value.s, click.value.r);
  if (!sitting) return gone(world);
  const [campaign, village] = await Promise.all([
    world.store.campaign(sitting.campaignId),
    world.store.area(sitting.villageCode),
  ]);
  if (!campaign || !village) return gone(world);
  if (elsewhere(sitting, click)) return say('warning', '这张卡片只能由本人在和我的私聊里用。');
  const { person, eventId, via } = click.asker;
  if (sitting.personId !== person.id) return othersCard(world, { click, sitting, campaign, village });
  if (sitting.state === 'closed') return replaced(world, campaign, sitting);
  const refusal = await mayAnswer(world, { campaign, village, asker: click.asker });
  if (refusal) return say('warning', refusal);
  const act = { eventId, actor: person.id, at: world.clock.now(), ...(via ? { via } : {}) };
  const loaded = { campaign, village, sitting, act, next: nextRule(world, campaign, false), click };
  const h = sitting.screening ? shortId(sitting.screening) : '';
  if (click.value.r !== sitting.rev || click.value.h !== h)
    return show(world, loaded, { tone: 'info', text: '卡片已更新，请看最新的一户。' });
  return loaded;
}

/** A private card works in its own message only: a copy that was passed on into a group shows nothing there. */
const elsewhere = (s: Sitting, { asker, messageId }: WorkingClick) =>
  s.audience === 'private' &&
  (s.chatId.includes('/') || s.personId !== asker.person.id || (s.messageId !== null && s.messageId !== messageId));

export const isLoaded = (l: Loaded | Answer): l is Loaded => 'sitting' in l;

const gone = (world: World): Answer => ({
  toast: { tone: 'warning', text: '这张卡片已失效，请发送「排查」重新打开。' },
  shown: { card: 'pointer', view: { ...head(world, null), text: '这张卡片已失效，请发送「排查」重新打开。' } },
});

const replaced = (world: World, campaign: LoadedCampaign, { audience }: Sitting): Answer => ({
  toast: { tone: 'info', text: '这张卡已经换成新的，请往下看。' },
  shown: moved(world, campaign, audience === 'private'),
});

/** Somebody else's card: says whose, and opens one's own. The clicked card stays as it is. */
async function othersCard(
  world: World,
  p: { click: WorkingClick; sitting: Sitting; campaign: LoadedCampaign; village: Area },
): Promise<Answer> {
  const { click, sitting, campaign, village } = p;
  const owner = (await world.store.personNames([sitting.personId])).get(sitting.personId) ?? '同事';
  const refusal = await mayAnswer(world, { campaign, village, asker: click.asker });
  if (refusal) return say('warning', `这是${owner}的填报卡。${refusal}`);
  const anchorId = sitting.anchorId ?? '';
  const opened = await openSitting(world, { asker: click.asker, chatId: sitting.chatId, anchorId, campaign, village });
  return say(
    'info',
    `这是${owner}的填报卡，没有改动。${opened ? '已为您另开一张，请往下看。' : '您自己的填报卡在下面。'}`,
  );
}

/** What a write came to, as a card. A repeated event shows the card as it is, a lost race says so. */
export async function written(
  world: World,
  l: Loaded,
  p: { readonly w: Written<Sitting>; readonly toast?: Answer['toast'] },
): Promise<Answer> {
  const { w, toast } = p;
  if (w.ok) return show(world, { ...l, sitting: w.value }, toast);
  const fresh = await world.store.sitting(l.sitting.id);
  if (!fresh) return gone(world);
  if (fresh.state === 'closed') return replaced(world, l.campaign, fresh);
  if (w.why === 'duplicate') return show(world, { ...l, sitting: fresh });
  if (fresh.rev === l.sitting.rev) return takenByOther(world, { ...l, sitting: fresh });
  return show(world, { ...l, sitting: fresh }, { tone: 'info', text: '卡片已更新，请看最新的一户。' });
}

/** Another cadre answered or holds this household: say who, go on to the next. */
export async function takenByOther(world: World, l: Loaded): Promise<Answer> {
  const c = l.sitting.screening;
  const answered = c !== null && isAnswered(c);
  const other = answered ? c.submittedBy : c && (await world.store.holderOf(c, l.act));
  const name = (await world.store.personNames([other ?? ''])).get(other ?? '') ?? '别的同事';
  const when = answered && c.submittedAt !== null ? `在${showInstant(c.submittedAt, l.campaign.zone)}` : '';
  const w = await world.store.skip({ act: l.act, sitting: l.sitting, next: l.next });
  const text = `这户${answered ? `已由${name}${when}填好` : `正由${name}在填`}，没有重复保存。${nextLine(w)}`;
  const sitting = w.ok ? w.value : ((await world.store.sitting(l.sitting.id)) ?? l.sitting);
  return show(world, { ...l, sitting }, { tone: 'warning', text });
}

/** What a write brings onto the card, for its toast. */
export function nextLine(w: Written<Sitting>): string {
  const next = w.ok ? w.value.screening : null;
  if (!next) return '眼下没有要填的户了，辛苦了。';
  return `下一户：${next.household.code}${next.state === 'deferred' ? '（约好再联系的）' : ''}`;
}

export const isAnswered = (c: Screening) => c.state === 'clear' || c.state === 'found';
/** Answered by a colleague, or on another card of one's own since this one was drawn. */
export const answeredElsewhere = (c: Screening, { sitting, act }: Pick<Loaded, 'sitting' | 'act'>) =>
  answeredByOther(c, act.actor) || (isAnswered(c) && (c.submittedAt ?? 0) > sitting.updatedAt);
/** Answered, and not by this person. */
export const answeredByOther = (c: Screening, me: string) => isAnswered(c) && c.submittedBy !== me;
