// Owns the step from a view to card JSON, and from an answer to what the platform wants to hear back from a click.

import { campaignCard, helpCard, noticeCard } from '../../cards/answers.ts';
import { areaFormCard } from '../../cards/areaForm.ts';
import { correctionCard } from '../../cards/correction.ts';
import { digestCard } from '../../cards/digest.ts';
import { handInCard } from '../../cards/handIn.ts';
import { householdCard } from '../../cards/household.ts';
import { groupDigestCard, milestoneCard } from '../../cards/milestone.ts';
import { progressCard } from '../../cards/progress.ts';
import { feedbackCard, remindersCard, trialCard } from '../../cards/reminders.ts';
import { returnedCard, reviewCard, townshipCard } from '../../cards/township.ts';
import { villageCard } from '../../cards/village.ts';
import { moveCard, welcomeCard } from '../../cards/welcome.ts';
import { pointerCard, workingCard, workingCardByStencil } from '../../cards/working.ts';
import type { CardJson } from '../ports.ts';
import type { Answer, Shown } from '../usecases/world.ts';

/** Draws a view. Throws CardTooBig when it does not fit: our bug, told to the person by number. */
export function render(shown: Shown): CardJson {
  switch (shown.card) {
    case 'welcome':
      return welcomeCard(shown.view);
    case 'move':
      return moveCard(shown.view);
    case 'village':
      return villageCard(shown.view);
    case 'working':
      return workingCard(shown.view);
    case 'pointer':
      return pointerCard(shown.view);
    case 'help':
      return helpCard(shown.view);
    case 'progress':
      return progressCard(shown.view);
    case 'campaign':
      return campaignCard(shown.view);
    case 'notice':
      return noticeCard(shown.view);
    case 'areaForm':
      return areaFormCard(shown.view);
    case 'handIn':
      return handInCard(shown.view);
    case 'township':
      return townshipCard(shown.view);
    case 'review':
      return reviewCard(shown.view);
    case 'household':
      return householdCard(shown.view);
    case 'correction':
      return correctionCard(shown.view);
    case 'returned':
      return returnedCard(shown.view);
    case 'digest':
      return digestCard(shown.view);
    case 'milestone':
      return milestoneCard(shown.view);
    case 'groupDigest':
      return groupDigestCard(shown.view);
    case 'reminders':
      return remindersCard(shown.view);
    case 'trial':
      return trialCard(shown.view);
    case 'feedback':
      return feedbackCard(shown.view);
  }
}

/** The same card, for a click that waits for it. */
const quickly = (shown: Shown): CardJson =>
  shown.card === 'working' ? workingCardByStencil(shown.view) : render(shown);

/** The synchronous answer to a click (feishu-protocol: toast, card, or {} for nothing). */
export function callbackAnswer(answer: Answer): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  if (answer.toast) said.toast = { type: answer.toast.tone, content: answer.toast.text };
  if (answer.shown) said.card = { type: 'raw', data: quickly(answer.shown) };
  return said;
}

/** Puts a sentence in front of a card's title and summary: 「补发（08:31 的请求）」. */
export function prefixed(card: CardJson, prefix: string): CardJson {
  const header = card.header as { title?: { content?: string } } | undefined;
  const config = card.config as { summary?: { content?: string } } | undefined;
  return {
    ...card,
    header: { ...header, title: { ...header?.title, content: `${prefix}${header?.title?.content ?? ''}` } },
    config: { ...config, summary: { ...config?.summary, content: `${prefix}${config?.summary?.content ?? ''}` } },
  };
}
