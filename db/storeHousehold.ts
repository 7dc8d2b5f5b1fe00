// Owns single households as the store sees them: detail for private cards.
import type { HouseholdStore } from '../src/householdStore.ts';
import type { Engine } from './engine.ts';

export function householdVerbs(engine: Engine): HouseholdStore {
  return {
    async rosterNames(areaCode) {
      // By way of the few areas, so that a village costs its own households and not a walk through the county's.
      const villages = 'select code from area where ?1 in (code, township, substr(code, 1, 6))';
      const inArea = areaCode === '' ? '0' : `h.village_code in (${villages})`;
      const heads = `select h.head_name from household h where ${inArea}`;
      const members = `select m.name from member m join household h on h.no = m.household_no where ${inArea}`;
      const args = areaCode === '' ? [] : [areaCode];
      const [names, workers] = await Promise.all([
        engine.read(`${heads} union ${members}`, args),
        engine.read('select distinct name from person', []),
      ]);
      return { names: names.map((r) => String(r[0])), workers: workers.map((r) => String(r[0])) };
    },
    async rosterVersion() {
      const sql =
        'select (select count(*) from import_job), (select max(finished_at) from import_job), (select group_concat(hash) from campaign)';
      return ((await engine.read(sql, []))[0] ?? []).map(String).join('|');
    },
    async householdDetail(no) {
      const row = (await engine.read('select group_name, member_count from household where no = ?', [no]))[0];
      return row ? { groupName: String(row[0]), memberCount: Number(row[1]) } : null;
    },
  };
}
