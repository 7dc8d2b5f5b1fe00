// Owns the way in: raw bytes and headers to a verified, typed event. Knows nothing of what the bot does with it.

export interface Operator {
  readonly openId: string | null;
  readonly userId: string | null;
}

/** A click on a card, or a form submit. `value` and `form` are untrusted; cards/actions.ts parses them. */
export interface Click {
  readonly kind: 'click';
  readonly eventId: string;
  readonly operator: Operator;
  readonly messageId: string;
  readonly chatId: string;
  readonly token: string;
  readonly value: unknown; // action.value, undefined when the platform omitted it
  readonly name: string | null; // action.name: routes a submit whose value is missing
  readonly form: Readonly<Record<string, unknown>> | null; // action.form_value
  readonly option: string | null; // action.option of a stand-alone select
  readonly at: number; // epoch ms of header.create_time
}

export interface Mention {
  readonly key: string; // '@_user_1'
  readonly openId: string | null;
  readonly name: string;
}

export interface MessageEvent {
  readonly kind: 'message';
  readonly eventId: string;
  readonly messageId: string;
  readonly chatId: string;
  readonly chatType: 'p2p' | 'group';
  readonly sender: Operator;
  readonly senderIsUser: boolean;
  readonly text: string; // '' when the message is not text or post; mention keys still inside
  readonly mentions: readonly Mention[];
  readonly at: number;
}

export type ChatEvent =
  | { readonly kind: 'botAdded'; readonly eventId: string; readonly chatId: string; readonly chatName: string; readonly operator: Operator; readonly at: number }
  | { readonly kind: 'botRemoved'; readonly eventId: string; readonly chatId: string; readonly at: number }
  | { readonly kind: 'chatGone'; readonly eventId: string; readonly chatId: string; readonly at: number };

export type Inbound =
  | { readonly kind: 'challenge'; readonly challenge: string }
  | Click
  | MessageEvent
  | ChatEvent
  /** Verified, but of no concern to us (unknown type, legacy card callback). Answered 200 {}. */
  | { readonly kind: 'ignored'; readonly type: string };

/** Why a request is refused: 400 when the body is no JSON object, 401 for everything else. `reason` is for the log only. */
export interface BadInbound {
  readonly kind: 'bad';
  readonly status: 400 | 401;
  readonly reason:
    | 'not-json' | 'not-encrypted' | 'ciphertext' | 'signature' | 'token' | 'app-id' | 'too-old' | 'shape';
}

export interface InboundSettings {
  readonly appId: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
}
