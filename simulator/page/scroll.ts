// Owns where the messages stand: at the newest when opened, along with one's own and the bot's news, still while reading
// further up or typing into a card. A card that was pressed and replaced is shown from its top.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageMessage } from '../wire.ts';

interface ScrollNeeds {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly messages: readonly PageMessage[];
  readonly me: string;
  readonly actedAt: { readonly current: number };
}
export interface Scroll {
  readonly below: boolean; // news out of sight
  readonly toEnd: () => void;
}

const nearEnd = 120;
const justActed = 8000;

export function useScroll({ box, messages, me, actedAt }: ScrollNeeds): Scroll {
  const [below, setBelow] = useState(false);
  const before = useRef<readonly PageMessage[] | null>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const el = box.current;
    const moved = (): void => {
      if (!el) return;
      atEnd.current = isAtEnd(el);
      if (atEnd.current) setBelow(false);
    };
    el?.addEventListener('scroll', moved, { passive: true });
    return () => el?.removeEventListener('scroll', moved);
  }, []);
  useKeepEnd(box, atEnd);
  useLayoutEffect(() => {
    const el = box.current;
    const old = before.current;
    if (!el || messages.length === 0) return;
    before.current = messages;
    if (old === null) {
      showNewest(el, messages.at(-1)?.messageId ?? '');
      atEnd.current = isAtEnd(el);
      return;
    }
    const acted = performance.now() - actedAt.current < justActed;
    const known = new Map(old.map((message) => [message.messageId, message]));
    const news = messages.filter((message) => !known.has(message.messageId));
    const last = news.at(-1);
    if (last) {
      const follow = last.from.openId === me || acted || (atEnd.current && !typingInCard(el));
      if (follow) requestAnimationFrame(() => show(el, last.messageId));
      else setBelow(true);
    } else if (acted) {
      const changed = messages.find((message) => differ(known.get(message.messageId), message));
      if (changed) requestAnimationFrame(() => showTop(el, changed.messageId));
    }
  }, [messages]);
  const toEnd = (): void => {
    box.current?.scrollTo({ top: box.current.scrollHeight, behavior: 'smooth' });
    setBelow(false);
  };
  return { below, toEnd };
}

/** Shows one message from its beginning, once: it was chosen elsewhere. */
export function useAim(box: ScrollNeeds['box'], messages: readonly PageMessage[], aim: string): void {
  const shown = useRef('');
  const there = messages.some((m) => m.messageId === aim);
  useEffect(() => {
    if (!there || shown.current === aim) return;
    shown.current = aim;
    requestAnimationFrame(() => {
      const message = box.current && find(box.current, aim);
      message?.scrollIntoView({ block: 'start' });
      message?.animate([{ background: '#ffe9a8' }, { background: 'transparent' }], 2500);
    });
  }, [aim, there]);
}

/** What grows later (a chart, the keyboard) must not push the end out of sight. */
function useKeepEnd(box: RefObject<HTMLDivElement | null>, atEnd: { current: boolean }): void {
  useEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const sizes = new ResizeObserver(() => {
      if (atEnd.current && !typingInCard(el)) el.scrollTop = el.scrollHeight;
    });
    sizes.observe(el);
    return () => sizes.disconnect();
  }, []);
}

function typingInCard(box: HTMLElement): boolean {
  const focused = document.activeElement;
  return focused !== null && box.contains(focused) && focused.closest('.form') !== null;
}

const isAtEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;

/** By what they say: while the clock stands still, two versions bear one time. */
const differ = (a: PageMessage | undefined, b: PageMessage): boolean =>
  a !== b && JSON.stringify(a) !== JSON.stringify(b);

function find(box: HTMLElement, messageId: string): HTMLElement | null {
  return box.querySelector(`[data-message-id="${CSS.escape(messageId)}"]`);
}

const isTall = (box: HTMLElement, message: HTMLElement): boolean => message.offsetHeight > box.clientHeight - 24;

/** A chat just opened: its end, or the beginning of a newest message taller than the window. */
function showNewest(box: HTMLElement, messageId: string): void {
  box.scrollTop = box.scrollHeight;
  const message = find(box, messageId);
  if (message && isTall(box, message)) message.scrollIntoView({ block: 'start' });
}

/** A message taller than the window is shown from its beginning, any other as the last line. */
function show(box: HTMLElement, messageId: string): void {
  const message = find(box, messageId);
  if (!message) return;
  if (isTall(box, message)) message.scrollIntoView({ block: 'start' });
  else if (message.closest('.thread')) message.scrollIntoView({ block: 'nearest' });
  else box.scrollTop = box.scrollHeight;
}

function showTop(box: HTMLElement, messageId: string): void {
  const message = find(box, messageId);
  if (message && message.getBoundingClientRect().top < box.getBoundingClientRect().top)
    message.scrollIntoView({ block: 'start' });
}
