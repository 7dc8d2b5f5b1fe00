// Owns what the schema of a campaign cannot say: that references lead somewhere, dates fit, cards are short and nothing
// burdens people. Pure; every fault at once, each with its path in the definition. Knows no particular campaign.
import { burdens } from './burden.ts';
import type { Campaign, Item } from './campaign.ts';
import { checkConditions } from './campaignConditions.ts';
import { checkPhases } from './campaignPhases.ts';
import { checkReminders } from './campaignReminders.ts';
import { computedNames } from './facts.ts';
import { firstStep } from './questions.ts';

export type CampaignPath = readonly (string | number)[];

/** `missing`: the id or key whose absence makes it a fault; where a left-out part has it, it is none. */
export interface CampaignFault {
  readonly path: CampaignPath;
  readonly reason: string;
  readonly missing?: string;
}

/** More fields than this do not fit a card a cadre can fill standing in a yard. */
export const longestCard = 40;

/** Every fault of a definition that already has the right shape, in the order of the checks. */
export function checkCampaign(campaign: Campaign): CampaignFault[] {
  const { items } = campaign;
  return [
    ...checkUnique(campaign),
    ...checkPhases(campaign),
    ...checkReminders(campaign),
    ...checkLookbacks(campaign),
    ...items.flatMap((item, i) => [...checkItem(campaign, item, ['items', i]), ...checkField(item, ['items', i])]),
    ...items.flatMap((item, i) => checkFollowUps(item, ['items', i])),
    ...checkSwitches(campaign),
    ...checkProblemTypes(campaign),
    ...checkConditions(campaign),
    ...checkCards(campaign),
    ...checkTexts(campaign, []),
  ];
}

/** What must still be decided by the county before the campaign may be loaded; empty: nothing. */
export function refuseUnconfirmed(campaign: Campaign): string[] {
  const line = campaign.thresholds.monitoringLine;
  const sentences: string[] = [];
  if (!campaign.confirmed.monitoringLine) {
    const amount = line === undefined ? '监测范围' : `监测范围 ${line} 元`;
    sentences.push(
      `${amount}还没有确认：请${campaign.contact}按省里当年公布的标准核对 thresholds.monitoringLine，然后把 confirmed.monitoringLine 改为 true`,
    );
  }
  if (!campaign.confirmed.keyGroups) {
    sentences.push(
      `“八类人员”还没有确认：请${campaign.contact}核对 keyGroups 里的名称和口径，然后把 confirmed.keyGroups 改为 true`,
    );
  }
  return sentences;
}

/** Repeats in a list of names; `at` gives the path of the n-th. */
function repeats(names: readonly string[], at: (n: number) => CampaignPath, what: string): CampaignFault[] {
  return names.flatMap((name, n) =>
    names.indexOf(name) < n ? [{ path: at(n), reason: `${what} ${name} 重复了，请改成没有用过的` }] : [],
  );
}

/** Ids that are unique within their list; the key names a list whose entries have the field. */
const uniqueIn = [
  ['lookbacks', 'id'],
  ['lookbacks', 'no'],
  ['phases', 'id'],
  ['roles', 'id'],
  ['roles', 'name'],
  ['keyGroups', 'code'],
  ['problemTypes', 'code'],
  ['procedures', 'code'],
] as const;

function checkUnique(c: Campaign): CampaignFault[] {
  const fields = c.items.flatMap((item, i) => [
    { id: item.id, path: ['items', i, 'id'] },
    ...item.followUps.map((f, j) => ({ id: f.id, path: ['items', i, 'followUps', j, 'id'] })),
  ]);
  const ids = [...fields, ...c.switches.map((s, i) => ({ id: s.id, path: ['switches', i, 'id'] }))];
  const lists = uniqueIn.flatMap(([list, field]) => {
    const names = c[list].map((entry) => String((entry as Readonly<Record<string, unknown>>)[field]));
    return repeats(names, (n) => [list, n, field], '编号');
  });
  const names = ids.map((f) => f.id);
  return [...repeats(names, (n) => ids[n]?.path ?? [], '编号'), ...lists];
}

