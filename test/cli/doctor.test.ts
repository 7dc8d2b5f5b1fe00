// Owns the doctor: every check finds what it is for, beside a bot that runs, and says what to click or set.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newDataKey } from '../../src/vault.ts';
import { daaGroup, people } from '../support/people.ts';
import { type Beside, type Desk, filledDesk, lookback, newDesk, secrets, startBeside } from './office.ts';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly id: string; readonly ok: boolean; readonly fix: string }[];
}

let desk: Desk;
let beside: Beside;
beforeAll(async () => {
  desk = await filledDesk();
}, 120_000);
afterAll(() => desk.close());
beforeEach(async () => {
  beside = await startBeside(desk);
});
afterEach(() => beside.stop());

async function doctor(env: Record<string, string> = {}) {
  const said = await desk.run('doctor --json', { ...beside.env, ...env });
  const report = JSON.parse(said.out) as Report;
  expect(report.ok).toBe(report.checks.every((c) => c.ok));
  expect(said.code).toBe(report.ok ? 0 : 1);
  for (const c of report.checks) expect(c.fix === '', `${c.id} says what to do exactly when it is not well`).toBe(c.ok);
  const failed = report.checks.filter((c) => !c.ok);
  return {
    ids: report.checks.map((c) => c.id),
    failed: failed.map((c) => c.id),
    fix: failed.map((c) => c.fix).join(''),
  };
}

test('a county that was never written to learns what to subscribe; once an event and a click came, all is well', async () => {
  const before = await doctor();
  expect(before.failed).toEqual(['events', 'clicks']);
  for (const words of ['im.message.receive_v1', 'card.action.trigger', '/webhook/event', '回调配置', '创建版本并发布'])
    expect(before.fix).toContain(words);
  beside.sim.addBot(daaGroup, people.cadre);
  await beside.settle();
  await beside.sim.say(people.cadre, daaGroup, '绑定 大阿村', { mentionBot: true });
  await beside.settle();
  const welcome = beside.sim.messages(daaGroup).find((m) => m.from.bot && m.type === 'interactive');
  await beside.sim.press(people.cadre, welcome?.messageId ?? '', '帮助');
  await beside.settle();
  expect((await doctor()).failed).toEqual([]);
  const text = await desk.run('doctor', beside.env);
  expect(text.out).toContain('全部正常');
  expect(text.out).toContain(`在本机文件 ${desk.database}`);
  for (const secret of [...secrets, desk.key, desk.env.LARK_APP_SECRET ?? '', '王例', '赵一例'])
    expect(text.out + text.err).not.toContain(secret);
});

describe('the open platform', () => {
  test('a wrong secret is told as such, and nothing else is asked', async () => {
    const { failed, fix, ids } = await doctor({ LARK_APP_SECRET: 'not-the-secret' });
    expect(failed).toContain('credentials');
    expect(fix).toContain('凭证与基础信息');
    expect(ids).not.toContain('scopes');
  });

  test('a platform that cannot be reached is no wrong secret', async () => {
    const { failed, fix } = await doctor({ LARK_BASE_URL: 'http://127.0.0.1:9' });
    expect(failed).toContain('credentials');
    expect(fix).toContain('核对 LARK_BASE_URL');
    expect(fix).not.toContain('App Secret');
  });

  test('a missing scope is called by its name, as the platform named it', async () => {
    const error = { permission_violations: [{ type: 'action_scope_required', subject: 'im:chat:read' }] };
    beside.sim.faults.apiFailures.push({ on: 'GET /im/v1/chats', code: 99991672, times: 1, error });
    beside.sim.faults.apiFailures.push({ on: 'GET /im/v1/messages/', code: 99991672, times: 1 });
    const { failed, fix } = await doctor();
    expect(failed).toContain('scopes');
    expect(fix).toContain('im:chat:read、im:message');
    expect(fix).toContain('权限管理');
  });

  test('a bot ability that was not added is told', async () => {
    beside.sim.faults.apiFailures.push({ on: 'GET /bot/v3/info', code: 230006, times: 1 });
    const { failed, fix } = await doctor();
    expect(failed).toContain('bot');
    expect(fix).toContain('添加应用能力');
  });

  test('it changes nothing there', async () => {
    const from = beside.sim.calls.length;
    await doctor();
    const made = beside.sim.calls.slice(from).map((c) => `${c.method} ${c.path}`);
    expect(made.length).toBeGreaterThan(3);
    expect(made.filter((call) => !call.startsWith('GET ') && !call.includes('tenant_access_token'))).toEqual([]);
  });
});

describe('the database', () => {
  test('a tally that is off is told by the first village', async () => {
    await desk.damage(
      "update tally set n = n + 2 where village_code = '360722108201' and section = 'ALL' and state = 'todo'",
    );
    const { failed } = await doctor();
    expect(failed).toContain('tallies');
    const said = await desk.run('doctor', beside.env);
    expect(said.out).toContain('第一处在金星村（360722108201），差 2 户');
    await desk.damage(
      "update tally set n = n - 2 where village_code = '360722108201' and section = 'ALL' and state = 'todo'",
    );
  });

  test('another DATA_KEY than the one that sealed the numbers is found by its id', async () => {
    const { failed, fix } = await doctor({ DATA_KEY: newDataKey() });
    expect(failed).toContain('dataKey');
    expect(fix).toContain('改回原来的那把');
    const refused = await desk.run(`import households ${desk.rosterFile}`, { DATA_KEY: newDataKey() });
    expect(refused.code).toBe(78);
    expect(refused.err).toContain('另一把密钥');
  });

  test('messages given up are counted, with the command that lists them', async () => {
    await desk.damage(
      "insert into outbox (key, uuid, kind, target, lane, payload, state, created_at, due_at) values ('k', 'k', 'send', 'chat:oc_1', 'oc_1', '{}', 'dead', 1, 1)",
    );
    const { failed, fix } = await doctor();
    expect(failed).toContain('outbox');
    expect(fix).toContain('npx lookback outbox');
    await desk.damage("delete from outbox where key = 'k'");
  });

  test('a file that is not there is not made', async () => {
    const { failed } = await doctor({ DATABASE_URL: `file:${desk.path('none.db')}` });
    expect(failed).toContain('database');
    await expect(import('node:fs/promises').then((fs) => fs.stat(desk.path('none.db')))).rejects.toThrow();
  });
});

test('a bot that does not run is found, and how to start it', async () => {
  const { failed, fix } = await doctor({ PORT: '9' });
  expect(failed).toContain('running');
  expect(fix).toContain('systemctl start');
});

test('settings that cannot be used are a result too, with exit 78', async () => {
  const own = newDesk();
  const said = await lookback(['doctor', '--json'], { ...own.env, DATA_KEY: 'short' });
  expect(said.code).toBe(78);
  expect(JSON.parse(said.out)).toEqual({
    ok: false,
    checks: [{ id: 'config', ok: false, fix: expect.stringContaining('DATA_KEY') }],
  });
  own.close();
});

test('a command that does not exist is told kindly, with the usage', async () => {
  for (const command of ['erase --campaign x', 'export progress --area 360722 --out a.xlsx']) {
    const said = await desk.run(command);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toMatch(/^没有「(erase|export)」这个命令。\n用法/);
  }
});
