// What the page shows and how news changes it; how messages stand under each other; what its address says.
import { describe, expect, it } from 'vitest';
import { drillOf } from '../../simulator/drill.ts';
import { noFaults } from '../../simulator/faults.ts';
import { readAddress, writeAddress } from '../../simulator/page/address.ts';
import { linesOf } from '../../simulator/page/lines.ts';
import {
  namesIn,
  nothing,
  unreadOf,
  virtualNow,
  withEvent,
  withFetched,
  withFetching,
  withSeen,
  withState,
} from '../../simulator/page/shown.ts';
import type { PageChat, PageMessage, PageState } from '../../simulator/wire.ts';

const noDrill = drillOf(noFaults());
const start = Date.parse('2023-07-12T08:31:00+08:00');
const chat: PageChat = {
  chatId: 'oc_1',
  name: '大阿村',
  type: 'group',
  members: 3,
  hasBot: true,
  last: '',
  lastAt: start,
  unread: 1,
};
const page = (openId = 'ou_1'): PageState => ({
  clock: { now: start, zone: 'Asia/Shanghai', paused: false, speed: 60, label: '', forward: null },
  me: { openId, name: '张示', note: '' },
  featured: [],
  chats: [chat],
  bot: { openId: 'ou_bot', name: '助手' },
  notice: '演示数据',
  faults: noDrill,
  longConnection: false,
  flow: { days: [], unread: {}, calls: { month: '', made: 0 } },
  suggestions: { p2p: [], group: [] },
});
const message = (messageId: string, more: Partial<PageMessage> = {}): PageMessage => ({
  messageId,
  chatId: 'oc_1',
  from: { openId: 'ou_2', name: '李样', bot: false },
  at: start,
  updatedAt: start,
  type: 'text',
  text: messageId,
  card: null,
  replyTo: null,
  threadId: null,
  recalled: false,
  ...more,
});
const shown = withFetched(withState(nothing, page(), 1000), 'oc_1', [message('a'), message('c', { at: start + 2 })]);

describe('news', () => {
  const ids = (of: typeof shown) => of.messages.oc_1?.map((one) => one.messageId);
  it('a new message stands at its time, a changed one in its place', () => {
    const more = withEvent(shown, { type: 'message', message: message('b', { at: start + 1 }) }, 0);
    expect(ids(more)).toEqual(['a', 'b', 'c']);
    const changed = withEvent(more, { type: 'message', message: message('a', { recalled: true }) }, 0);
    expect(ids(changed)).toEqual(['a', 'b', 'c']);
    expect(changed.messages.oc_1?.[0]?.recalled).toBe(true);
  });
  it('a chat that was never opened is not begun in the middle', () => {
    const other = message('x', { chatId: 'oc_2' });
    expect(withEvent(shown, { type: 'message', message: other }, 0).messages.oc_2).toBeUndefined();
  });
  it('another person starts with nothing of the one before', () => {
    expect(withState(shown, page('ou_9'), 0).messages).toEqual({});
    expect(withState(shown, page(), 0).messages).toBe(shown.messages);
  });
  it('a chat on screen is read until something newer comes', () => {
    expect(unreadOf(shown, chat)).toBe(chat.unread);
    const seen = withSeen(shown, 'oc_1');
    expect(unreadOf(seen, chat)).toBe(0);
    expect(unreadOf(seen, { ...chat, lastAt: start + 9999 })).toBe(chat.unread);
  });
  it('after a new beginning nothing old is shown', () => {
    const anew = withEvent(withSeen(shown, 'oc_1'), { type: 'restarted' }, 0);
    expect([anew.messages, anew.seen, anew.page?.me.openId]).toEqual([{}, {}, 'ou_1']);
  });
  it('the clock runs on at its speed and stands while paused', () => {
    expect(virtualNow(shown, 2000)).toBe(start + 60_000);
    const paused = withEvent(shown, { type: 'clock', clock: { ...page().clock, paused: true } }, 5000);
    expect(virtualNow(paused, 9000)).toBe(start);
  });
  it('everybody who was named can be named again', () => {
    expect(namesIn(shown).get('ou_2')).toBe('李样');
    expect(namesIn(shown).get('ou_bot')).toBe('助手');
  });
});

describe('lines', () => {
  const kinds = (messages: readonly PageMessage[]) =>
    linesOf(messages, start).map((line) => (line.is === 'day' ? line.text : line.message.messageId));
  it('a day is named once, before its first message', () => {
    const old = message('a', { at: start - 86_400_000 });
    expect(kinds([old, message('b'), message('c')])).toEqual(['7月11日 星期二', 'a', '7月12日 星期三', 'b', 'c']);
  });
  it('the same person going on is not named again; an answer or a pause names them', () => {
    const goesOn = linesOf(
      [
        message('a'),
        message('b'),
        message('c', { replyTo: { messageId: 'a', line: '' } }),
        message('d', { at: start + 600_000 }),
      ],
      start,
    ).flatMap((line) => (line.is === 'message' ? [line.goesOn] : []));
    expect(goesOn).toEqual([false, true, false, false]);
  });
  it('a thread stands under its first message', () => {
    const lines = linesOf(
      [
        message('root', { threadId: 't' }),
        message('other'),
        message('r1', { threadId: 't' }),
        message('r2', { threadId: 't' }),
      ],
      start,
    );
    const root = lines.find((line) => line.is === 'message' && line.key === 'root');
    expect(root?.is === 'message' && root.replies.map((one) => one.messageId)).toEqual(['r1', 'r2']);
    expect(lines.filter((line) => line.is === 'message')).toHaveLength(2);
  });
  it('a thread on a message that does not carry its id stands under the message it answers', () => {
    const lines = linesOf(
      [
        message('root'),
        message('r1', { threadId: 't', replyTo: { messageId: 'root', line: '' } }),
        message('r2', { threadId: 't' }),
      ],
      start,
    );
    const root = lines.find((line) => line.is === 'message' && line.key === 'root');
    expect(root?.is === 'message' && root.replies.map((one) => one.messageId)).toEqual(['r1', 'r2']);
  });
});

describe('a history that is being fetched', () => {
  const opening = withFetching(withState(nothing, page(), 1000), 'oc_1');
  it('loses nothing that was said while it travelled', () => {
    const heard = withEvent(opening, { type: 'message', message: message('b') }, 1000);
    const ids = withFetched(heard, 'oc_1', [message('a')]).messages.oc_1?.map((m) => m.messageId);
    expect(ids).toEqual(['a', 'b']);
  });
  it('does not put an older version over what was heard since', () => {
    const heard = withEvent(opening, { type: 'message', message: message('a', { text: 'new' }) }, 1000);
    expect(withFetched(heard, 'oc_1', [message('a', { text: 'old' })]).messages.oc_1?.[0]?.text).toBe('new');
  });
  it('that did not come leaves what was there', () => {
    expect(withFetched(withFetching(shown, 'oc_1'), 'oc_1', null).messages).toEqual(shown.messages);
  });
});

describe('address', () => {
  it('keeps who is played, which chat is open, and whatever else was there', () => {
    expect(readAddress('?as=ou_1&chat=oc_1')).toEqual({ as: 'ou_1', chat: 'oc_1' });
    expect(writeAddress('?debug=1&chat=oc_1', { as: 'ou_2', chat: '' })).toBe('?debug=1&as=ou_2');
    expect(writeAddress('', { as: '', chat: '' })).toBe('');
  });
});
