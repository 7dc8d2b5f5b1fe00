// Owns the assembly of the store on any engine. Knows no runtime; callers bring a local or a remote engine.
import type { ScreeningState, TallyRow } from '../src/ports.ts';
import type { Store } from '../src/store.ts';
import type { Engine, Value } from './engine.ts';
import { rememberSittings } from './sittings.ts';
import { areaVerbs } from './storeArea.ts';
import { campaignVerbs } from './storeCampaigns.ts';
import { cardVerbs } from './storeCards.ts';
import { dayCountVerbs } from './storeDayCount.ts';
import { householdVerbs } from './storeHousehold.ts';
import { inboxVerbs } from './storeInbox.ts';
import { outboxVerbs } from './storeOutbox.ts';
import { peopleVerbs } from './storePeople.ts';
import { phoneVerbs } from './storePhone.ts';
import { reminderVerbs } from './storeReminders.ts';
import { screeningVerbs } from './storeScreening.ts';
import { surely } from './surely.ts';
import { statement } from './units.ts';

/** Every domain verb over one engine. Closing the store closes the engine. */
export function createStore(engine: Engine): Store {
  const sittings = rememberSittings(engine);
  return {
    ...campaignVerbs(engine),
    ...peopleVerbs(engine),
    ...phoneVerbs(engine),
    ...screeningVerbs(engine, sittings),
    ...areaVerbs(engine),
    ...inboxVerbs(engine),
    ...outboxVerbs(engine, sittings),
    ...cardVerbs(engine),
    ...householdVerbs(engine),
    ...dayCountVerbs(engine),
    ...reminderVerbs(engine),
    ...countVerbs(engine),
    ...processVerbs(engine),
  };
}

const tallyOf = (r: Value[]): TallyRow => ({
  areaCode: String(r[0]),
  section: String(r[1]),
  state: String(r[2]) as ScreeningState,
  n: Number(r[3]),
});

const tallyRows = 'select village_code, section, state, n from tally where campaign_id = ? and ';
const tallyOfVillage = `${tallyRows}village_code = ?`;
const tallyOfSection = `${tallyOfVillage} and section = ?`;
const tallyOfTownship = `${tallyRows}township_code = ?`;

function countVerbs(engine: Engine): Pick<Store, 'tallies' | 'fullCount'> {
  return {
    async tallies(campaignId, area, section) {
      if (section !== undefined && area.level === 'village')
        return (await engine.read(tallyOfSection, [campaignId, area.code, section])).map(tallyOf);
      if (section !== undefined) return (await this.tallies(campaignId, area)).filter((t) => t.section === section);
      if (area.level === 'county') {
        const sql =
          'select township_code, section, state, sum(n) from tally where campaign_id = ? group by township_code, section, state';
        return (await engine.read(sql, [campaignId])).map(tallyOf);
      }
      return (
        await engine.read(area.level === 'township' ? tallyOfTownship : tallyOfVillage, [campaignId, area.code])
      ).map(tallyOf);
    },
    async fullCount(campaignId) {
      const sql =
        'select village_code, lookbacks, state, count(*) from screening where campaign_id = ? group by village_code, lookbacks, state';
      const counts = new Map<string, TallyRow>();
      for (const [village, lookbacks, state, n] of await engine.read(sql, [campaignId])) {
        for (const section of ['ALL', ...String(lookbacks).split(',')]) {
          const key = `${village}|${section}|${state}`;
          const known = counts.get(key)?.n ?? 0;
          counts.set(key, tallyOf([village ?? '', section, state ?? '', known + Number(n)]));
        }
      }
      return [...counts.values()];
    },
  };
}

function processVerbs(engine: Engine): Pick<Store, 'meta' | 'setMeta' | 'importing' | 'newestEventAt' | 'close'> {
  return {
    async meta(key) {
      const row = (await engine.read('select value from meta where key = ?', [key]))[0];
      return row ? String(row[0]) : null;
    },
    async setMeta(key, value) {
      await surely(engine, [
        statement(
          'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
          key,
          value,
        ),
      ]);
    },
    async importing() {
      return (await engine.read("select 1 from import_job where state = 'applying' limit 1", [])).length > 0;
    },
    async newestEventAt() {
      const row = (await engine.read('select max(at) from (select at from event order by id desc limit 100)', []))[0];
      return row?.[0] === null || row === undefined ? null : Number(row[0]);
    },
    close: () => engine.close(),
  };
}
