// Owns the list of chats: last line, when, and what is new.
import type { PageChat, PageState } from '../wire.ts';
import { Glyph } from './card/Icon.tsx';
import { Avatar } from './card/People.tsx';
import { shortWhen } from './card/when.ts';
import type { Sim } from './sim.ts';

interface ChatListProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly open: (chatId: string) => void;
  readonly current: string;
  readonly openP2p: () => void;
}

export function ChatList({ sim, page, open, current, openP2p }: ChatListProps) {
  const now = sim.now();
  return (
    <nav class="list" aria-label="会话">
      <div class="list-head">
        <h1>消息</h1>
        <button type="button" class="btn default" data-testid="open-p2p" onClick={openP2p}>
          打开与机器人的私聊
        </button>
      </div>
      <ul data-testid="chat-list">
        {page.chats.map((chat) => (
          <li key={chat.chatId}>
            <ChatRow
              chat={chat}
              on={chat.chatId === current}
              unread={chat.chatId === current ? 0 : sim.unread(chat)}
              now={now}
              open={open}
            />
          </li>
        ))}
      </ul>
      {page.chats.length === 0 && <p class="nothing">{page.me.name}还没有会话。点上面的按钮，先和机器人说句话。</p>}
    </nav>
  );
}

interface ChatRowProps {
  readonly chat: PageChat;
  readonly on: boolean;
  readonly unread: number;
  readonly now: number;
  readonly open: (chatId: string) => void;
}
function ChatRow({ chat, on, unread, now, open }: ChatRowProps) {
  return (
    <button
      type="button"
      class={`chat-row${on ? ' on' : ''}`}
      data-testid="chat-item"
      data-chat-id={chat.chatId}
      data-unread={unread > 0}
      aria-current={on}
      onClick={() => open(chat.chatId)}
    >
      <ChatFace chat={chat} />
      <span class="chat-row-text">
        <span class="chat-row-name">
          <span class="name">{chat.name}</span>
          {chat.type === 'p2p' && <span class="mark">机器人</span>}
          <span class="when">{shortWhen(chat.lastAt, now)}</span>
        </span>
        <span class="chat-row-last">
          <span class="last">{chat.last || '还没有消息'}</span>
          <Unread count={unread} />
        </span>
      </span>
    </button>
  );
}

/** Nothing at 0. */
export function Unread({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span class="unread" role="img" aria-label={`${count} 条新消息`}>
      {count > 99 ? '99+' : count}
    </span>
  );
}

export function ChatFace({ chat, size = 42 }: { readonly chat: PageChat; readonly size?: number }) {
  if (chat.type === 'p2p') return <Avatar name={chat.name} size={size} bot />;
  return (
    <span class="avatar face-group" style={{ width: `${size}px`, height: `${size}px` }} aria-hidden="true">
      <Glyph name="group" size={Math.round(size * 0.56)} />
    </span>
  );
}
