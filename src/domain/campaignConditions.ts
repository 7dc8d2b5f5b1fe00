// Owns the checks of a campaign's conditions: every item, option, threshold and fact they name exists, and what a group
// sees depends on nothing but the answers. Pure.
import type { Campaign, Condition, Item } from './campaign.ts';
import type { CampaignFault, CampaignPath } from './campaignCheck.ts';
import { factValues } from './facts.ts';

/** Where a condition stands: a population sees facts only, a follow-up sees answers of the first step only. */
type Place = 'population' | 'item' | 'problem' | 'followUp';
interface Site {
  readonly place: Place;
  readonly condition: Condition;
  readonly path: CampaignPath;
}
interface Scope {
  readonly campaign: Campaign;
  readonly place: Place;
  readonly fields: ReadonlyMap<string, Asked>;
}
type Asked = Pick<Item, 'type' | 'options'> & { readonly followUp: boolean };

export function checkConditions(campaign: Campaign): CampaignFault[] {
  const fields = new Map<string, Asked>();
  for (const item of campaign.items) {
    fields.set(item.id, { type: item.type, options: item.options, followUp: false });
    for (const f of item.followUps) fields.set(f.id, { type: f.type, options: f.options, followUp: true });
  }
  return sites(campaign).flatMap((s) => check(s.condition, s.path, { campaign, place: s.place, fields }));
}

function sites(c: Campaign): Site[] {
  const one = (place: Place, condition: Condition | undefined, path: CampaignPath): Site[] =>
    condition ? [{ place, condition, path }] : [];
  return [
    ...c.lookbacks.flatMap((l, i) => [
      ...one('population', l.population, ['lookbacks', i, 'population']),
      ...one('population', l.shortWhen, ['lookbacks', i, 'shortWhen']),
    ]),
    ...c.items.flatMap((item, i) => [
      ...one('item', item.when, ['items', i, 'when']),
      ...item.problems.flatMap((p, j) => one('problem', p.when, ['items', i, 'problems', j, 'when'])),
      ...item.followUps.flatMap((f, j) => one('followUp', f.when, ['items', i, 'followUps', j, 'when'])),
    ]),
  ];
}

function check(c: Condition, path: CampaignPath, scope: Scope): CampaignFault[] {
  if ('all' in c) return group(c.all, [...path, 'all'], scope);
  if ('any' in c) return group(c.any, [...path, 'any'], scope);
  if ('not' in c) return check(c.not, [...path, 'not'], scope);
  if ('fact' in c) return checkFact(c, path, scope);
  return checkItemCondition(c, path, scope);
}

function group(list: readonly Condition[], path: CampaignPath, scope: Scope): CampaignFault[] {
  if (list.length === 0) return [{ path, reason: '这里一个条件也没有，请补充或删去' }];
  return list.flatMap((c, i) => check(c, [...path, i], scope));
}

function checkFact(c: Extract<Condition, { fact: string }>, path: CampaignPath, scope: Scope): CampaignFault[] {
  if (scope.place === 'followUp') {
    return [
      { path, reason: '补充项要不要问，只能看本卡所填，不能看名单上的情况：群里的卡片不能因名单而变（减负条款 H-15）' },
    ];
  }
  if (!Object.hasOwn(factValues, c.fact))
    return [{ path: [...path, 'fact'], reason: `没有叫 ${c.fact} 的户情况，请核对名称` }];
  const known = c.fact === 'keyGroups' ? scope.campaign.keyGroups.map((g) => g.code) : factValues[c.fact];
  if (!known) return [];
  return c.is.flatMap((v, i) =>
    known.includes(v)
      ? []
      : [{ path: [...path, 'is', i], reason: `户情况 ${c.fact} 没有 ${v} 这个值，可写 ${known.join('、')}` }],
  );
}

type ItemCondition = Extract<Condition, { item: string }>;

function checkItemCondition(c: ItemCondition, path: CampaignPath, scope: Scope): CampaignFault[] {
  if (scope.place === 'population') return [{ path, reason: '问哪些户只能看名单上的情况（fact），不能看答案（item）' }];
  const field = scope.fields.get(c.item);
  if (!field)
    return [{ path: [...path, 'item'], reason: `条件里的题目 ${c.item} 不存在，请核对编号`, missing: c.item }];
  if (scope.place === 'followUp' && field.followUp) {
    return [{ path: [...path, 'item'], reason: `补充项要不要问，不能看另一个补充项 ${c.item}：它们在同一步` }];
  }
  if ('is' in c) return checkValues(c.item, c.is, { field, path: [...path, 'is'] });
  if ('isNot' in c) return checkValues(c.item, c.isNot, { field, path: [...path, 'isNot'] });
  if ('answered' in c) return [];
  return checkNumber(c, path, { field, thresholds: scope.campaign.thresholds });
}

function checkValues(id: string, values: readonly string[], at: { field: Asked; path: CampaignPath }): CampaignFault[] {
  const options = at.field.options?.map((o) => o.value);
  if (!options) return [{ path: at.path, reason: `${id} 没有选项，请用 atLeast、below 或 answered` }];
  if (values.length === 0) return [{ path: at.path, reason: `${id} 后面没有写选项，请补充` }];
  return values.flatMap((v, i) =>
    options.includes(v) ? [] : [{ path: [...at.path, i], reason: `${id} 没有“${v}”这个选项，请核对` }],
  );
}

function checkNumber(
  c: Extract<ItemCondition, { atLeast: unknown } | { below: unknown }>,
  path: CampaignPath,
  on: { field: Asked; thresholds: Readonly<Record<string, number>> },
): CampaignFault[] {
  const [key, limit] = 'atLeast' in c ? (['atLeast', c.atLeast] as const) : (['below', c.below] as const);
  if (!['number', 'money', 'calc'].includes(on.field.type))
    return [{ path: [...path, key], reason: `${c.item} 不是数字，不能比大小` }];
  if (typeof limit === 'number' || Object.hasOwn(on.thresholds, limit)) return [];
  return [{ path: [...path, key], reason: `thresholds 里没有 ${limit}，请补充或核对名称`, missing: limit }];
}
