// Owns the names a campaign may use for what is known of a household: facts in conditions, computed values that fill an
// item. Pure; knows no campaign. Values of village and case items are computed where their counts are.
import type { AnswerValue, HouseholdFacts } from '../ports.ts';
import type { Campaign, Item } from './campaign.ts';
import { daysBetween } from './time.ts';

/** Facts a condition may ask for, with their possible values; null: free text or another open value. */
export const factValues: Readonly<Record<string, readonly (string | number | boolean)[] | null>> = {
  kind: ['一般农户', '脱贫户'],
  register: ['none', 'active', 'eliminated'],
  monitorType: ['脱贫不稳定户', '边缘易致贫户', '突发严重困难户'],
  identifiedDay: null,
  risks: null,
  eliminatedDay: null,
  eliminationMode: null,
  safetyNet: ['甲', '乙', '否'],
  labour: ['able', 'weak', 'none', 'unknown'],
  keyGroups: null, // the campaign's own codes
  keyGroup: [true, false],
  alert: null,
  alerted: [true, false],
  contactOpenId: null,
  netPerCapita: null,
};

type Compute = (facts: HouseholdFacts, on: { campaign: Campaign; day: string }) => AnswerValue | undefined;

const labourTypes = { able: '有劳动能力', weak: '仅弱劳力半劳力', none: '整户无劳动能力', unknown: undefined } as const;
const yes = (b: boolean) => (b ? '是' : '否');

/** Computed values of a household by the name a campaign's item gives in `computed`. */
const household: Readonly<Record<string, Compute>> = {
  keyGroups: (f, { campaign }) => {
    const labels = campaign.keyGroups.filter((g) => f.keyGroups.includes(g.code)).map((g) => g.label);
    return labels.length > 0 ? labels : undefined;
  },
  labour: (f) => labourTypes[f.labour],
  wholeHouseholdNoLabour: (f) => (f.labour === 'unknown' ? undefined : yes(f.labour === 'none')),
  daysSinceIdentified: (f, { day }) => (f.identifiedDay === undefined ? undefined : daysBetween(f.identifiedDay, day)),
  monthsToElimination: (f) =>
    f.identifiedDay === undefined || f.eliminatedDay === undefined
      ? undefined
      : monthsBetween(f.identifiedDay, f.eliminatedDay),
  eliminatedWithoutLabour: (f) =>
    f.labour === 'unknown' ? undefined : yes(f.register === 'eliminated' && f.labour === 'none'),
};

/** Names that are computed outside a household's own facts: from its answers, of a village, a township or a case. */
const elsewhere = [
  'safetyNetOnly',
  'keySupportVillage',
  'resettlementSite',
  'abandonedMine',
  'noLiftedButRural',
  'villageShareOverLine',
  'townshipShareOverLine',
  'openDoubts',
  'screenedPercent',
  'ledgersFromCards',
  'summarisedPercent',
  'identificationCase',
  'openAidProblems',
  'rollbackCase',
  'reIdentificationCase',
];
export const computedNames: ReadonlySet<string> = new Set([...Object.keys(household), ...elsewhere]);

/**
 * What the roster says of a household's computed items, by item id; items the roster is silent about are left out.
 * `day` is today's local date. Never shown in a group.
 */
export function computedAnswers(
  campaign: Campaign,
  items: readonly Item[],
  on: { facts: HouseholdFacts; day: string },
): Record<string, AnswerValue> {
  const values: Record<string, AnswerValue> = {};
  for (const item of items) {
    const value =
      item.computed === undefined ? undefined : household[item.computed]?.(on.facts, { campaign, day: on.day });
    if (value !== undefined) values[item.id] = value;
  }
  return values;
}

/** Full months between two days: 2022-01-31 → 2022-07-30 is 5. */
function monthsBetween(from: string, to: string): number {
  const [y1 = 0, m1 = 0, d1 = 0] = from.split('-').map(Number);
  const [y2 = 0, m2 = 0, d2 = 0] = to.split('-').map(Number);
  return (y2 - y1) * 12 + (m2 - m1) - (d2 < d1 ? 1 : 0);
}
