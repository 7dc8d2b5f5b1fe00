// Owns saying the same with less when the platform refuses a card: its header and one sentence, then plain text. Pure. A
// card's header names the text command that does the same.
import type { Telling } from '../outboxStore.ts';
import type { CardJson, Message } from '../ports.ts';

const sentence = '这张卡片平台没有收，内容没有显示出来。请按标题下的指令发送文字来办；还不行请告诉县办。';
const textSentence = '（卡片没有发出来，请按上面的指令发送文字来办；还不行请告诉县办。）';
const nameless = '回头看助手有一条消息要给您，卡片没有发出来。请发送「帮助」看能办什么。';

/** The next way to tell it; null: there is none. A card that is changed in its place cannot become text. */
export function simplerThan(telling: Telling, message: Message, patches: boolean): Telling | null {
  if (message.kind === 'text' && telling === 'card') return null; // it was text from the start
  if (telling === 'card') return 'simple';
  return telling === 'simple' && !patches ? 'text' : null;
}

/** The message as it is told now. */
export function toldAs(telling: Telling, message: Message): Message {
  if (telling === 'card' || message.kind === 'text') return message;
  return telling === 'simple'
    ? { kind: 'card', card: simpleCard(message.card) }
    : { kind: 'text', text: textOf(message.card) };
}

/** Where there is not even a card to simplify. */
export const withoutCard: Message = { kind: 'text', text: nameless };

interface Header {
  readonly title?: { readonly content?: string };
  readonly subtitle?: { readonly content?: string };
}

const headOf = (card: CardJson) => {
  const { title, subtitle } = (card.header ?? {}) as Header;
  return { title: title?.content ?? '', subtitle: subtitle?.content ?? '' };
};
const plain = (content: string) => ({ tag: 'plain_text', content });

function simpleCard(card: CardJson): CardJson {
  const { title, subtitle } = headOf(card);
  return {
    schema: '2.0',
    config: { update_multi: true, summary: { content: title } },
    header: { title: plain(title), ...(subtitle === '' ? {} : { subtitle: plain(subtitle) }) },
    body: { elements: [{ tag: 'div', text: plain(sentence) }] },
  };
}

function textOf(card: CardJson): string {
  const { title, subtitle } = headOf(card);
  if (title === '') return nameless;
  return [title, subtitle, textSentence]
    .filter((line) => line !== '')
    .join('\n')
    .replaceAll('<', '＜')
    .replaceAll('>', '＞');
}
