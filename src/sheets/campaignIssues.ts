// Owns the sentences for what the campaign schema refuses: one fault per thing to correct, with its path. Knows the
// schema library's issue codes and nothing of files.
import type * as z from 'zod/mini';
import type { CampaignFault, CampaignPath } from '../domain/campaignCheck.ts';

type Issue = z.core.$ZodIssue;

export function issueFaults(issues: readonly Issue[], root: unknown): CampaignFault[] {
  return issues.flatMap((issue) => faultsOf(issue, issue.path.map(step), root));
}

const step = (s: PropertyKey): string | number => (typeof s === 'number' ? s : String(s));

function faultsOf(issue: Issue, path: CampaignPath, root: unknown): CampaignFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], reason: `这里不认识“${key}”，请核对拼写或删去` }));
  }
  if (issue.code === 'invalid_union') return unionFaults(issue, path, root);
  return [{ path, reason: reasonOf(issue, path, root) }];
}

const kinds: Readonly<Record<string, string>> = {
  string: '文字（数字请加引号）',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  array: '列表',
  object: '若干“名称: 内容”',
  record: '若干“名称: 数字”',
};

function reasonOf(issue: Issue, path: CampaignPath, root: unknown): string {
  const name = String(path.at(-1) ?? '内容');
  const value = valueAt(root, path);
  if (value === undefined) return `缺少 ${name}，请补充`;
  if (issue.code === 'invalid_value')
    return `${name} 只能写 ${issue.values.map(String).join('、')}，现在是 ${show(value)}`;
  if (issue.code === 'invalid_type')
    return `${name} 应该是${kinds[issue.expected] ?? '别的内容'}，现在是 ${show(value)}`;
  if (issue.code === 'too_small') return `${name} 不能为空，请补充`;
  if (issue.code === 'invalid_format') return `${name} 的格式不对：${formatOf(name, path)}，现在是 ${show(value)}`;
  return `${name} 的内容不对，请核对`;
}

function formatOf(name: string, path: CampaignPath): string {
  if (path.includes('reminders')) return reminderFormat(name);
  if (name === 'id') return '用小写字母、数字和横线，3 至 40 个字';
  return name === 'at' || name === 'lockAt' ? '时间请写成 2023-07-20T18:00+08:00' : '日期请写成 2023-07-12';
}

function reminderFormat(name: string): string {
  if (name === 'id') return '用小写字母和数字，最多 12 个';
  return name === 'from' || name === 'to' ? '日期请写成 2023-07-12' : "时间请写成 '09:02'";
}

function show(value: unknown): string {
  if (Array.isArray(value)) return '列表';
  if (typeof value === 'object' && value !== null) return '若干“名称: 内容”';
  return `“${String(value)}”`;
}

/** Of a condition's possible forms, the one that was meant: no unknown key, then the fewest complaints. */
function unionFaults(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: CampaignPath,
  root: unknown,
): CampaignFault[] {
  const value = valueAt(root, path);
  if (value === undefined) return [{ path, reason: `缺少 ${String(path.at(-1))}，请补充` }];
  const meant = issue.errors
    .map((branch) => ({
      branch,
      strange: branch.some((b) => b.path.length === 0) || branch.some((b) => isMissing(b, value)),
    }))
    .filter((b) => !b.strange && b.branch.length > 0)
    .sort((a, b) => a.branch.length - b.branch.length)[0];
  if (meant) return meant.branch.flatMap((b) => faultsOf(b, [...path, ...b.path.map(step)], root));
  return [
    {
      path,
      reason:
        '条件的写法不对：请写 item 加 is、isNot、atLeast、below 或 answered 之一，或 fact 加 is，或 all、any、not',
    },
  ];
}

const isMissing = (issue: Issue, value: unknown) =>
  issue.path.length > 0 && valueAt(value, issue.path.map(step)) === undefined;

function valueAt(root: unknown, path: CampaignPath): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
