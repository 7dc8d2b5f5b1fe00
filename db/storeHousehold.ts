// Owns single households as the store sees them: detail for private cards.
import type { HistoryRow, HouseholdStore } from '../src/householdStore.ts';
import type { Written } from '../src/store.ts';
import { closeUnit, correctUnit, openCorrectionUnit } from './correctionUnits.ts';
import type { Engine, Statement, Value } from './engine.ts';
import { json, screeningColumns, screeningOf } from './rows.ts';
import { surely } from './surely.ts';
import { toldOf } from './told.ts';
import { notWritten } from './units.ts';

/** As src/domain/areaNames.ts `plain` compares typed text; SQLite keeps upper case apart. */
const plainCode = "lower(replace(replace(replace(h.code, '-', ''), ' ', ''), '_', ''))";

const plainName = "replace(replace(h.head_name, '·', ''), ' ', '')";

const historySql =
  `${toldOf('c.id = ?1')}select e.at, e.actor, e.verb, e.after from told t join event e on e.id = t.id ` +
  "where e.verb in ('submit', 'defer', 'correct', 'return') order by e.id desc limit 20";

export function householdVerbs(engine: Engine): HouseholdStore {
  const write = async (unit: Statement[]): Promise<Written<null>> => {
    const outcome = await surely(engine, unit);
    return outcome.ok ? { ok: true, value: null } : notWritten(outcome.at);
  };
  return {
    openCorrection: (p) => write(openCorrectionUnit(p)),
    correct: (p) => write(correctUnit(p)),
    closeCorrection: ({ act, sitting }) => write(closeUnit(sitting, act)),
    async findHouseholds({ campaignId, scope, wanted, limit, partial }) {
      const fits = (column: string) => (partial ? `instr(${column}, ?2) > 0` : `${column} = ?2`);
      const places = scope.map((_, i) => `?${i + 4}`).join(', ');
      const sql =
        `select ${screeningColumns} from household h join screening c on c.household_no = h.no and c.campaign_id = ?1 ` +
        `where (${fits(plainName)} or ${fits(plainCode)}) and (h.village_code in (${places}) or h.township_code in (${places}) ` +
        `or substr(h.village_code, 1, 6) in (${places})) order by h.no limit ?3`;
      const rows = await engine.read(sql, [campaignId, wanted, limit, ...scope]);
      return rows.flatMap((r) => screeningOf(r) ?? []);
    },
    async historyOf(id) {
      return (await engine.read(historySql, [id])).map(historyRow);
    },
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

interface After {
  readonly rev?: number;
  readonly reason?: string;
  readonly late?: boolean;
  readonly proxy?: boolean;
  readonly defer?: { readonly reason?: string } | null;
}

function historyRow(r: readonly Value[]): HistoryRow {
  const after = json<After>(r[3], {});
  return {
    at: Number(r[0]),
    actor: String(r[1]),
    verb: String(r[2]),
    rev: after.rev ?? 0,
    reason: after.reason ?? after.defer?.reason ?? '',
    late: after.late ?? false,
    proxy: after.proxy ?? false,
  };
}
