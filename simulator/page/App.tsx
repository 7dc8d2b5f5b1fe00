// Owns how the page is divided: top bar, list of chats, one chat. On a phone one pane at a time.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { FlowItem } from '../wire.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { ChatList } from './ChatList.tsx';
import { ChatPane } from './ChatPane.tsx';
import { FlowPanel } from './FlowPanel.tsx';
import { useSim } from './sim.ts';
import { TopBar } from './TopBar.tsx';
import { Toasts, useToasts } from './toasts.tsx';

export function App() {
  const { toasts, show, drop } = useToasts();
  const [address, go] = useAddress();
  const sim = useSim(address.as, show, () => go({ as: '', chat: '' }, true));
  const page = sim.shown.page;
  const wide = useWide(wideScreen);
  const beside = useWide(widerScreen);
  const [flowOpen, turn] = useState(false);
  const [aim, setAim] = useState('');
  const flow = { open: flowOpen, turn };
  // Until another person's chats are here, the old ones are not theirs.
  const ready = page !== null && (address.as === '' || page.me.openId === address.as);
  const chat = ready ? page.chats.find((one) => one.chatId === address.chat) : undefined;
  useEffect(() => {
    if (!ready) return;
    const first = wide && !chat ? (page.chats[0]?.chatId ?? '') : (chat?.chatId ?? '');
    if (page.me.openId !== address.as || first !== address.chat) go({ as: page.me.openId, chat: first }, true);
  }, [ready, chat === undefined, wide, page?.me.openId]);
  if (page === null) return <Waiting lost={sim.lost} toasts={<Toasts toasts={toasts} drop={drop} />} />;
  const open = (chatId: string): void => {
    setAim('');
    go({ as: page.me.openId, chat: chatId });
  };
  const visit = (item: FlowItem): void => {
    if (!beside) turn(false);
    setAim(item.messageId);
    const mine = page.chats.some((one) => one.chatId === item.chatId);
    go({ as: mine ? page.me.openId : item.as, chat: item.chatId });
  };
  const openP2p = async (): Promise<void> => {
    const chatId = await sim.openP2p();
    if (chatId === '') return;
    await sim.reload(page.me.openId);
    open(chatId);
  };
  return (
    <div class={`app ${chat ? 'in-chat' : 'in-list'}`}>
      <TopBar sim={sim} page={page} chat={chat} play={(as) => go({ as, chat: wide ? address.chat : '' })} flow={flow} />
      {sim.lost && (
        <div class="lost" role="alert">
          与演示服务的连接断了，正在重新连接…
        </div>
      )}
      <main class="panes">
        <ChatList sim={sim} page={page} open={open} current={chat?.chatId ?? ''} openP2p={() => void openP2p()} />
        {chat ? (
          <ChatPane
            key={`${page.me.openId} ${chat.chatId}`}
            sim={sim}
            page={page}
            chat={chat}
            back={() => go({ as: page.me.openId, chat: '' })}
            toast={show}
            aim={aim}
          />
        ) : (
          <Nobody />
        )}
        <FlowPanel sim={sim} page={page} flow={flow} visit={visit} beside={beside} />
      </main>
      <Toasts toasts={toasts} drop={drop} />
    </div>
  );
}

function Nobody() {
  return <section class="chat empty-chat">从左边选一个会话</section>;
}

function Waiting({ lost, toasts }: { readonly lost: boolean; readonly toasts: ComponentChildren }) {
  return (
    <div class="waiting">
      <span class="spin" />
      <p>{lost ? '连不上演示服务，请核对它是否还在运行' : '正在打开演示聊天…'}</p>
      {toasts}
    </div>
  );
}

/** A step the reader took can be taken back with the browser's own button. */
function useAddress(): [Address, (to: Address, quietly?: boolean) => void] {
  const [address, setAddress] = useState(() => readAddress(location.search));
  useEffect(() => {
    const popped = (): void => setAddress(readAddress(location.search));
    window.addEventListener('popstate', popped);
    return () => window.removeEventListener('popstate', popped);
  }, []);
  const go = (to: Address, quietly = false): void => {
    const url = `${location.pathname}${writeAddress(location.search, to)}`;
    if (quietly) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    setAddress(to);
  };
  return [address, go];
}

const wideScreen = '(min-width: 721px)';
const widerScreen = '(min-width: 1181px)'; // a third pane finds room

function useWide(screen: string): boolean {
  const [wide, setWide] = useState(() => window.matchMedia(screen).matches);
  useEffect(() => {
    const query = window.matchMedia(screen);
    const changed = (): void => setWide(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return wide;
}
