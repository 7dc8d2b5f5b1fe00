// Owns what is kept about people of whom only a mobile number is known: when they were asked for, who they turned out to be.
import type { PhoneStore } from '../src/phoneStore.ts';
import type { Engine } from './engine.ts';
import { surely } from './surely.ts';
import { guardText, happened, statement } from './units.ts';

const listed =
  'select p.id, p.phone_sealed from person p where p.open_id is null and p.phone_hash is not null ' +
  'and p.phone_sealed is not null and coalesce(p.phone_asked_at, 0) < ? ' +
  'and exists (select 1 from person_role r where r.person_id = p.id and r.active = 1) ' +
  'order by p.phone_asked_at, p.id limit ?';
const among = 'id in (select value from json_each(?1))';
const unasked = `insert into guard select 0 from person where ${among} and (open_id is not null or phone_asked_at >= ?2)`;
const asked = `update person set phone_asked_at = ?2 where ${among}`;
const again = `update person set phone_asked_at = null where ${among} and phone_asked_at = ?2`;
// An import that was planned before would give the open_id to whom the file names.
const free = guardText(
  'select 1 from person where id = ?1 and open_id is null and not exists (select 1 from person where open_id = ?2) ' +
    "and not exists (select 1 from import_job where state = 'applying')",
);

export function phoneVerbs(engine: Engine): PhoneStore {
  return {
    async unidentified(before, limit) {
      const rows = await engine.read(listed, [before, limit]);
      return rows.map((r) => ({ id: String(r[0]), phoneSealed: String(r[1]) }));
    },
    async askFor({ ids, before, at }) {
      const who = JSON.stringify(ids);
      return (await surely(engine, [statement(unasked, who, before), statement(asked, who, at)])).ok;
    },
    async notAnswered({ ids, at }) {
      await surely(engine, [statement(again, JSON.stringify(ids), at)]);
    },
    async identify({ personId, openId, at }) {
      const outcome = await surely(engine, [
        statement(free, personId, openId),
        statement('update person set open_id = ? where id = ?', openId, personId),
        happened({
          campaignId: null,
          subject: `person:${personId}`,
          actor: 'cron',
          verb: 'identify',
          before: null,
          after: { openId },
          at,
        }),
      ]);
      return outcome.ok;
    },
  };
}
