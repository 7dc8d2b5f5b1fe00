// Owns the routes of wire.ts for the simulator's own web page, loopback and same-origin only. Turns platform state into
// page shapes; the rules are the platform's.
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { applyDrill, drillOf } from './drill.ts';
import type { Forward } from './forward.ts';
import { NotPossible } from './notPossible.ts';
import { createPageClock, dayOf, type PageClock } from './pageClock.ts';
import { PageFeed } from './pageFeed.ts';
import { fileFor, serveFile, uploadIn } from './pageFiles.ts';
import { Flow } from './pageFlow.ts';
import { isTrusted } from './pageGuard.ts';
import { chatsOf, pageMessage, pageUser } from './pageViews.ts';
import type { People } from './people.ts';
import type { DemoHooks, Platform } from './platform.ts';
import type { ClickRequest, ClockRequest, PageState, SayRequest, UploadRequest } from './wire.ts';

export interface PageParts {
  readonly platform: Platform;
  readonly people: People;
  readonly demo: DemoHooks | null;
  readonly forward: Forward;
}

type Parts = PageParts & { readonly flow: Flow };

type PageApp = Hono<{ Bindings: HttpBindings }>;

export function createPageApi(parts: PageParts): { app: PageApp; close: () => void } {
  const app: PageApp = new Hono();
  const flow = flowOf(parts);
  const o: Parts = { ...parts, flow };
  const time = createPageClock(o);
  const feed = new PageFeed({ platform: o.platform, clock: time.state, flow });
  o.forward.onChange = () => feed.clock();
  app.use('*', async (c, next) => {
    if (!isTrusted(c)) return c.json({ error: '只接受本机网页的请求' }, 403);
    return next();
  });
  app.onError((error, c) => {
    if (error instanceof NotPossible) return c.json({ error: error.message }, 400);
    o.platform.log.warn('a page request failed', { path: c.req.path, error: String(error.stack ?? error) });
    return c.json({ error: '模拟平台没有处理成功，请再试一次' }, 500);
  });
  reading(app, o, time);
  flowing(app, o);
  sharing(app, o);
  acting(app, o, feed);
  app.post('/clock', async (c) => {
    const asked = await c.req.json<ClockRequest>();
    await time.move(asked);
    if (asked.do === 'restart') feed.restarted();
    return c.json(time.state());
  });
  app.get('/events', (c) => feed.open(asked(c, o)));
  return { app, close: () => feed.close() };
}

function asked(c: Context, o: PageParts): string {
  const openId = c.req.query('as') ?? '';
  return known(o, openId);
}

function known(o: PageParts, openId: unknown): string {
  if (typeof openId !== 'string' || !o.platform.world.users.has(openId))
    throw new NotPossible('没有这个人，请重新选择身份');
  return openId;
}

function reading(app: PageApp, o: Parts, time: PageClock): void {
  const { world } = o.platform;
  app.get('/state', (c) => {
    const first = o.demo?.featured[0]?.openId ?? world.users.keys().next().value;
    const openId = known(o, c.req.query('as') || first);
    const me = world.users.get(openId);
    if (me === undefined) throw new NotPossible('没有这个人，请重新选择身份');
    const state: PageState = {
      clock: time.state(),
      me: pageUser(me),
      featured: o.demo?.featured ?? [...world.users.values()].slice(0, 30).map(pageUser),
      chats: chatsOf(world, openId),
      bot: world.bot,
      notice: o.demo?.notice ?? '',
      faults: drillOf(o.platform.faults),
      longConnection: o.platform.gateway.chosen,
      flow: o.flow.state(),
      suggestions: o.demo?.suggestions ?? { p2p: [], group: [] },
    };
    return c.json(state);
  });
  app.get('/chats/:chatId/messages', (c) => {
    const openId = asked(c, o);
    const chat = world.chats.get(c.req.param('chatId'));
    if (!chat?.members.has(openId)) throw new NotPossible('这个人不在这个会话里');
    const messages = world.messagesOf(chat.chatId).slice(-200);
    world.markRead(openId, chat.chatId);
    return c.json(messages.map((m) => pageMessage(world, m)));
  });
  app.get('/people', (c) => {
    asked(c, o);
    const q = (c.req.query('q') ?? '').trim();
    const exact = world.users.get(q);
    if (exact !== undefined) return c.json([pageUser(exact)]);
    const found = [...world.users.values()].filter((u) => u.name.includes(q) || u.note.includes(q));
    return c.json(found.slice(0, 30).map(pageUser));
  });
}

function flowOf({ platform, demo }: PageParts): Flow {
  return new Flow({
    world: platform.world,
    featured: () => demo?.featured.map((one) => one.openId) ?? [],
    kindOf: (uuid) => demo?.kindOf(uuid) ?? '消息',
    dayOf,
    calls: () => demo?.calls() ?? { month: '', made: 0 },
  });
}

function flowing(app: PageApp, o: Parts): void {
  app.get('/flow', (c) => {
    asked(c, o);
    return c.json(o.flow.of(c.req.query('day') ?? '', c.req.query('all') === '1'));
  });
}

function sharing(app: PageApp, o: PageParts): void {
  app.post('/files', async (c) => {
    const asked = await c.req.json<UploadRequest>();
    return c.json(o.people.send(known(o, asked.as), asked.chatId, uploadIn(asked)));
  });
  app.get('/files/:key', (c) => serveFile(c, fileFor(o.platform.world, asked(c, o), c.req.param('key'))));
}

function acting(app: PageApp, o: PageParts, feed: PageFeed): void {
  const { people, platform } = o;
  app.post('/messages', async (c) => {
    const said = await c.req.json<SayRequest>();
    const text = typeof said.text === 'string' ? said.text.trim() : '';
    if (text === '') throw new NotPossible('请先输入内容');
    const options = { mentionBot: said.mentionBot === true, ...(said.replyTo ? { replyTo: said.replyTo } : {}) };
    return c.json(people.say(known(o, said.as), said.chatId, text, options));
  });
  app.post('/click', async (c) => {
    const click = await c.req.json<ClickRequest>();
    if (typeof click.action?.tag !== 'string') throw new NotPossible('没有收到点击的内容');
    return c.json(await platform.clicks.click(known(o, click.as), click.messageId, click.action));
  });
  app.post('/bot', async (c) => {
    const asked = await c.req.json<{ as: string; chatId: string; add: boolean }>();
    const as = known(o, asked.as);
    if (asked.add) people.addBot(asked.chatId, as);
    else people.removeBot(asked.chatId, as);
    return c.json({ ok: true });
  });
  app.post('/p2p', async (c) => {
    const { as } = await c.req.json<{ as: string }>();
    return c.json({ chatId: people.openP2p(known(o, as)) });
  });
  app.post('/faults', async (c) => {
    applyDrill(platform.faults, await c.req.json<unknown>());
    const faults = drillOf(platform.faults);
    feed.faults(faults);
    return c.json(faults);
  });
}