function checkLookbacks(c: Campaign): CampaignFault[] {
  const faults = c.lookbacks.flatMap((l, i): CampaignFault[] => {
    const path = ['lookbacks', i];
    if (l.scope === 'household' && !l.population)
      return [{ path, reason: `${l.id} 是按户的，请写 population（问哪些户）` }];
    if (l.scope !== 'household' && l.population)
      return [{ path: [...path, 'population'], reason: `${l.id} 不是按户的，不用写 population` }];
    if (l.rows && l.scope === 'household')
      return [{ path: [...path, 'rows'], reason: `${l.id} 是按户的，不用写 rows` }];
    return [];
  });
  const answered = c.roles.some((r) => r.may.includes('answer'));
  return answered
    ? faults
    : [...faults, { path: ['roles'], reason: '没有哪个角色可以填报，请给村级角色写上 answer', missing: 'may' }];
}

function checkItem(c: Campaign, item: Item, path: CampaignPath): CampaignFault[] {
  const faults: CampaignFault[] = [];
  if (!c.lookbacks.some((l) => l.id === item.lookback)) {
    faults.push({
      path: [...path, 'lookback'],
      reason: `${item.id} 写的回头看 ${item.lookback} 不存在，请核对编号`,
      missing: item.lookback,
    });
  }
  if (item.computed !== undefined && !computedNames.has(item.computed)) {
    faults.push({
      path: [...path, 'computed'],
      reason: `${item.id} 的 computed 没有叫 ${item.computed} 的，请核对名称`,
    });
  }
  if (item.type === 'calc' && item.computed === undefined) {
    faults.push({ path, reason: `${item.id} 是计算项，请用 computed 写明由什么算出` });
  }
  item.problems.forEach((p, j) => {
    if (p.type !== undefined && !c.problemTypes.some((t) => t.code === p.type)) {
      faults.push({
        path: [...path, 'problems', j, 'type'],
        reason: `${item.id} 的问题类型 ${p.type} 不存在，请核对编号`,
        missing: p.type,
      });
    }
    if (p.procedure !== undefined && !c.procedures.some((x) => x.code === p.procedure)) {
      faults.push({
        path: [...path, 'problems', j, 'procedure'],
        reason: `${item.id} 的办理程序 ${p.procedure} 不存在，请核对编号`,
        missing: p.procedure,
      });
    }
  });
  return [...faults, ...checkKeyGroupOptions(c, item, path)];
}

/** The eight groups are written once in keyGroups; the question's options must be the same words. */
function checkKeyGroupOptions(c: Campaign, item: Item, path: CampaignPath): CampaignFault[] {
  if (item.computed !== 'keyGroups') return [];
  const offered = (item.options ?? []).filter((o) => !o.alone).map((o) => o.value);
  const labels = c.keyGroups.map((g) => g.label);
  if (offered.join('|') === labels.join('|')) return [];
  return [
    { path: [...path, 'options'], reason: `${item.id} 的选项要和 keyGroups 的名称逐条一致，请核对`, missing: 'label' },
  ];
}

type Field = Pick<Item, 'id' | 'type' | 'options' | 'past'>;

/** What an item and a followUp have alike. */
const checkField = (field: Field, path: CampaignPath): CampaignFault[] =>
  field.past && field.type !== 'date'
    ? [...checkOptions(field, path), { path: [...path, 'past'], reason: `${field.id} 不是日期题，不用写 past` }]
    : checkOptions(field, path);

