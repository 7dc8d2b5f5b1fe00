// Owns the page's life: loads, listens, says, clicks. Everything shown comes out of `shown`; components only call doors.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ClockRequest, FaultRequest, FlowPage, PageChat, PageEvent, PageUser, SayRequest } from '../wire.ts';
import * as api from './api.ts';
import type { Values } from './card/form.ts';
import type { CardAction, CardHost } from './card/session.tsx';
import {
  namesIn,
  nothing,
  type Shown,
  unreadOf,
  virtualNow,
  withEvent,
  withFetched,
  withFetching,
  withSeen,
  withState,
} from './shown.ts';
import type { ShowToast } from './toasts.tsx';

type Loaded = 'done' | 'refused' | 'lost';

export interface Sim {
  readonly shown: Shown;
  readonly lost: boolean; // no connection to the server just now
  readonly host: CardHost;
  readonly actedAt: { readonly current: number }; // local ms of this person's last message or click
  readonly now: () => number; // virtual
  readonly unread: (chat: PageChat) => number;
  readonly reload: (as: string) => Promise<Loaded>;
  readonly load: (chatId: string) => Promise<void>;
  readonly see: (chatId: string) => void;
  readonly say: (request: Omit<SayRequest, 'as'>) => Promise<boolean>;
  readonly moveBot: (chatId: string, add: boolean) => void;
  readonly openP2p: () => Promise<string>;
  readonly turnClock: (request: ClockRequest) => void;
  readonly people: (text: string) => Promise<readonly PageUser[]>;
  readonly rehearse: (request: FaultRequest) => void;
  readonly flowOf: (day: string, all: boolean) => Promise<FlowPage | null>;
  readonly sendFile: (chatId: string, file: File) => Promise<boolean>;
}

const retry = 3000;
const mostBytes = 30 * 1024 * 1024;

/** `as` '' lets the server choose; `unknown` is called when the server knows nobody by that id. */
export function useSim(as: string, toast: ShowToast, unknown: () => void): Sim {
  const [shown, setShown] = useState<Shown>(nothing);
  const [lost, setLost] = useState(false);
  const actedAt = useRef(0);
  const latest = useRef(shown);
  latest.current = shown;
  const me = shown.page?.me.openId ?? as;
  const doors = useMemo(
    () => makeDoors({ me, toast, setShown, acted: () => (actedAt.current = performance.now()) }),
    [me],
  );
  useEffect(() => {
    let gone = false;
    const load = async (): Promise<void> => {
      const loaded = await doors.reload(as);
      if (gone || loaded === 'done') return;
      // An old link may name somebody who is no longer there: play whom the server offers.
      if (loaded === 'refused' && as !== '') unknown();
      else setTimeout(() => void (gone || load()), retry);
    };
    void load();
    return () => {
      gone = true;
    };
  }, [as]);
  useEffect(() => {
    if (me === '') return undefined;
    const catchUp = async (): Promise<void> => {
      await doors.reload(me);
      const chats = latest.current.page?.chats ?? [];
      for (const { chatId } of chats) if (latest.current.messages[chatId]) void doors.load(chatId);
    };
    return api.listen(me, {
      heard: (event: PageEvent) => {
        if (event.type === 'restarted') void catchUp();
        setShown((now) => withEvent(now, event, performance.now()));
      },
      reconnected: () => void catchUp(),
      lost: setLost,
    });
  }, [me]);
  const host = useHost({ me, shown, toast, doors });
  return {
    ...doors,
    shown,
    lost,
    host,
    actedAt,
    now: () => virtualNow(shown, performance.now()),
    unread: (chat) => unreadOf(shown, chat),
  };
}

interface DoorNeeds {
  readonly me: string;
  readonly toast: ShowToast;
  readonly setShown: (change: (now: Shown) => Shown) => void;
  readonly acted: () => void;
}
type Doors = ReturnType<typeof makeDoors>;

function makeDoors({ me, toast, setShown, acted }: DoorNeeds) {
  /** Says so and goes on: the page stays usable. */
  const careful = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof api.NotAnswered)) throw error;
      toast('error', error.message);
      return otherwise;
    }
  };
  return {
    reload: async (as: string): Promise<Loaded> => {
      let refused = false;
      const asked = api.getState(as).catch((error: unknown) => {
        refused = error instanceof api.NotAnswered && error.refused;
        throw error;
      });
      const page = await careful(asked, null);
      if (page) setShown((now) => withState(now, page, performance.now()));
      return page ? 'done' : refused ? 'refused' : 'lost';
    },
    load: async (chatId: string) => {
      setShown((now) => withFetching(now, chatId));
      const messages = await careful(api.getMessages(me, chatId), null);
      setShown((now) => (now.page?.me.openId === me ? withFetched(now, chatId, messages) : now));
    },
    see: (chatId: string) => setShown((now) => withSeen(now, chatId)),
    say: (request: Omit<SayRequest, 'as'>) => {
      acted();
      return careful(
        api.say({ as: me, ...request }).then(() => true),
        false,
      );
    },
    moveBot: (chatId: string, add: boolean) => void careful(api.moveBot(me, chatId, add), undefined),
    openP2p: () => careful(api.openP2p(me), ''),
    turnClock: (request: ClockRequest) => void careful(api.turnClock(request), undefined),
    rehearse: (request: FaultRequest) => void careful(api.rehearse(request), undefined),
    flowOf: (day: string, all: boolean) => careful(api.getFlow(me, day, all), null),
    sendFile: async (chatId: string, file: File) => {
      acted();
      if (file.size > mostBytes) {
        toast('error', '文件不能超过 30 MB，请压缩后再发');
        return false;
      }
      const data = await base64Of(file);
      return careful(
        api.sendFile({ as: me, chatId, name: file.name, data }).then(() => true),
        false,
      );
    },
    people: (text: string) => careful(api.getPeople(me, text), []),
    click: async (messageId: string, action: CardAction) => {
      acted();
      const answer = await careful(api.click({ as: me, messageId, action }), null);
      acted();
      if (answer === null) return;
      if (answer.code !== null) toast('error', `出错了 code: ${answer.code}`);
      if (answer.toast) toast(answer.toast.type, answer.toast.content);
    },
  };
}

/** Without the part before the comma, which names the type. */
function base64Of(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

interface HostNeeds {
  readonly me: string;
  readonly shown: Shown;
  readonly toast: ShowToast;
  readonly doors: Doors;
}

function useHost({ me, shown, toast, doors }: HostNeeds): CardHost {
  const drafts = useRef(new Map<string, Values>()).current;
  const asked = useRef(new Set<string>()).current;
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map());
  const names = namesIn(shown);
  const remember = (people: readonly PageUser[]): readonly PageUser[] => {
    setFound((now) => new Map([...now, ...people.map((one) => [one.openId, one.name] as const)]));
    return people;
  };
  const nameOf = (openId: string): string => {
    const name = names.get(openId) ?? found.get(openId);
    if (name === undefined && openId !== '' && !asked.has(openId)) {
      asked.add(openId);
      queueMicrotask(() => void doors.people(openId).then(remember));
    }
    return name ?? '未知用户';
  };
  const faults = shown.page?.faults;
  const client = { old: faults?.oldClients.includes(me) === true, keepsInputs: faults?.keepInputs === true };
  const search = async (text: string): Promise<readonly PageUser[]> => remember(await doors.people(text));
  return { me, drafts, toast, nameOf, client, click: doors.click, search };
}
