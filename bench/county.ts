// Owns the bench's own county: a database with enough ordinary households and cadres with open cards, and the check that
// what was acknowledged is on disk afterwards. Nobody in it exists.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fieldName } from '../cards/actions.ts';
import type { Engine, Value } from '../db/engine.ts';
import { openLocal } from '../db/local.ts';
import { migrations } from '../db/migrations.gen.ts';
import { createStore } from '../db/store.ts';
import { asSample, type Campaign } from '../src/domain/campaign.ts';
import { enrol } from '../src/domain/enrol.ts';
import { firstStep } from '../src/domain/questions.ts';
import type { Clock, HouseholdFacts } from '../src/ports.ts';
import { parseCampaign } from '../src/sheets/campaignFile.ts';

export const app = {
  id: 'cli_be7cbe7cbe7cbe7c',
  secret: 'secret-of-the-bench',
  encryptKey: 'encrypt-key-of-the-bench',
  verificationToken: 'verification-token-of-the-bench',
};
export const webhookPath = '/webhook/event';

const start = Date.parse('2023-07-12T08:30:00+08:00');
const began = Date.now();
/** A morning within the campaign, running on. */
export const benchClock: Clock = { now: () => start + Date.now() - began };

/** One cadre with an open card, as the load generator carries it along: which household is on the card, at which rev. */
export interface Cadre {
  readonly openId: string;
  readonly chatId: string;
  readonly sitting: string;
  h: string; // '' = no household is left
  r: number;
  done: number;
}

/** The answers given to every household: item id → value, for the short form where all is well. */
export type Given = readonly (readonly [id: string, value: string | readonly string[]])[];

export interface Seeded {
  readonly cadres: readonly Cadre[];
  readonly given: Given;
}

const ordinary: HouseholdFacts = { kind: '一般农户', register: 'none', labour: 'unknown', keyGroups: [] };
const villages = 320;
const townships = 16;
const cadresEach = 2;

function readCampaign(): Campaign {
  const file = 'campaigns/xinfeng-2023-13.yaml';
  const read = parseCampaign(readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8'), file);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return asSample(read.campaign);
}

/** Creates the file at `path` with about that many households. */
export async function seedCounty(path: string, households: number): Promise<Seeded> {
  const engine = await openLocal(path);
  const campaign = readCampaign();
  await engine.migrate(migrations);
  const store = createStore(engine);
  await store.loadCampaign(campaign, 'bench', start);
  const people = places();
  await people.insert(engine);
  await insertHouseholds(engine, campaign, Math.ceil(households / villages));
  const cadres: Cadre[] = [];
  for (const p of people.cadres) {
    const opened = await store.openSitting({
      act: { eventId: `open-${p.id}`, actor: p.id, at: start },
      id: `s${p.id}`,
      campaignId: campaign.id,
      chatId: p.chatId,
      villageCode: p.village,
      anchorId: `om_${p.id}`,
      next: { today: '2023-07-12', early: false, claimUntil: start + 1_800_000 },
      outgoing: [],
      replaces: null,
    });
    if (!opened.ok) throw new Error('a card of the bench could not be opened');
    const { id, rev, screening } = opened.value;
    cadres.push({
      openId: p.openId,
      chatId: p.chatId,
      sitting: id,
      h: shortId(screening?.household.no),
      r: rev,
      done: 0,
    });
  }
  // as when the platform has taken the cards
  await engine.commit([{ sql: "update sitting set message_id = 'om_' || id", args: [] }]);
  await store.close();
  return { cadres, given: answersOf(campaign) };
}

const shortId = (no: number | undefined) => no?.toString(36) ?? '';

function answersOf(campaign: Campaign): Given {
  const { lookbacks, form } = enrol(campaign, ordinary);
  const questions = firstStep(campaign, { lookbacks, form, facts: { ...ordinary, keyGroup: false, alerted: false } });
  const options = new Map(campaign.items.map((i) => [i.id, i.options?.find((o) => o.normal)?.value]));
  return questions.map((q) => {
    const normal = options.get(q.id) ?? q.options[0]?.value ?? '无';
    return [q.id, q.kind === 'multi' ? [normal] : normal];
  });
}

/** What the client sends of this form. */
export function formOf(given: Given, h: string, r: number): Record<string, string | readonly string[]> {
  return Object.fromEntries(given.map(([id, value]) => [fieldName(id, h, r), value]));
}

function places() {
  const codes = Array.from({ length: villages }, (_, i) => {
    const township = `3607991${String(i % townships).padStart(2, '0')}`;
    return { township, village: `${township}${String(200 + Math.floor(i / townships))}` };
  });
  const cadres = codes.flatMap(({ village }, i) =>
    Array.from({ length: cadresEach }, (_, k) => {
      const n = i * cadresEach + k;
      const chatId = `oc_${i.toString(16).padStart(32, '0')}`;
      return { id: `p${n}`, openId: `ou_${n.toString(16).padStart(32, '0')}`, village, chatId };
    }),
  );
  const areas = [
    ...[...new Set(codes.map((c) => c.township))].map((t, i) => [t, 'township', `试点${i}镇`, '360799', t]),
    ...codes.map((c, i) => [c.village, 'village', `试点${i}村`, c.township, c.township]),
  ];
  return {
    cadres,
    async insert(engine: Engine) {
      const each = (columns: string, rows: Value[][]) => ({
        sql: `insert into ${columns} select ${rows[0]?.map((_, i) => `value ->> ${i}`).join(', ')} from json_each(?)`,
        args: [JSON.stringify(rows)],
      });
      const roles = cadres.map((c) => [c.id, '村干部', c.village]);
      const done = await engine.commit([
        {
          sql: "insert into area (code, level, name, full_name) values ('360799', 'county', '试点县', '试点县')",
          args: [],
        },
        each(
          'area (code, level, name, parent, township, full_name)',
          areas.map((a) => [...a, a[2] ?? '']),
        ),
        each(
          'person (id, name, open_id)',
          cadres.map((c, i) => [c.id, `试${i}例`, c.openId]),
        ),
        each('person_role (person_id, role, area_code)', roles),
      ]);
      if (!done.ok) throw new Error(`the county of the bench was refused at ${done.at}`);
    },
  };
}

/** Straight into the tables, in steps: the import is measured elsewhere. */
async function insertHouseholds(engine: Engine, campaign: Campaign, each: number): Promise<void> {
  const { lookbacks, form } = enrol(campaign, ordinary);
  if (form !== 'short') throw new Error('an ordinary household has no short form any more');
  const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)';
  const done = await engine.commit([
    {
      sql:
        `insert into household (code, village_code, township_code, head_name, member_count, facts) ${numbers} ` +
        "select a.code || '-' || i, a.code, a.township, '张' || i || '例', 3, ?2 from area a, n where a.level = 'village' order by a.code, i",
      args: [each, JSON.stringify(ordinary)],
    },
  ]);
  if (!done.ok) throw new Error('the households of the bench were refused');
  const rows = await engine.read('select no, village_code, township_code from household', []);
  const step = 20_000;
  for (let at = 0; at < rows.length; at += step) {
    const part = rows
      .slice(at, at + step)
      .map(([no, ...codes]) => [`${campaign.id}:${shortId(Number(no))}`, no, ...codes]);
    await engine.commit([
      {
        sql:
          'insert into screening (id, campaign_id, household_no, village_code, township_code, lookbacks, form) ' +
          "select value ->> 0, ?2, value ->> 1, value ->> 2, value ->> 3, ?3, 'short' from json_each(?1)",
        args: [JSON.stringify(part), campaign.id, lookbacks.join(',')],
      },
    ]);
  }
  const sections = ['ALL', ...lookbacks];
  await engine.commit(
    sections.map((section) => ({
      sql:
        'insert into tally (campaign_id, village_code, township_code, section, state, n) ' +
        "select campaign_id, village_code, township_code, ?, 'todo', count(*) from screening group by 1, 2, 3",
      args: [section],
    })),
  );
}

