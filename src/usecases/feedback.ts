// Owns 这项负担重/填不了: somebody says that something is too much or cannot be filled in. The county office reads it
// without names; nothing follows for anybody.
import type { FeedbackView } from '../../cards/viewsOfReminders.ts';
import { opinionsFor, tellOpinions } from '../domain/opinions.ts';
import { rolesWith } from '../domain/scope.ts';
import type { LoadedCampaign, Person } from '../ports.ts';
import type { Change } from '../store.ts';
import {
  type Answer,
  type Asker,
  campaignOf,
  currentCampaigns,
  head,
  noCampaign,
  type Shown,
  say,
  type World,
} from './world.ts';

const kinds = ['负担重', '填不了', '别的'] as const;
const longest = 500;

export const feedbackView = (world: World, campaign: LoadedCampaign): FeedbackView => ({
  ...head(world, campaign),
  value: { c: campaign.id },
  kinds: kinds.map((text) => ({ text, value: text })),
});

interface Kept {
  readonly kind: string;
  readonly text: string;
}

/** What is kept, or a sentence about what to change. */
function readFeedback(kind: unknown, text: unknown): Kept | { readonly refused: string } {
  const said = typeof text === 'string' ? text.trim() : '';
  const chosen = kinds.find((k) => k === kind);
  if (!chosen) return { refused: '请选是哪种情况。' };
  if (said === '') return { refused: '请写几个字，说说具体情况。' };
  if ([...said].length > longest) return { refused: `请写短一些，最多 ${longest} 个字。` };
  if (/\d[\s\d*xX-]{9,}/u.test(said.normalize('NFKC'))) return { refused: '请去掉证件号码和电话，再提交一次。' };
  return { kind: chosen, text: said };
}

const change = (campaign: LoadedCampaign | null, kept: Kept, by: { id: string; at: number }): Change => ({
  do: 'feedback',
  campaignId: campaign?.id ?? null,
  ...kept,
  by: by.id,
  at: by.at,
});

const thanks = '已记下，交给县办，谢谢。';

/** 提交 on the form. `fields`: what was filled in, by name. */
export async function sendFeedback(
  world: World,
  asker: Asker,
  p: { readonly campaignId: string; readonly fields: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  const campaign = await world.store.campaign(p.campaignId);
  if (!campaign) return say('warning', noCampaign);
  const kept = readFeedback(p.fields.kind, p.fields.text);
  if ('refused' in kept) return say('warning', kept.refused);
  const at = world.clock.now();
  const act = { eventId: asker.eventId, actor: asker.person.id, at };
  await world.store.clickChange(act, [change(campaign, kept, { id: act.actor, at })], []);
  return { toast: { tone: 'success', text: thanks }, shown: thanked(world, campaign), audience: 'private' };
}

function thanked(world: World, campaign: LoadedCampaign): Shown {
  const text = '您的意见已记下，交给县办。还有别的，随时发送「提醒 意见 您的意见」。';
  return { card: 'notice', view: { ...head(world, campaign), title: thanks, text, tone: 'plain', choices: [] } };
}

/** 「提醒 意见 …」 */
export async function typeFeedback(
  world: World,
  asker: Asker,
  { text, kind }: { readonly text: string; readonly kind?: string },
): Promise<{ readonly text: string; readonly changes: readonly Change[] }> {
  const kept = readFeedback(kind ?? kinds.find((k) => text.includes(k)) ?? '别的', text);
  if ('refused' in kept) return { text: kept.refused, changes: [] };
  const campaign = await campaignOf(world, null);
  return { text: thanks, changes: [change(campaign, kept, { id: asker.person.id, at: world.clock.now() })] };
}

/** 「提醒 意见」 without a word: what others said, for the county office; anybody else hears how to say something. */
export async function readOpinions(world: World, person: Person): Promise<string> {
  const [campaign] = currentCampaigns(world, await world.store.campaigns()).filter(
    (c) => rolesWith(c, person, 'manage').length > 0,
  );
  if (!campaign) return '请在后面写上您的意见，例如：提醒 意见 第3题没有这种情况。';
  return tellOpinions(await world.store.opinions(campaign.id, world.clock.now() - opinionsFor), campaign.zone);
}
