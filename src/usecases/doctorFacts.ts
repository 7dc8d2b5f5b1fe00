// Owns what the operator's doctor is told and what one of its checks says. Pure; knows no check.

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  /** What was found. */
  readonly say: string;
  /** What to click or set; '' when all is well. */
  readonly fix: string;
}

export interface DatabaseFacts {
  /** Migrations not yet applied. When there are some, nothing below was looked at. */
  readonly pending: number;
  readonly mode: string | null;
  readonly integrity: readonly string[];
  readonly difference: { readonly village: string; readonly villageCode: string; readonly off: number } | null;
  readonly lastTickAt: number | null;
  readonly lastEventAt: number | null;
  readonly lastClickAt: number | null;
  readonly outboxDue: number;
  readonly outboxDead: number;
  /** When the first message somebody waits for came due; null: none is due. */
  readonly askedDueAt: number | null;
  /** Calls to the platform this month, as booked. */
  readonly calls: number;
  readonly inboxWaiting: number;
  readonly people: number;
  /** Of them those with an active role and without open_id. */
  readonly phoneOnly: number;
  readonly households: number;
  readonly campaigns: readonly string[];
  readonly remoteConfirmed: boolean;
  readonly key: KeyFacts | null;
}
/** Ids of keys: the current one, the previous one, those that sealed what is stored. */
export interface KeyFacts {
  readonly current: string;
  readonly previous: string | null;
  readonly stored: readonly string[];
  /** A stored value could be opened. */
  readonly opens: boolean;
  readonly rotating: boolean;
}
export interface Asked {
  readonly ok: boolean;
  readonly code: number;
  readonly scopes: readonly string[];
}
export interface DoctorFacts {
  readonly mode: 'bot' | 'demo';
  readonly now: number;
  readonly rehearsal: boolean;
  readonly place: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'remote'; readonly host: string };
  /** 'missing': there is no such file · 'unreachable': it does not open or answer. */
  readonly database: DatabaseFacts | 'missing' | 'unreachable';
  readonly disk: { readonly freeBytes: number; readonly databaseBytes: number } | null;
  /** Does the bot answer on its own port? null: it runs elsewhere. */
  readonly running: boolean | null;
  /** Is its long connection open? null: it has none, or does not run here. */
  readonly connected: boolean | null;
  readonly transport: 'webhook' | 'websocket';
  readonly baseUrl: string;
  /** LARK_MONTHLY_CALLS and what the month's calls still permit. */
  readonly monthlyCalls: number;
  readonly spending: 'free' | 'tight' | 'scarce' | 'spent';
  readonly platform: {
    readonly token: Asked;
    readonly bot: Asked | null;
    readonly chats: Asked | null;
    readonly messages: Asked | null;
    readonly skewMs: number | null;
  } | null;
}

export type Found = Omit<Check, 'id' | 'title'> | null;
export const fine = (say: string): Found => ({ ok: true, say, fix: '' });
export const bad = (say: string, fix: string): Found => ({ ok: false, say, fix });
