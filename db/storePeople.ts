// Owns areas, people and chats as the store sees them. Read through drizzle, prepared once per store.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import type { Area, Person, RoleHeld } from '../src/ports.ts';
import type { Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { area, chat, person } from './schema.ts';

/** Drizzle over an engine: typed queries, our connection. */
function drizzleOver(engine: Engine) {
  return drizzle(async (text, params, method) => {
    const rows = await engine.read(text, params as Value[]);
    return { rows: method === 'get' ? (rows[0] as Value[]) : rows };
  });
}

type Verbs = Pick<Store, 'areas' | 'area' | 'personByOperator' | 'personNames' | 'chat' | 'chatOfArea'>;

const personSql =
  'select p.id, p.name, p.open_id, r.role, r.area_code, a.level, a.township from person p ' +
  'left join person_role r on r.person_id = p.id and r.active = 1 left join area a on a.code = r.area_code ';

export function peopleVerbs(engine: Engine): Verbs {
  const db = drizzleOver(engine);
  const areaById = db
    .select()
    .from(area)
    .where(eq(area.code, sql.placeholder('code')))
    .prepare();
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
  return {
    areas: () => everyArea.all() as Promise<Area[]>,
    async area(code) {
      return ((await areaById.get({ code })) as Area | undefined) ?? null;
    },
    async personByOperator({ openId, userId }) {
      const where = openId !== null ? 'where p.open_id = ?' : 'where p.user_id = ?';
      const id = openId ?? userId;
      return id === null ? null : personOf(await engine.read(personSql + where, [id]));
    },
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