/** What does not agree between the load generator's books and the file; empty: every acknowledged answer is there, once. */
export async function disagreements(path: string, cadres: readonly Cadre[]): Promise<string[]> {
  const engine = await openLocal(path);
  try {
    const store = createStore(engine);
    const acknowledged = cadres.reduce((n, c) => n + c.done, 0);
    const one = async (sql: string) => Number((await engine.read(sql, []))[0]?.[0]);
    const counts = {
      'answered households': await one(
        "select count(*) from screening c join event e on e.id = c.answers_event where c.state = 'clear' and e.subject = 'screening:' || c.id and e.after ->> '$.answers' <> '{}'",
      ),
      'audit rows': await one("select count(distinct subject) from event where verb = 'submit'"),
      'audit rows, repeats included': await one("select count(*) from event where verb = 'submit'"),
      'handled clicks': await one('select sum(rev) from sitting'),
    };
    const wrong = Object.entries(counts)
      .filter(([, n]) => n !== acknowledged)
      .map(([what, n]) => `${what}: ${n}, acknowledged: ${acknowledged}`);
    const sittings = new Map((await engine.read('select id, rev, done from sitting', [])).map((r) => [r[0], r]));
    const apart = cadres.filter((c) => sittings.get(c.sitting)?.[1] !== c.r || sittings.get(c.sitting)?.[2] !== c.done);
    if (apart.length > 0) wrong.push(`${apart.length} cards stand elsewhere than their cadres saw`);
    const [campaign] = await store.campaigns();
    const full = await store.fullCount(campaign?.id ?? '');
    const told = await engine.read('select village_code, section, state, n from tally where n <> 0', []);
    const lines = (rows: readonly (readonly unknown[])[]) =>
      rows
        .map((r) => r.join(' '))
        .sort()
        .join('\n');
    if (lines(told) !== lines(full.map((t) => [t.areaCode, t.section, t.state, t.n])))
      wrong.push('the tallies are not a full count');
    return wrong;
  } finally {
    await engine.close();
  }
}
