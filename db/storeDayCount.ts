// Owns what is kept of every township day by day: one row each, written when the day begins.
import type { DayCount, DayCountStore } from '../src/dayCountStore.ts';
import type { Engine, Value } from './engine.ts';
import { surely } from './surely.ts';
import { statement } from './units.ts';

const tasks = (state: string) =>
  `(select count(*) from area_task k where k.campaign_id = ?1 and k.township_code = a.code and k.state = '${state}')`;
const counted = (states: string) => `coalesce(sum(case when t.state in (${states}) then t.n else 0 end), 0)`;
const take =
  'insert into day_count (campaign_id, day, township_code, taken_at, total, done, found, waiting, accepted) ' +
  `select ?1, ?2, a.code, ?3, coalesce(sum(t.n), 0), ${counted("'clear', 'found'")}, ${counted("'found'")}, ` +
  `${tasks('submitted')}, ${tasks('accepted')} from area a ` +
  "left join tally t on t.campaign_id = ?1 and t.township_code = a.code and t.section = 'ALL' " +
  "where a.level = 'township' group by a.code";

export function dayCountVerbs(engine: Engine): DayCountStore {
  return {
    async countDay({ campaignId, day, at }) {
      // Statement 0 is the key: it fails when the day is there.
      const key = 'insert into guard select 0 from day_count where campaign_id = ? and day = ?';
      return (await surely(engine, [statement(key, campaignId, day), statement(take, campaignId, day, at)])).ok;
    },
    async dayCounts(campaignId, day) {
      const sql =
        'select day, taken_at, township_code, total, done, found, waiting, accepted from day_count where campaign_id = ?1 ' +
        'and day = (select max(day) from day_count where campaign_id = ?1 and day <= ?2) order by township_code';
      const rows = await engine.read(sql, [campaignId, day]);
      const [first] = rows;
      return first ? { day: String(first[0]), takenAt: Number(first[1]), towns: rows.map(townOf) } : null;
    },
  };
}

const townOf = (r: readonly Value[]): DayCount => ({
  townshipCode: String(r[2]),
  total: Number(r[3]),
  done: Number(r[4]),
  found: Number(r[5]),
  waiting: Number(r[6]),
  accepted: Number(r[7]),
});
