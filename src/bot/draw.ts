// Owns drawing a promised message at the moment it is sent, so that it is never stale.
import { fieldName } from '../../cards/actions.ts';
import type { Message, OutboxPayload } from '../ports.ts';
import { correctionView, isCorrection } from '../usecases/correctionView.ts';
import { householdView } from '../usecases/household.ts';
import { moved } from '../usecases/opening.ts';
import { progressView } from '../usecases/progress.ts';
import { textFormMessage } from '../usecases/textWork.ts';
import { townshipView } from '../usecases/township.ts';
import { villageView } from '../usecases/village.ts';
import { workingView } from '../usecases/workingView.ts';
import { head, type Shown, type World } from '../usecases/world.ts';
import { areaCardShown } from './drawArea.ts';
import { reminderShown } from './drawReminders.ts';
import { prefixed, render } from './render.ts';

/** null: what it spoke of no longer exists. */
export async function drawPayload(world: World, payload: OutboxPayload): Promise<Message | null> {
  switch (payload.type) {
    case 'text':
      return { kind: 'text', text: harmless(payload.text) };
    case 'card':
      return { kind: 'card', card: payload.card };
    case 'sitting':
      return cardOf(await sittingShown(world, payload.id));
    case 'textForm':
      return textOf(await textFormMessage(world, payload));
    case 'village':
      return cardOf(await areaShown(world, payload));
    case 'pointer':
      return cardOf(await pointerShown(world, payload));
    case 'household':
      return householdMessage(world, payload);
    case 'area':
      return cardOf(await areaCardShown(world, payload));
    case 'digest':
    case 'milestone':
    case 'groupDigest':
      return cardOf(await reminderShown(world, payload));
  }
}

/** The platform reads tags in text messages: what somebody typed must not become an @所有人. */
const harmless = (text: string) => text.replaceAll('<', '＜').replaceAll('>', '＞');

const textOf = (text: string | null): Message | null => (text === null ? null : { kind: 'text', text: harmless(text) });

const cardOf = (shown: Shown | null): Message | null => (shown === null ? null : { kind: 'card', card: render(shown) });

/** null: this person may not see it any more. */
async function householdMessage(
  world: World,
  of: Extract<OutboxPayload, { type: 'household' }>,
): Promise<Message | null> {
  const person = await world.store.personByOperator({ openId: of.openId, userId: null });
  const view = person ? await householdView(world, { screening: of.screening, person, page: of.page }) : null;
  if (view === null) return null;
  const card = render({ card: 'household', view });
  return { kind: 'card', card: of.late ? prefixed(card, of.late) : card };
}

/** What was sent anew before the platform ended it. */
async function pointerShown(
  world: World,
  { campaignId, audience }: Extract<OutboxPayload, { type: 'pointer' }>,
): Promise<Shown | null> {
  const campaign = await world.store.campaign(campaignId);
  const text = '卡片满14天就点不动了，已经换成一张新的，请看下面最新的一张；填过的都还在。';
  return campaign && { card: 'pointer', view: { ...head(world, campaign), text, alone: audience === 'private' } };
}

async function sittingShown(world: World, id: string): Promise<Shown | null> {
  const sitting = await world.store.sitting(id);
  const campaign = sitting ? await world.store.campaign(sitting.campaignId) : null;
  if (!sitting || !campaign) return null;
  if (sitting.state === 'closed') return moved(world, campaign, sitting.audience === 'private');
  const [village, names] = await Promise.all([
    world.store.area(sitting.villageCode),
    world.store.personNames([sitting.personId]),
  ]);
  if (isCorrection(sitting)) {
    const of = { campaign, sitting, village: village?.name ?? '', fieldName };
    const view = await correctionView(world, of);
    return view === null ? null : { card: 'correction', view };
  }
  const person = { id: sitting.personId, name: names.get(sitting.personId) ?? '', openId: null, roles: [] };
  return {
    card: 'working',
    view: await workingView(world, { campaign, sitting, person, village: village?.name ?? '', fieldName }),
  };
}

/** The card of a group's area: a village's look-backs, or a township's villages with what is handed in. */
async function areaShown(world: World, of: Extract<OutboxPayload, { type: 'village' }>): Promise<Shown | null> {
  const [campaign, area] = await Promise.all([world.store.campaign(of.campaignId), world.store.area(of.areaCode)]);
  if (!campaign || !area) return null;
  if (area.level === 'village') {
    const view = await villageView(world, campaign, area);
    return { card: 'village', view: of.audience ? { ...view, open: { ...view.open, p: true } } : view };
  }
  if (area.level === 'township')
    return {
      card: 'township',
      view: await townshipView(world, { campaign, area, page: 0, alone: of.audience === 'private' }),
    };
  const audience = of.audience ?? 'group';
  return {
    card: 'progress',
    view: await progressView(world, { campaign, area, page: 0, audience, rises: () => false }),
  };
}
