// Owns the shapes between the simulator's server and its web page (routes under /sim). Shared by both, imports nothing.

/** GET /sim/state?as=OPEN_ID */
export interface PageState {
  readonly clock: ClockState;
  readonly me: PageUser;
  readonly featured: readonly PageUser[]; // the people worth playing, first in the switcher
  readonly chats: readonly PageChat[]; // chats `me` is in: with the bot first, then by last message
  readonly bot: { readonly openId: string; readonly name: string };
  readonly notice: string; // 演示数据 …
  readonly faults: FaultState;
  readonly longConnection: boolean; // events and clicks go to the bot over a long connection
  readonly flow: FlowState;
  readonly suggestions: Suggestions;
}
/** What somebody might send the bot: in a private chat, in a group. */
export interface Suggestions {
  readonly p2p: readonly string[];
  readonly group: readonly string[];
}
/** What the bot has sent since the beginning. */
export interface FlowState {
  readonly days: readonly FlowDay[]; // in order; days without messages are left out
  readonly unread: Readonly<Record<string, number>>; // by open_id, of the people worth playing
  readonly calls: { readonly month: string; readonly made: number }; // of the open API in this month
}
export interface FlowDay {
  readonly day: string; // 2023-07-12
  readonly kinds: Readonly<Record<string, number>>;
}
/** GET /sim/flow?day=2023-07-12&all=1&as=OPEN_ID → { items, more }: newest first; without `all` those `featured` people see */
export interface FlowPage {
  readonly items: readonly FlowItem[];
  readonly more: number;
}
export interface FlowItem {
  readonly messageId: string;
  readonly chatId: string;
  readonly at: number;
  readonly as: string; // open_id of somebody who sees it
  readonly to: string; // a person's or a group's name
  readonly note: string; // 大阿村 村干部; '' of a group
  readonly group: boolean;
  readonly kind: string; // 每日提醒
  readonly line: string;
}
/** What is being rehearsed; all off = a good day. GET in the state, POST /sim/faults → FaultState. */
export interface FaultState {
  readonly slow: boolean;
  readonly lostAnswers: boolean;
  readonly serverErrors: boolean;
  readonly rateLimited: boolean;
  readonly resets: boolean;
  readonly revokedToken: boolean;
  readonly lostClicks: boolean;
  readonly duplicates: 'off' | 'same' | 'new'; // same: one event_id; new: another id each time
  readonly lateMinutes: 0 | 5 | 60 | 360; // virtual
  readonly submitWithoutValue: boolean;
  readonly refusedConnections: boolean;
  readonly silentGateway: boolean;
  readonly cutLines: boolean;
  readonly cardFrames: boolean;
  readonly fragments: boolean;
  readonly keepInputs: boolean;
  readonly oldClients: readonly string[]; // open_ids
  readonly withoutBot: readonly string[]; // chat_ids
}
/** POST /sim/faults: what changes and nothing else, or everything back. */
export type FaultRequest = Partial<FaultState> | { readonly reset: true };
export interface ClockState {
  readonly now: number; // epoch ms, virtual
  readonly zone: string; // Asia/Shanghai
  readonly paused: boolean;
  readonly speed: number; // 1 or 60
  readonly label: string; // 乡镇自查整改阶段 …, given by the demo
  readonly forward: ForwardState | null;
}
/** Going through time quickly, minute by minute. */
export interface ForwardState {
  readonly from: number;
  readonly until: number | null; // null: until it is stopped
  readonly speed: number | null; // null: as fast as it goes
  readonly sent: number; // messages of the bot since `from`
}
export interface PageUser {
  readonly openId: string;
  readonly name: string;
  readonly note: string; // 大阿村 村干部
}
export interface PageChat {
  readonly chatId: string;
  readonly name: string;
  readonly type: 'p2p' | 'group';
  readonly members: number;
  readonly hasBot: boolean;
  readonly last: string; // one line: text, or the card's summary
  readonly lastAt: number;
  readonly unread: number;
}
/** GET /sim/chats/:chatId/messages?as=OPEN_ID → PageMessage[] oldest first (last 200) */
export interface PageMessage {
  readonly messageId: string;
  readonly chatId: string;
  readonly from: { readonly openId: string; readonly name: string; readonly bot: boolean };
  readonly at: number;
  readonly updatedAt: number;
  readonly type: 'text' | 'card' | 'system' | 'image' | 'file';
  readonly text: string; // of a text or system message; mention keys already replaced by @name
  readonly card: Readonly<Record<string, unknown>> | null; // card JSON 2.0 as it now stands
  readonly replyTo: { readonly messageId: string; readonly line: string } | null;
  readonly threadId: string | null;
  readonly recalled: boolean;
  readonly file?: PageFile; // of an image or a file
}
/** Its bytes: GET /sim/files/:key?as=OPEN_ID */
export interface PageFile {
  readonly key: string;
  readonly name: string;
  readonly size: number; // bytes
}
/** GET /sim/people?q=TEXT&as=OPEN_ID → PageUser[] (at most 30) */

