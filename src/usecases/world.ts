// Owns what every use-case is handed and what it hands back. A use-case decides and writes; it never sends.
import type {
  CampaignView,
  HeadView,
  HelpView,
  MoveView,
  NoticeView,
  PointerView,
  ProgressView,
  VillageView,
  WelcomeView,
  WorkingView,
} from '../../cards/views.ts';
import type { Campaign } from '../domain/campaign.ts';
import { standing } from '../domain/phase.ts';
import type { Clock, LoadedCampaign, NewId, Person } from '../ports.ts';
import type { Store } from '../store.ts';

export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: NewId;
  /** The process runs on a rehearsed clock: every header says 演练. */
  readonly rehearsal: boolean;
}

/** A card to show, by name: the bot knows which function draws it. */
export type Shown =
  | { readonly card: 'welcome'; readonly view: WelcomeView }
  | { readonly card: 'move'; readonly view: MoveView }
  | { readonly card: 'village'; readonly view: VillageView }
  | { readonly card: 'working'; readonly view: WorkingView }
  | { readonly card: 'pointer'; readonly view: PointerView }
  | { readonly card: 'help'; readonly view: HelpView }
  | { readonly card: 'progress'; readonly view: ProgressView }
  | { readonly card: 'campaign'; readonly view: CampaignView }
  | { readonly card: 'notice'; readonly view: NoticeView };

export type Tone = 'info' | 'success' | 'error' | 'warning';
/** The answer to a click: a toast, a card in place of the clicked one, or both. */
export interface Answer {
  readonly toast?: { readonly tone: Tone; readonly text: string };
  readonly shown?: Shown;
}

export const say = (tone: Tone, text: string): Answer => ({ toast: { tone, text } });

/** Who clicked or typed, verified by the envelope. */
export interface Asker {
  readonly person: Person;
  readonly eventId: string;
}

export function head(world: World, campaign: Campaign | null): HeadView {
  const tags = [...(world.rehearsal ? ['演练'] : []), ...(campaign?.sample ? ['示例'] : [])];
  return { campaign: campaign?.short ?? '回头看', tags };
}

/** The campaign a private question is about: the running one, else the one loaded last. */
export async function currentCampaign(world: World): Promise<LoadedCampaign | null> {
  const all = await world.store.campaigns();
  return all.find((c) => standing(c, world.clock.now()).when === 'during') ?? all.at(-1) ?? null;
}

/** The campaign of a chat, else the current one. */
export async function campaignOf(world: World, campaignId: string | null): Promise<LoadedCampaign | null> {
  return (campaignId === null ? null : await world.store.campaign(campaignId)) ?? currentCampaign(world);
}

export const noCampaign = '现在还没有正在进行的活动，请联系县办。';
