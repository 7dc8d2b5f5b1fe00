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
import type { CorrectionView, HouseholdView } from '../../cards/viewsOfHousehold.ts';
import type {
  DigestView,
  FeedbackView,
  GroupDigestView,
  MilestoneView,
  RemindersView,
  TrialView,
} from '../../cards/viewsOfReminders.ts';
import type { AreaFormView, HandInView, ReturnedView, ReviewView, TownshipView } from '../../cards/viewsOfVillage.ts';
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
  /** Calls to the platform the county may spend a month; null: no limit. */
  readonly allowance: number | null;
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
  | { readonly card: 'notice'; readonly view: NoticeView }
  | { readonly card: 'areaForm'; readonly view: AreaFormView }
  | { readonly card: 'handIn'; readonly view: HandInView }
  | { readonly card: 'township'; readonly view: TownshipView }
  | { readonly card: 'review'; readonly view: ReviewView }
  | { readonly card: 'returned'; readonly view: ReturnedView }
  | { readonly card: 'household'; readonly view: HouseholdView }
  | { readonly card: 'correction'; readonly view: CorrectionView }
  | { readonly card: 'digest'; readonly view: DigestView }
  | { readonly card: 'milestone'; readonly view: MilestoneView }
  | { readonly card: 'groupDigest'; readonly view: GroupDigestView }
  | { readonly card: 'reminders'; readonly view: RemindersView }
  | { readonly card: 'trial'; readonly view: TrialView }
  | { readonly card: 'feedback'; readonly view: FeedbackView };

export type Tone = 'info' | 'success' | 'error' | 'warning';
/** The answer to a click: a toast, a card in place of the clicked one, or both. */
export interface Answer {
  readonly toast?: { readonly tone: Tone; readonly text: string };
  readonly shown?: Shown;
  /** The card is one person's, in their private chat. Absent: as if for a group. */
  readonly audience?: 'private';
}

export const say = (tone: Tone, text: string): Answer => ({ toast: { tone, text } });

/** Who clicked or typed, verified by the envelope. */
export interface Asker {
  readonly person: Person;
  readonly eventId: string;
  /** Typed, not pressed. */
  readonly via?: 'text';
}

export function head(world: World, campaign: Campaign | null): HeadView {
  const tags = [...(world.rehearsal ? ['演练'] : []), ...(campaign?.sample ? ['示例'] : [])];
  return { campaign: campaign?.short ?? '回头看', tags };
}

/** Of all campaigns those that run; when none does, the one loaded last. */
export function currentCampaigns(world: World, all: readonly LoadedCampaign[]): readonly LoadedCampaign[] {
  const running = all.filter((c) => standing(c, world.clock.now()).when === 'during');
  return running.length > 0 ? running : all.slice(-1);
}

/** The campaign to speak of where nobody can be asked which: the running one, else the one loaded last. */
async function currentCampaign(world: World): Promise<LoadedCampaign | null> {
  return currentCampaigns(world, await world.store.campaigns())[0] ?? null;
}

/** The campaign of a chat, else the current one. */
export async function campaignOf(world: World, campaignId: string | null): Promise<LoadedCampaign | null> {
  return (campaignId === null ? null : await world.store.campaign(campaignId)) ?? currentCampaign(world);
}

export const noCampaign = '现在还没有正在进行的活动，请联系县办。';
