// Owns the doctor's conclusions as a table: what is found, which check says so, and what it tells the operator to do.
import { expect, test } from 'vitest';
import { examine } from '../../src/usecases/doctor.ts';
import type { DatabaseFacts, DoctorFacts } from '../../src/usecases/doctorFacts.ts';

const now = Date.parse('2023-07-15T10:00:00+08:00');
const minutes = 60_000;
const yes: { ok: boolean; code: number; scopes: readonly string[] } = { ok: true, code: 0, scopes: [] };
const no = (code: number, ...scopes: string[]) => ({ ok: false, code, scopes });

const database: DatabaseFacts = {
  pending: 0,
  mode: 'bot',
  integrity: [],
  difference: null,
  lastTickAt: now - minutes,
  lastEventAt: now - 5 * minutes,
  lastClickAt: now - 5 * minutes,
  outboxDue: 2,
  outboxDead: 0,
  askedDueAt: now - minutes,
  calls: 4_000,
  inboxWaiting: 0,
  people: 10,
  phoneOnly: 0,
  households: 100,
  campaigns: ['xinfeng-2023-13'],
  remoteConfirmed: false,
  key: { current: 'aaaaaaaa', previous: null, stored: ['aaaaaaaa'], opens: true, rotating: false },
};
const platform: NonNullable<DoctorFacts['platform']> = {
  token: yes,
  bot: yes,
  chats: yes,
  messages: no(99992354),
  skewMs: 2_000,
};
const well: DoctorFacts = {
  mode: 'bot',
  now,
  rehearsal: false,
  place: { kind: 'file', path: '/srv/lookback.db' },
  database,
  disk: { freeBytes: 20 * 1024 ** 3, databaseBytes: 100 * 1024 ** 2 },
  running: true,
  connected: null,
  transport: 'webhook',
  baseUrl: 'https://open.feishu.cn',
  monthlyCalls: 10_000,
  spending: 'free',
  platform,
};
const db = (change: Partial<DatabaseFacts>): DoctorFacts => ({ ...well, database: { ...database, ...change } });
const asked = (change: Partial<NonNullable<DoctorFacts['platform']>>): DoctorFacts => ({
  ...well,
  platform: { ...platform, ...change },
});
const key = (change: Partial<NonNullable<DatabaseFacts['key']>>) =>
  db({ key: { current: 'aaaaaaaa', previous: null, stored: ['aaaaaaaa'], opens: true, rotating: false, ...change } });
const remote: DoctorFacts = { ...well, place: { kind: 'remote', host: 'db.example.org' }, disk: null, running: null };

test('a county in order has nothing to mend', () => {
  const checks = examine(well);
  expect(checks.filter((c) => !c.ok || c.fix !== '')).toEqual([]);
  expect(checks.length).toBeGreaterThan(15);
  expect(checks.find((c) => c.id === 'calls')?.say).toBe('本月已用 4000 次，共 10000 次');
});

