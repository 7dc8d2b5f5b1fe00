// Owns what a card is told: strings and numbers already decided, formatted and masked for a named audience. A view holds
// no row, no clock, no full name that its audience may not see.
import type { ActionValue } from './actions.ts';

/** Said by the header of every card. */
export interface HeadView {
  readonly campaign: string; // 防返贫“回头看”
  readonly tags: readonly string[]; // 演练, 示例 … at most two
}

/** After the bot was added to a group. */
export interface WelcomeView extends HeadView {
  readonly candidates: readonly { readonly area: string; readonly name: string }[]; // at most 10; empty: how to type it
}

/** The group is bound elsewhere, or the area has another group: asks before moving. */
export interface MoveView extends HeadView {
  readonly area: { readonly code: string; readonly name: string };
  readonly from: string; // the other group's name
}

/** The village's card: eight look-backs with counts, phase, days left, 继续排查. */
export interface VillageView extends HeadView {
  readonly open: ActionValue<'village.open'>;
  readonly village: string; // 大阿村
  readonly phase: string; // 乡镇自查整改阶段
  readonly due: string; // 村级完成：7月20日 18:00，还剩 9 天 | 已过截止时间，仍可补报
  readonly late: boolean;
  readonly total: number;
  readonly done: number;
  readonly deferred: number;
  readonly found: number; // of done: with a finding to look at
  readonly rows: readonly { readonly no: number; readonly name: string; readonly text: string }[]; // text: 12/40 户 | 待办理 0
  readonly time: string; // 数据时间：7月12日 08:31
  /** Present when answering is closed (before the dates): why. */
  readonly closed?: string;
  /** How the hand-in stands: 待接收 …; '' before the first. */
  readonly handIn: string;
  /** It was sent back: the reasons are offered, in private. */
  readonly returned: boolean;
  /** 村级表 and 村级提交 are offered. */
  readonly forms: boolean;
  /** What there is to do now: its button is the filled one. none: nothing, or it is the township's turn. */
  readonly next: 'households' | 'forms' | 'handIn' | 'none';
}

export interface OptionView {
  readonly text: string;
  readonly value: string;
}
export interface FieldView {
  readonly name: string; // item, switch or follow-up id, bare or as fieldName() made it; on the wire always the latter
  readonly label: string; // the campaign's card text verbatim
  readonly kind: 'single' | 'multi' | 'number' | 'money' | 'date' | 'text';
  readonly options: readonly OptionView[];
  readonly required: boolean;
  readonly hint: string; // placeholder: 第8题，请选择
  /** What stands in the field beforehand; on private cards only. */
  readonly initial?: string | readonly string[];
}

/** One cadre's working card. In a group nothing but code, 姓某 and an empty form. */
export interface WorkingView extends HeadView {
  readonly value: ActionValue<'screening.submit'>;
  readonly owner: string; // the cadre's name
  readonly village: string;
  readonly household: { readonly code: string; readonly masked: string } | null; // null at stage finished
  readonly form: '简表' | '全表';
  readonly stage: 'form' | 'more' | 'defer' | 'finished';
  /** Stage defer: one group with the fields `reason` (single) and `day` (date). Empty title: none shown. */
  readonly groups: readonly { readonly title: string; readonly fields: readonly FieldView[] }[];
  readonly left: string; // 本村还剩 28 户，您本次已填 3 户
  readonly canGoBack: boolean;
  readonly notice: string; // '' or one sentence above the form
  /** Present on a private card only: full name, 1组，3人, what the roster says. */
  readonly alone?: { readonly name: string; readonly size: string; readonly known: readonly string[] };
}

/** A card that took the place of an old working card. */
export interface PointerView extends HeadView {
  readonly text: string;
  readonly alone?: boolean; // in a private chat
}

export interface HelpView extends HeadView {
  readonly name: string; // of the person
  readonly scope: string; // 大阿村 村干部
  readonly commands: readonly { readonly usage: string; readonly text: string }[];
}

/** Counts of an area and of the areas below it, in area-code order. */
export interface ProgressView extends HeadView {
  readonly audience: 'private' | 'group';
  readonly area: string;
  readonly c: string; // campaign id
  readonly total: number;
  readonly done: number;
  readonly deferred: number;
  readonly found: number;
  readonly percent: string; // 41.2%
  readonly sections: readonly { readonly no: number; readonly name: string; readonly text: string }[];
  readonly children: readonly {
    readonly code: string;
    readonly name: string;
    readonly done: number;
    readonly total: number;
    readonly found: number;
    readonly deferred: number;
    readonly opens: boolean; // has a drill-down
  }[];
  readonly page: { readonly at: number; readonly of: number }; // 0-based
  readonly self: ActionValue<'progress.open'>;
  readonly up: ActionValue<'progress.open'> | null; // 返回
  readonly time: string; // 数据时间：7月12日 09:02
}

export interface CampaignView extends HeadView {
  readonly title: string;
  readonly number: string;
  readonly phases: readonly { readonly name: string; readonly days: string; readonly state: string }[];
  readonly left: string;
  readonly contact: string;
}

/** A plain answer: refusals, pickers, pointers. */
export interface NoticeView extends HeadView {
  readonly title: string;
  readonly text: string;
  readonly tone: 'plain' | 'ask';
  readonly choices: readonly { readonly text: string; readonly command: string }[]; // at most 10, typed commands to show
}
