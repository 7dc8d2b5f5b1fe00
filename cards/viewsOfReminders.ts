// Owns what the cards of reminders are told: strings and numbers already decided, nobody's arrears, no household. Colours
// belong to deadlines.
import type { ActionValue } from './actions.ts';
import type { HeadView, OptionView } from './views.ts';

/** A deadline in words. The colour is the deadline's own: blue soon, yellow the last days, red past; null: far away. */
export interface DeadlineView {
  readonly text: string; // 村级完成：7月20日 18:00，还剩 3 天
  readonly light: 'blue' | 'yellow' | 'red' | null;
}

/** The one way into the work of a part. */
export type WorkView =
  | { readonly kind: 'households'; readonly open: ActionValue<'village.open'> } // 继续排查
  | { readonly kind: 'forms'; readonly open: ActionValue<'areaForm.open'> } // 村级表
  | { readonly kind: 'handIn'; readonly open: ActionValue<'handIn.open'> } // 村级提交
  | { readonly kind: 'area'; readonly text: string; readonly open: ActionValue<'digest.area'> }; // 看各村

/** One area in one campaign. */
export interface DigestPartView {
  readonly place: string; // 大阿村 | 大阿村（汛期住房安全）
  readonly deadline: DeadlineView | null;
  readonly lines: readonly string[]; // what is left, what changed; counts and names of areas
  readonly decide: string; // what needs a decision; '' for nothing
  readonly next: string; // 约 2 小时；下一步：7月19日 村级研判
  readonly work: WorkView;
  /** It was sent back: the reasons are offered. */
  readonly reasons: ActionValue<'handIn.reasons'> | null;
}

/** Somebody's one message of the day. Private. */
export interface DigestView extends HeadView {
  readonly title: string; // 今日可办：大阿村 28 户，约 2 小时
  readonly command: string;
  readonly parts: readonly DigestPartView[]; // at most 10
  readonly more: string; // places beyond them; '' for none
  readonly towns: readonly { readonly name: string; readonly handedIn: number; readonly left: number }[]; // villages; area-code order
  readonly feedback: ActionValue<'feedback.open'>;
  readonly time: string; // 数据时间：7月18日 09:02
}

/** A campaign's message to a group: it begins, a deadline comes near, it ends. Counts only. */
export interface MilestoneView extends HeadView {
  readonly title: string; // 大阿村：乡镇自查整改阶段开始
  readonly lines: readonly string[]; // what is done in this phase, dates, the area's counts
  readonly deadline: DeadlineView | null;
  readonly promise: boolean; // the first one
  readonly area:
    | { readonly kind: 'village'; readonly open: ActionValue<'village.open'> }
    | { readonly kind: 'township'; readonly open: ActionValue<'township.open'> }
    | null; // after the end: nothing to press
  readonly time: string;
}

/** A township's digest in its group, where it was switched on. Counts only. */
export interface GroupDigestView extends HeadView {
  readonly town: string;
  readonly deadline: DeadlineView | null;
  readonly lines: readonly string[];
  readonly open: ActionValue<'township.open'>;
  readonly time: string;
}

/** 提醒: what will come to this person and why, and what they may change. Private. */
export interface RemindersView extends HeadView {
  readonly state: string; // 工作日每天至多一条，没有要办的就不发 | 请假到 7月18日，这几天不提醒
  readonly paused: boolean; // there is something to resume
  readonly value: ActionValue<'reminders.leave'>;
  readonly why: readonly string[]; // 大阿村：还有 28 户没有排查; empty: nothing to do; at most 10
  readonly coming: readonly { readonly when: string; readonly what: string }[]; // at most 10
  readonly later: string; // beyond them; '' for none
  readonly groups: readonly { readonly text: string; readonly value: ActionValue<'reminders.group'> }[];
  readonly trials: readonly { readonly text: string; readonly value: ActionValue<'reminders.trial'> }[];
  readonly feedback: ActionValue<'feedback.open'>;
}

/** 试算: what the campaign's reminders will send to everybody. For the county office. */
export interface TrialView extends HeadView {
  readonly lines: readonly string[];
  readonly rows: readonly {
    readonly when: string; // 7月13日 09:00
    readonly what: string;
    readonly n: number; // messages
    readonly takes: string; // 约 2 分钟
    readonly share: string; // of the month's calls: 0.9%
  }[];
  readonly months: readonly {
    readonly name: string;
    readonly used: number;
    readonly planned: number;
    readonly left: number;
  }[];
}

/** 这项负担重/填不了. Private. */
export interface FeedbackView extends HeadView {
  readonly value: ActionValue<'feedback.send'>;
  readonly kinds: readonly OptionView[];
}
