// Owns areas, people and chats as the store sees them. Read through drizzle, prepared once per store.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { Area, Person, RoleHeld } from '../src/ports.ts';
import type { Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { kept } from './kept.ts';
import { area, chat, person } from './schema.ts';

/** Drizzle over an engine: typed queries, our connection. */
function drizzleOver(engine: Engine) {
  return drizzle(async (text, params, method) => {
    const rows = await engine.read(text, params as Value[]);
    return { rows: method === 'get' ? (rows[0] as Value[]) : rows };
  });
}

type Verbs = Pick<Store, 'areas' | 'area' | 'personByOperator' | 'personById' | 'personNames' | 'chat' | 'chatOfArea'>;

// Texts are put together once: the engine finds what it prepared by the text, and a new string must be hashed first.
const personSql =
  'select p.id, p.name, p.open_id, r.role, r.area_code, a.level, a.township from person p ' +
  'left join person_role r on r.person_id = p.id and r.active = 1 left join area a on a.code = r.area_code ';
const personByOpenId = `${personSql}where p.open_id = ?`;
const personByKey = `${personSql}where p.id = ?`;
const personByUserId = `${personSql}where p.user_id = ?`;

export function peopleVerbs(engine: Engine): Verbs {
  const db = drizzleOver(engine);
  const everyArea = db.select().from(area).orderBy(asc(area.code)).prepare();
  const chatById = db
    .select()
    .from(chat)
    .where(eq(chat.id, sql.placeholder('id')))
    .prepare();
  const chatByArea = db
    .select()
    .from(chat)
    .where(and(eq(chat.campaignId, sql.placeholder('campaignId')), eq(chat.areaCode, sql.placeholder('areaCode'))))
    .prepare();
  const whoever = ['person', 'person_role', 'area'];
  const byOpenId = kept(engine, whoever, async (id) => personOf(await engine.read(personByOpenId, [id])));
  const byUserId = kept(engine, whoever, async (id) => personOf(await engine.read(personByUserId, [id])));
  return {
    areas: () => everyArea.all() as Promise<Area[]>,
    area: kept(engine, ['area'], async (code) => {
      const row = (await engine.read(areaSql, [code]))[0];
      return row ? areaOf(row) : null;
    }),
    async personByOperator({ openId, userId }) {
      if (openId !== null) return byOpenId(openId);
      return userId === null ? null : byUserId(userId);
    },
    personById: async (id) => personOf(await engine.read(personByKey, [id])),
    async personNames(ids) {
      if (ids.length === 0) return new Map();
      const rows = await db
        .select({ id: person.id, name: person.name })
        .from(person)
        .where(inArray(person.id, [...ids]));
      return new Map(rows.map((r) => [r.id, r.name]));
    },
    async chat(id) {
      return (await chatById.get({ id })) ?? null;
    },
    async chatOfArea(campaignId, areaCode) {
      return (await chatByArea.get({ campaignId, areaCode })) ?? null;
    },
  };
}

// Asked with every click: drizzle's way to the same row costs several times the row.
const areaSql = 'select code, level, name, full_name, parent, township from area where code = ? limit 1';

const areaOf = (r: readonly Value[]): Area => ({
  code: String(r[0]),
  level: String(r[1]) as Area['level'],
  name: String(r[2]),
  fullName: String(r[3]),
  parent: r[4] === null ? null : String(r[4]),
  township: r[5] === null ? null : String(r[5]),
});

function personOf(rows: Value[][]): Person | null {
  const first = rows[0];
  if (!first) return null;
  const roles = rows
    .filter((r) => r[3] !== null && r[5] !== null)
    .map(
      (r): RoleHeld => ({
        role: String(r[3]),
        areaCode: String(r[4]),
        level: String(r[5]) as RoleHeld['level'],
        township: r[6] === null ? null : String(r[6]),
      }),
    );
  return { id: String(first[0]), name: String(first[1]), openId: first[2] === null ? null : String(first[2]), roles };
}