/** POST /sim/messages */
export interface SayRequest {
  readonly as: string;
  readonly chatId: string;
  readonly text: string;
  readonly mentionBot: boolean;
  readonly replyTo?: string;
}
/** POST /sim/files: a person sends a picture or a file. Goes as JSON, so that no other site's form can send one. */
export interface UploadRequest {
  readonly as: string;
  readonly chatId: string;
  readonly name: string;
  readonly data: string; // base64
}
/** POST /sim/click: what the page's component produced; the server wraps it into card.action.trigger. */
export interface ClickRequest {
  readonly as: string;
  readonly messageId: string;
  readonly action: {
    readonly tag: string;
    readonly name?: string;
    readonly value?: unknown;
    readonly form_value?: Readonly<Record<string, unknown>>;
    readonly option?: string;
    readonly options?: readonly string[];
    readonly checked?: boolean;
    readonly input_value?: string;
  };
}
/** Its answer. `code` is the platform's own client error (200340 …), null when the click went well. */
export interface ClickAnswer {
  readonly code: number | null;
  readonly toast: { readonly type: 'info' | 'success' | 'error' | 'warning'; readonly content: string } | null;
  readonly cardChanged: boolean;
}
/** POST /sim/bot { as, chatId, add } — the bot joins or leaves a group. → { ok: true } */
/** POST /sim/p2p { as } → { chatId } — opens the private chat with the bot. */
/** POST /sim/clock; what takes long is under way when it is answered (ClockState.forward). */
export type ClockRequest =
  | { readonly do: 'pause' } // also ends a run
  | { readonly do: 'play'; readonly speed: 1 | 60 | 600 | 3600 }
  | { readonly do: 'stop' } // ends a run, time goes on as before
  | { readonly do: 'message'; readonly as: string } // until the bot writes to this person or a group of theirs
  | { readonly do: 'hour' } // +1 h
  | { readonly do: 'evening' } // next 18:00
  | { readonly do: 'morning' } // next 08:30
  | { readonly do: 'phase' } // start of the next phase, given by the demo
  | { readonly do: 'end' } // when all phases are over
  | { readonly do: 'restart' }; // back to the beginning, everything anew
/** GET /sim/events?as=OPEN_ID: server-sent events, each `data:` one of these. */
export type PageEvent =
  | { readonly type: 'message'; readonly message: PageMessage } // new or updated, in a chat of `as`
  | { readonly type: 'chats'; readonly chats: readonly PageChat[] }
  | { readonly type: 'clock'; readonly clock: ClockState }
  | { readonly type: 'flow'; readonly flow: FlowState }
  | { readonly type: 'faults'; readonly faults: FaultState }
  | { readonly type: 'restarted' };