function checkOptions(field: Field, path: CampaignPath): CampaignFault[] {
  const { id, type, options } = field;
  const chosen = type === 'single' || type === 'multi';
  if (chosen && (options?.length ?? 0) < 2)
    return [{ path, reason: `${id} 是选择题，请至少写两个选项（options）`, missing: 'value' }];
  if (!options) return [];
  const at = [...path, 'options'];
  if (!chosen && type !== 'calc' && type !== 'ref') return [{ path: at, reason: `${id} 不是选择题，不用写选项` }];
  const faults = repeats(
    options.map((o) => o.value),
    (n) => [...at, n, 'value'],
    `${id} 的选项`,
  );
  if (type !== 'multi' && options.filter((o) => o.normal).length > 1) {
    faults.push({ path: at, reason: `${id} 是单选，最多一个选项可以写 normal: true` });
  }
  const alone = options.findIndex((o) => o.alone);
  if (type !== 'multi' && alone >= 0) faults.push({ path: [...at, alone], reason: `${id} 不是多选，选项不用写 alone` });
  return faults;
}

function checkFollowUps(item: Item, path: CampaignPath): CampaignFault[] {
  return item.followUps.flatMap((f, j) => {
    const at = [...path, 'followUps', j];
    const name = f.id.startsWith(`${item.id}.`) && f.id.length > item.id.length + 1;
    const faults: CampaignFault[] = name
      ? []
      : [{ path: [...at, 'id'], reason: `补充项 ${f.id} 的编号要以 ${item.id}. 开头` }];
    return [...faults, ...checkField(f, at)];
  });
}

function checkSwitches(c: Campaign): CampaignFault[] {
  const faults = c.items.flatMap((item, i): CampaignFault[] => {
    if (item.switch === undefined) return [];
    if (!c.switches.some((s) => s.id === item.switch)) {
      return [
        {
          path: ['items', i, 'switch'],
          reason: `${item.id} 写的开关 ${item.switch} 不存在，请核对编号`,
          missing: item.switch,
        },
      ];
    }
    if (item.card !== 'short')
      return [{ path: ['items', i, 'card'], reason: `${item.id} 在开关后面，card 请写 short` }];
    if (item.options?.some((o) => o.normal)) return [];
    return [
      {
        path: ['items', i],
        reason: `${item.id} 在开关后面，请给一个选项写上 normal: true（选“正常”时按它记）`,
        missing: 'value',
      },
    ];
  });
  const unused = c.switches.flatMap((s, i): CampaignFault[] =>
    c.items.some((item) => item.switch === s.id)
      ? []
      : [{ path: ['switches', i], reason: `开关 ${s.id} 没有题目用到，请核对`, missing: s.id }],
  );
  return [...faults, ...unused];
}

function checkProblemTypes(c: Campaign): CampaignFault[] {
  return c.problemTypes.flatMap((t, i) =>
    c.procedures.some((p) => p.code === t.procedure)
      ? []
      : [
          {
            path: ['problemTypes', i, 'procedure'],
            reason: `${t.code} 的办理程序 ${t.procedure} 不存在，请核对编号`,
            missing: t.procedure,
          },
        ],
  );
}

/** The longest a household look-back's card can get, whatever the household. */
function checkCards(c: Campaign): CampaignFault[] {
  const everyItem = { ...c, items: c.items.map(({ when: _asked, ...item }) => item) };
  return c.lookbacks.flatMap((l, i): CampaignFault[] => {
    if (l.scope !== 'household') return [];
    const of = { lookbacks: [l.id], facts: {} };
    const full = firstStep(everyItem, { ...of, form: 'full' }).length;
    const short = l.shortWhen ? firstStep(everyItem, { ...of, form: 'short' }).length : null;
    if (full === 0 || short === 0)
      return [
        {
          path: ['lookbacks', i],
          reason: `${l.id} 的${full === 0 ? '全表' : '简表'}没有一道题，请核对`,
          missing: l.id,
        },
      ];
    if (Math.max(full, short ?? 0) <= longestCard) return [];
    return [
      {
        path: ['lookbacks', i],
        reason: `${l.id} 的全表有 ${full} 题，最多 ${longestCard} 题，请精简（减负条款 H-22）`,
      },
    ];
  });
}

function checkTexts(value: unknown, path: CampaignPath): CampaignFault[] {
  if (typeof value === 'string') return burdens(value).map((reason) => ({ path, reason }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, v]) =>
    checkTexts(v, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
