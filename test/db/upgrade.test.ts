// Owns that a database of an earlier version, in the middle of a campaign, goes on after an upgrade as if it had always been
// of this one.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, Value } from '../../db/engine.ts';
import { openLocal } from '../../db/local.ts';
import { migrations } from '../../db/migrations.gen.ts';
import { createStore } from '../../db/store.ts';
import type { Store } from '../../src/store.ts';
import { newFolder } from '../support/folder.ts';

const folder = newFolder('lookback-upgrade');
let engine: Engine;
let store: Store;
const act = { eventId: 'e-new', actor: 'p2', at: 5_000_000 };
const said = (rev: number, word: string | null, more = {}) =>
  JSON.stringify({ state: word ? 'clear' : 'deferred', rev, answers: word && { a: word }, provenance: {}, ...more });

const insert = async (table: string, columns: string, rows: Value[][]) => {
  for (const row of rows) {
    const done = await engine.commit([
      { sql: `insert into ${table} (${columns}) values (${row.map(() => '?').join(', ')})`, args: row },
    ]);
    expect(done.ok, `${table} ${row.join(' ')}`).toBe(true);
  }
};

beforeAll(async () => {
  engine = await openLocal(join(folder, 'county.db'));
  const before = migrations.findIndex((m) => m.tag === '0006_answers_once');
  await engine.migrate(migrations.slice(0, before));
  await insert('household', 'no, code, village_code, township_code, head_name, member_count', [
    [1, '例-1', '3607221080', '360722108', '例一', 1],
    [2, '例-2', '3607221080', '360722108', '例二', 1],
    [3, '例-3', '3607221080', '360722108', '例三', 1],
    [4, '例-4', '3607221080', '360722108', '例四', 1],
  ]);
  const screening =
    'id, campaign_id, household_no, village_code, township_code, lookbacks, form, state, rev, answers, ';
  await insert('screening', `${screening}provenance, findings, claimed_by, claim_until, submitted_by, submitted_at`, [
    ['c:1', 'c', 1, '3607221080', '360722108', 'LB1', 'short', 'clear', 3, '{"a":"三"}', '{}', '[]', null, 0, 'p1', 3],
    [
      'c:2',
      'c',
      2,
      '3607221080',
      '360722108',
      'LB1',
      'short',
      'todo',
      0,
      null,
      null,
      null,
      'p1',
      9_000_000,
      null,
      null,
    ],
    ['c:3', 'c', 3, '3607221080', '360722108', 'LB1', 'short', 'deferred', 1, null, null, null, null, 8_000, 'p1', 2],
    [
      'c:4',
      'c',
      4,
      '3607221080',
      '360722108',
      'LB1',
      'short',
      'found',
      1,
      '{"a":"没有记录"}',
      null,
      null,
      null,
      0,
      'p1',
      4,
    ],
  ]);
  await insert('event', 'campaign_id, subject, actor, verb, after, at', [
    ['c', 'screening:c:1', 'p1', 'submit', said(1, '一'), 1],
    ['c', 'screening:c:3', 'p1', 'defer', said(1, null, { defer: { reason: '外出' } }), 2],
    ['c', 'screening:c:1', 'p1', 'submit', said(2, '二'), 2],
    ['c', 'screening:c:1', 'p1', 'correct', said(3, '三', { reason: '看错' }), 3],
  ]);
  await insert(
    'sitting',
    'id, campaign_id, chat_id, village_code, person_id, message_id, screening_id, stage, trail, opened_at, updated_at',
    [['s1', 'c', 'oc_1', '3607221080', 'p1', 'om_1', 'c:2', 'form', '["c:1","c:4"]', 1, 4]],
  );
  await engine.migrate(migrations);
  store = createStore(engine);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('answers stand as they did, those without a record as well', async () => {
  expect(await store.answersOf('c:1')).toMatchObject({
    answers: { a: '三' },
    rev: 3,
    submittedBy: 'p1',
    submittedAt: 3,
  });
  expect(await store.answersOf('c:4')).toMatchObject({
    answers: { a: '没有记录' },
    provenance: {},
    findings: [],
    rev: 1,
  });
  expect(await store.answersOf('c:2')).toBeNull();
  expect(await store.answersOf('c:3')).toBeNull();
});

test('the history is whole', async () => {
  const told = async (id: string) => (await store.historyOf(id)).map((h) => `${h.verb} ${h.rev} ${h.reason}`.trim());
  expect(await told('c:1')).toEqual(['correct 3 看错', 'submit 2', 'submit 1']);
  expect(await told('c:3')).toEqual(['defer 1 外出']);
});

test('an open card keeps its household and the way back, and a household put off rests as long', async () => {
  const sitting = await store.sitting('s1');
  expect(sitting).toMatchObject({ trail: ['c:1', 'c:4'], screening: { id: 'c:2', rev: 0 } });
  if (!sitting?.screening) throw new Error('the card is empty');
  expect(await store.holderOf(sitting.screening, act)).toBe('p1');
  expect(await engine.read('select id, rest_until from screening where rest_until > 0', [])).toEqual([['c:3', 8_000]]);
});

test('what is said now hangs on what was said before', async () => {
  const sitting = await store.sitting('s1');
  const screening = await store.screening('c:1');
  if (!sitting || !screening) throw new Error('the card is gone');
  const w = await store.submit({
    act: { ...act, actor: 'p1' },
    sitting,
    screening,
    state: 'clear',
    answers: { a: '四' },
    provenance: {},
    findings: [],
    late: false,
    defer: null,
    next: { today: '1970-01-01', early: false, claimUntil: 9_000_000 },
  });
  expect(w).toMatchObject({ ok: true, value: { rev: 1, trail: ['c:4', 'c:1'] } });
  expect((await store.historyOf('c:1')).map((h) => h.rev)).toEqual([4, 3, 2, 1]);
  expect(await store.answersOf('c:1')).toMatchObject({ answers: { a: '四' }, rev: 4 });
});
