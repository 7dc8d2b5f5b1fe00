// Owns the unit that opens a sitting, and how a sitting asks for its next household.
import type { Act, NextRule, OpenSitting } from '../src/store.ts';
import type { Statement } from './engine.ts';
import {
  type Claim,
  claimNext,
  enqueue,
  guardNoOther,
  guardSitting,
  heldBy,
  releaseClaims,
  seeAct,
  statement,
  viewed,
} from './units.ts';

const shut = "update sitting set state = 'closed', rev = rev + 1, updated_at = ? ";

/** Statement 0 is `seen`. What moves along: the household and draft of the card that is replaced or moved here. */
export function openUnit(p: OpenSitting): Statement[] {
  const { act, audience = 'group' } = p;
  const old = p.from ?? p.replaces;
  const keep = old?.villageCode === p.villageCode ? old.screening : null;
  return [
    seeAct(act),
    ...(p.replaces ? [guardSitting(p.replaces)] : []),
    ...(p.from ? [guardSitting(p.from)] : []),
    guardNoOther({ me: act.actor, chatId: p.chatId, campaignId: p.campaignId, known: p.replaces?.id ?? '' }),
    statement(
      `${shut}where person_id = ? and chat_id = ? and campaign_id = ? and state = 'open'`,
      act.at,
      act.actor,
      p.chatId,
      p.campaignId,
    ),
    ...(p.from ? [statement(`${shut}where id = ?`, act.at, p.from.id)] : []),
    releaseClaims(p.campaignId, act.actor),
    claimNext(claimOf(p, act, { prefer: keep?.id ?? '', cursor: -1, exclude: '', fallback: '' })),
    statement(
      `insert into sitting (id, campaign_id, person_id, village_code, chat_id, anchor_id, screening_id, stage, draft, trail, opened_at, updated_at, audience)
       select ?1, ?2, ?3, ?5, ?6, ?7, held,
         case when held is null then 'finished' when held = ?8 then ?9 else 'form' end,
         case when held = ?8 then ?10 else '{}' end, ?11, ?12, ?12, ?13
       from (select ${heldBy} as held)`,
      p.id,
      p.campaignId,
      act.actor,
      p.next.claimUntil,
      p.villageCode,
      p.chatId,
      p.anchorId,
      keep?.id ?? '',
      old && old.stage !== 'finished' ? old.stage : 'form',
      JSON.stringify(old?.draft ?? {}),
      JSON.stringify(old?.trail ?? []),
      act.at,
      audience,
    ),
    ...viewed({ id: p.id, audience }, act),
    ...p.outgoing.map((m) => enqueue(m, act.at)),
  ];
}

export function claimOf(
  of: { campaignId: string; villageCode: string; next?: NextRule },
  act: Act,
  rule: Pick<Claim, 'prefer' | 'cursor' | 'exclude' | 'fallback'> & { next?: NextRule },
): Claim {
  const next = rule.next ?? of.next;
  if (!next) throw new Error('a claim needs its rule');
  const { prefer, cursor, exclude, fallback } = rule;
  return {
    campaignId: of.campaignId,
    villageCode: of.villageCode,
    me: act.actor,
    now: act.at,
    next,
    prefer,
    cursor,
    exclude,
    fallback,
  };
}
