// Owns what the cards of a village's own work and of its township are told: strings and numbers already decided.
import type { ActionValue } from './actions.ts';
import type { FieldView, HeadView, OptionView } from './views.ts';

/** The village's own look-backs: a list, or one of them as an empty form. */
export interface AreaFormView extends HeadView {
  readonly village: string;
  readonly open: ActionValue<'areaForm.back'>;
  readonly rows: readonly {
    readonly no: number;
    readonly name: string; // 规模性风险
    readonly text: string; // 待填 | 已填 王例 7月19日 09:02
    readonly go: string; // 填写 | 接着填 | 重新填写
    readonly pick: ActionValue<'areaForm.pick'>;
  }[];
  readonly form: {
    readonly value: ActionValue<'areaForm.submit'>;
    readonly title: string; // 对规模性返贫风险“回头看”
    readonly facts: readonly string[]; // what nobody is asked
    readonly groups: readonly { readonly title: string; readonly fields: readonly FieldView[] }[];
  } | null;
  readonly notice: string;
}

/** 村级提交: the meeting's record, or that it was handed in. */
export interface HandInView extends HeadView {
  readonly village: string;
  readonly value: ActionValue<'handIn.submit'>;
  readonly lines: readonly string[]; // counts
  readonly fields: readonly FieldView[]; // none: handed in
  readonly alone: boolean; // in a private chat
}

/** A township's villages in area-code order. */
export interface TownshipView extends HeadView {
  readonly town: string;
  readonly self: ActionValue<'township.open'>;
  readonly alone: boolean; // in a private chat
  readonly due: string;
  readonly total: number;
  readonly done: number;
  readonly found: number;
  readonly deferred: number;
  readonly states: string; // 未提交 3，待接收 1，已退回 0，已接收 14
  readonly villages: readonly {
    readonly code: string;
    readonly name: string;
    readonly state: string;
    readonly done: number;
    readonly total: number;
    readonly waits: boolean; // for the township
  }[];
  readonly sections: readonly { readonly no: number; readonly name: string; readonly text: string }[];
  readonly page: { readonly at: number; readonly of: number };
  readonly time: string;
}

/** A hand-in before the township. Private: it names households and reasons. */
export interface ReviewView extends HeadView {
  readonly village: string;
  readonly value: ActionValue<'review.accept'>;
  readonly stage: 'review' | 'return' | 'settled';
  readonly state: string; // 待接收 | 已接收 …
  readonly lines: readonly string[];
  readonly findings: readonly { readonly text: string; readonly count: string }[];
  readonly putOff: readonly { readonly code: string; readonly reason: string }[];
  readonly changes: readonly { readonly name: string; readonly text: string }[] | null; // null: a first hand-in
  readonly items: readonly OptionView[]; // of the village, to send back
  readonly notice: string;
}

/** What was sent back and why, for the cadre who handed in. Private. */
export interface ReturnedView extends HeadView {
  readonly village: string;
  readonly lines: readonly { readonly name: string; readonly reason: string }[];
  readonly way: string; // which buttons to press for this
}
