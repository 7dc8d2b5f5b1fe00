// Owns what the cards of single households are told: strings and numbers already decided. For one pair of eyes only.
import type { ActionValue } from './actions.ts';
import type { FieldView, HeadView } from './views.ts';

/** 查户: one household whole, or for an inspector its state and how many findings. */
export interface HouseholdView extends HeadView {
  readonly code: string;
  readonly name: string; // full
  readonly village: string;
  readonly size: string; // 1组，3人
  readonly state: string; // 已填，发现线索 2 条
  readonly by: string; // '' or 王例 7月12日 08:35（代录）（逾期）
  readonly known: readonly string[];
  /** On the first page only. */
  readonly findings: readonly string[];
  readonly answers: readonly { readonly label: string; readonly value: string }[];
  readonly history: readonly string[]; // newest first, on the last page only
  readonly page: { readonly at: number; readonly of: number }; // 0-based
  readonly open: ActionValue<'household.open'>;
  /** What the button says that opens the form: 更正 | 代录; '' for none. */
  readonly mend: string;
  readonly note: string; // why there is no button, or ''
}

/** 更正 and 代录: the stored answers in a form, or two versions side by side when somebody was quicker. */
export interface CorrectionView extends HeadView {
  readonly value: ActionValue<'correct.submit'>;
  readonly act: '更正' | '代录';
  readonly code: string;
  readonly name: string;
  readonly village: string;
  readonly known: readonly string[];
  readonly notice: string; // '' or one sentence above the form
  readonly more: boolean; // the second step
  readonly groups: readonly { readonly title: string; readonly fields: readonly FieldView[] }[];
  /** Present when somebody answered in the meantime: only what differs. */
  readonly decide?: {
    readonly by: string; // 李样 7月12日 08:36
    readonly rows: readonly { readonly label: string; readonly mine: string; readonly theirs: string }[];
  };
}