test.each<[string, DoctorFacts, string, string]>([
  ['a remote database nobody confirmed', remote, 'location', 'npx lookback migrate --confirm-remote'],
  [
    'a remote database not migrated',
    { ...remote, database: { ...database, pending: 2 } },
    'database',
    '运行 npx lookback migrate',
  ],
  ['a file not migrated', db({ pending: 1 }), 'database', '重启机器人'],
  ['a remote database that does not answer', { ...remote, database: 'unreachable' }, 'database', 'DATABASE_AUTH_TOKEN'],
  ['a file that does not open', { ...well, database: 'unreachable' }, 'database', 'npx lookback restore'],
  ['a full disk', { ...well, disk: { freeBytes: 1e8, databaseBytes: 1e8 } }, 'disk', '清理磁盘'],
  ['a database too big to copy', { ...well, disk: { freeBytes: 2e9, databaseBytes: 1e9 } }, 'disk', '清理磁盘'],
  ['a demo database', db({ mode: 'demo' }), 'mode', 'DATABASE_URL'],
  ['a damaged page', db({ integrity: ['page 7'] }), 'integrity', '停掉机器人'],
  ['a clock that is behind', asked({ skewMs: 300_000 }), 'clock', 'timedatectl set-ntp true'],
  ['a clock that is ahead', asked({ skewMs: -61_000 }), 'clock', 'timedatectl set-ntp true'],
  [
    'an address that is not on the allow list',
    asked({ token: no(99991401), bot: null, chats: null, messages: null }),
    'credentials',
    'IP 白名单',
  ],
  ['a permission the group calls lack', asked({ chats: no(99991672) }), 'scopes', 'im:chat:readonly'],
  [
    'a permission called by its name',
    asked({ messages: no(99991672, 'im:message:send_as_bot') }),
    'scopes',
    'im:message:send_as_bot',
  ],
  ['no event ever', db({ lastEventAt: null }), 'events', 'im.chat.disbanded_v1'],
  [
    'no event ever on the long connection',
    { ...db({ lastEventAt: null }), transport: 'websocket' },
    'events',
    '长连接',
  ],
  [
    'a long connection that does not come about',
    { ...well, transport: 'websocket', connected: false },
    'connection',
    '443',
  ],
  ['no click ever', db({ lastClickAt: null }), 'clicks', '回调配置'],
  ['a tick that stopped', db({ lastTickAt: now - 10 * minutes }), 'tick', 'systemctl restart lookback'],
  ['a tick that never came', db({ lastTickAt: null }), 'tick', 'systemctl restart lookback'],
  [
    'numbers under the previous key',
    key({ previous: 'bbbbbbbb', stored: ['aaaaaaaa', 'bbbbbbbb'] }),
    'dataKey',
    'rotate-key',
  ],
  ['numbers under a key nobody gave', key({ stored: ['cccccccc'] }), 'dataKey', '改回原来的那把'],
  ['numbers that do not open', key({ opens: false }), 'dataKey', 'npx lookback restore'],
  ['messages nobody sends', db({ askedDueAt: now - 11 * minutes }), 'sender', 'systemctl restart lookback'],
  ['messages given up', db({ outboxDead: 3 }), 'outbox', 'outbox --resend all'],
  ['calls that run short', { ...db({ calls: 8_001 }), spending: 'tight' }, 'calls', 'LARK_MONTHLY_CALLS'],
  [
    'calls that are used up, and what waits for them,',
    { ...db({ calls: 10_000, askedDueAt: now - 90 * minutes }), spending: 'spent' },
    'calls',
    '升级套餐',
  ],
  ['no campaign', db({ campaigns: [] }), 'campaign', 'campaign load'],
  ['people known by their number only', db({ phoneOnly: 1 }), 'people', 'contact:user.id:readonly'],
  ['no people', db({ people: 0 }), 'people', 'import people'],
  ['no households', db({ households: 0 }), 'households', '--dry-run'],
])('%s is told, with what to do', (...[, facts, id, words]) => {
  const failed = examine(facts).filter((c) => !c.ok);
  expect(failed.map((c) => c.id)).toEqual([id]);
  expect(failed[0]?.fix).toContain(words);
});

test('what was not looked at is not judged', () => {
  const ids = examine({ ...well, database: 'missing', platform: null }).map((c) => c.id);
  expect(ids).toEqual(['config', 'location', 'database', 'disk', 'running']);
});

test('a rehearsed clock is named and not measured against the real one', () => {
  const checks = examine({ ...db({ lastTickAt: now - 1e9, lastEventAt: now - 1e9 }), rehearsal: true });
  expect(checks.filter((c) => !c.ok)).toEqual([]);
  expect(checks.find((c) => c.id === 'clock')?.say).toContain('REHEARSAL_NOW');
  expect(checks.map((c) => c.id)).not.toContain('tick');
});

test('people nobody recognised by their number are counted', () => {
  expect(examine(db({ phoneOnly: 3 })).find((c) => c.id === 'people')?.say).toContain('3 人还没有认出来（只有手机号）');
});
