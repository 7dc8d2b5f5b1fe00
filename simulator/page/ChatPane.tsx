// Owns one open chat: its head with the bot's membership, its messages, the composer.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageChat, PageMessage, PageState } from '../wire.ts';
import { ChatFace } from './ChatList.tsx';
import { Composer } from './Composer.tsx';
import { Dialog } from './card/Dialog.tsx';
import { Glyph } from './card/Icon.tsx';
import { linesOf } from './lines.ts';
import { MessageGroup } from './MessageView.tsx';
import { Opener } from './Opener.tsx';
import { useAim, useScroll } from './scroll.ts';
import type { Sim } from './sim.ts';
import type { ShowToast } from './toasts.tsx';

interface ChatPaneProps {
  readonly sim: Sim;
  readonly page: PageState;
  readonly chat: PageChat;
  readonly back: () => void;
  readonly toast: ShowToast;
  /** A message to be shown where it stands; '' = none. */
  readonly aim: string;
}

export function ChatPane({ sim, page, chat, back, toast, aim }: ChatPaneProps) {
  const { chatId } = chat;
  const messages = sim.shown.messages[chatId];
  const [replyTo, setReplyTo] = useState<PageMessage | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (messages === undefined) void sim.load(chatId);
  }, [chatId, messages === undefined]);
  useEffect(() => sim.see(chatId), [chatId, messages, chat.lastAt]);
  const scroll = useScroll({ box, messages: messages ?? [], me: page.me.openId, actedAt: sim.actedAt });
  useAim(box, messages ?? [], aim);
  const say = async (text: string, mentionBot: boolean): Promise<boolean> => {
    const done = await sim.say({ chatId, text, mentionBot, ...(replyTo && { replyTo: replyTo.messageId }) });
    if (done) setReplyTo(null);
    return done;
  };
  return (
    <section class="chat" aria-label={chat.name} data-testid="chat" data-chat-id={chatId}>
      <ChatHead sim={sim} page={page} chat={chat} back={back} />
      <div class="messages" ref={box} data-testid="messages" tabIndex={0} role="log" aria-label="消息记录">
        {messages === undefined && (
          <div class="nothing">
            <span class="spin" /> 正在取消息…
          </div>
        )}
        {messages?.length === 0 && <Hello chat={chat} bot={page.bot.name} />}
        {linesOf(messages ?? [], sim.now()).map((line) =>
          line.is === 'day' ? (
            <div class="day" key={line.key}>
              {line.text}
            </div>
          ) : (
            <MessageGroup key={line.key} line={line} sim={sim} me={page.me.openId} reply={setReplyTo} />
          ),
        )}
      </div>
      {scroll.below && (
        <button type="button" class="to-end" onClick={scroll.toEnd}>
          有新消息 <Glyph name="down" size={16} />
        </button>
      )}
      <Composer
        chat={chat}
        bot={page.bot.name}
        suggestions={page.suggestions[chat.type]}
        replyTo={replyTo}
        dropReply={() => setReplyTo(null)}
        say={say}
        sendFile={(file) => sim.sendFile(chatId, file)}
        toast={toast}
      />
    </section>
  );
}

function Hello({ chat, bot }: { readonly chat: PageChat; readonly bot: string }) {
  if (chat.type === 'p2p') return <div class="nothing">这里是和 {bot} 的私聊。发「帮助」看看能做什么。</div>;
  return (
    <div class="nothing">
      {chat.hasBot ? `@${bot} 发「帮助」，看看能做什么。` : '群里还没有机器人，先把它添加进来。'}
    </div>
  );
}

function ChatHead({ sim, page, chat, back }: Omit<ChatPaneProps, 'toast' | 'aim'>) {
  const group = chat.type === 'group';
  const gone = page.faults.withoutBot.includes(chat.chatId);
  const bot = gone ? ' · 演练：机器人已被移出' : chat.hasBot ? ` · ${page.bot.name}在群里` : ' · 群里没有机器人';
  return (
    <header class="chat-head">
      <button type="button" class="icon-btn back" aria-label="返回会话列表" onClick={back}>
        <Glyph name="left" size={22} />
      </button>
      <ChatFace chat={chat} size={36} />
      <div class="chat-title">
        <h2>{chat.name}</h2>
        <p>{group ? `${chat.members} 人${bot}` : '私聊'}</p>
      </div>
      {group && !chat.hasBot && (
        <button
          type="button"
          class="btn primary_filled"
          data-testid="add-bot"
          onClick={() => sim.moveBot(chat.chatId, true)}
        >
          添加机器人
        </button>
      )}
      {group && chat.hasBot && <ChatMenu remove={() => sim.moveBot(chat.chatId, false)} />}
    </header>
  );
}

function ChatMenu({ remove }: { readonly remove: () => void }) {
  const more = <Glyph name="more" size={22} />;
  return (
    <Opener popup="menu" class="icon-btn" label={more} aria-label="群菜单" data-testid="chat-menu">
      {(anchor, close) => (
        <Dialog label="群菜单" kind="menu" anchor={anchor} onClose={close}>
          <div class="options" role="menu">
            <button
              type="button"
              role="menuitem"
              class="option danger"
              data-first
              data-testid="remove-bot"
              onClick={() => {
                close();
                remove();
              }}
            >
              移除机器人
            </button>
          </div>
        </Dialog>
      )}
    </Opener>
  );
}
