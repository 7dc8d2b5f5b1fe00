// Owns what the components of one card share: typed values, its form, the press in flight, and the doors the page lends.
// Knows no tag.
import { type ComponentType, createContext } from 'preact';
import { useContext, useState } from 'preact/hooks';
import type { OwnColors } from './color.ts';
import { type Field, initialOf, isRequired, type Value, type Values } from './form.ts';
import { asObject, asText, callbackOf, type Json, words } from './json.ts';

export interface CardAction {
  readonly tag: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly form_value?: Readonly<Record<string, unknown>>;
  readonly option?: string;
  readonly options?: readonly string[];
  readonly checked?: boolean;
  readonly input_value?: string;
}
export type ToastKind = 'info' | 'success' | 'error' | 'warning';
export interface CardPerson {
  readonly openId: string;
  readonly name: string;
  readonly note: string;
}

/** What the page lends a card. */
export interface CardHost {
  readonly click: (messageId: string, action: CardAction) => Promise<void>; // resolves once answered, toasts shown
  readonly toast: (kind: ToastKind, text: string) => void;
  readonly nameOf: (openId: string) => string;
  readonly search: (text: string) => Promise<readonly CardPerson[]>;
  readonly drafts: Map<string, Values>;
  readonly me: string; // typed values are this person's alone
  readonly client: { readonly old: boolean; readonly keepsInputs: boolean }; // how real clients may differ
}

export interface ElementProps {
  readonly el: Json;
  readonly path: string; // place in the card, unique
}
export interface CardSession {
  readonly id: string;
  readonly host: CardHost;
  readonly Elements: ComponentType<{ of: unknown; path: string }>;
  readonly colors: OwnColors;
  readonly sizes: Readonly<Record<string, string>>;
  readonly labels: ReadonlyMap<Json, string>;
  readonly values: Values;
  readonly set: (key: string, value: Value) => void;
  readonly forget: (keys: readonly string[]) => void;
  readonly ask: (question: Json) => Promise<boolean>;
}
export interface FormSession {
  readonly fields: readonly Field[];
  readonly marked: ReadonlySet<string>; // required, still empty, told so
  readonly check: () => boolean;
  readonly sent: () => Record<string, unknown>;
  readonly reset: () => void;
}

export const CardContext = createContext<CardSession | null>(null);
export const FormContext = createContext<FormSession | null>(null);

export function useCard(): CardSession {
  const card = useContext(CardContext);
  if (!card) throw new Error('a card element outside a card');
  return card;
}

export interface Press {
  readonly busy: boolean;
  readonly off: boolean; // disabled by the card
  readonly tip: string;
  readonly run: (action: CardAction) => Promise<void>;
  readonly refuse: () => boolean; // true = disabled, and the reason was shown
}

/** Confirm, loading and disabled are the same for every component. */
export function usePress(el: Json): Press {
  const card = useCard();
  const [busy, setBusy] = useState(false);
  const off = el.disabled === true;
  const tip = words(el.disabled_tips);
  const run = async (action: CardAction): Promise<void> => {
    if (busy) return;
    const question = asObject(el.confirm);
    if (question && !(await card.ask(question))) return;
    setBusy(true);
    try {
      await card.host.click(card.id, action);
    } finally {
      setBusy(false);
    }
  };
  const refuse = (): boolean => {
    if (off && tip !== '') card.host.toast('info', tip);
    return off || busy;
  };
  return { busy, off, tip, run, refuse };
}

export interface FieldState {
  readonly key: string;
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly required: boolean;
  readonly unanswered: boolean;
  readonly press: Press;
  readonly set: (value: Value) => void;
  readonly send: (part: Omit<CardAction, 'tag' | 'name' | 'value'>) => void;
  readonly hooks: Readonly<Record<string, string>>; // what tests and screen readers find it by
}

/** A field keeps what was typed; outside a form a finished choice is sent at once. */
export function useField({ el, path }: ElementProps): FieldState {
  const card = useCard();
  const form = useContext(FormContext);
  const press = usePress(el);
  const name = asText(el.name);
  const key = name || asText(el.element_id) || path;
  const label = card.labels.get(el) ?? '';
  const required = form !== null && isRequired(el);
  const { value } = callbackOf(el);
  const send: FieldState['send'] = (part) => {
    if (form) return;
    const action: CardAction = {
      tag: asText(el.tag),
      ...(name && { name }),
      ...(value !== undefined && { value }),
      ...part,
    };
    void press.run(action);
  };
  return {
    key,
    name,
    label,
    value: card.values[key] ?? initialOf(el),
    required,
    unanswered: form?.marked.has(name) === true,
    press,
    set: (next) => card.set(key, next),
    send,
    hooks: { 'data-name': name || key, 'data-label': label },
  };
}
