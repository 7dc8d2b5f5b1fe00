// Owns `outbox`: the messages that were given up, why, and sending them again. Shows no content and no name.
import { operatorStore } from '../../db/storeOperator.ts';
import { dayLength, hour, minute, showInstant } from '../domain/time.ts';
import { whyNotSent } from '../feishu/reasons.ts';
import type { DeadMessage } from '../operatorStore.ts';
import { type Call, Exit, type Result } from './command.ts';

const shownAtMost = 1000;
const zone = 'Asia/Shanghai';

export async function outbox({ engine, flags, clock }: Call): Promise<Result> {
  const store = operatorStore(engine);
  if (typeof flags.resend === 'string') {
    const key = flags.resend === 'all' ? null : flags.resend;
    const n = await store.resend(key, clock.now());
    if (n === 0 && key !== null) throw new Exit(1, `outbox: 没有编号为 ${key} 的未发消息，请核对编号。`);
    return { text: `已重新排队 ${n} 条，机器人会马上发送。`, json: { resent: n } };
  }
  const dead = await store.dead(shownAtMost);
  const rows = dead.map((m) => ({
    key: m.key,
    at: m.buriedAt ?? m.createdAt,
    target: target(m),
    reason: whyNotSent(m.error),
    priority: m.priority,
    telling: m.telling,
    ageMs: Math.max(0, clock.now() - m.createdAt),
  }));
  if (rows.length === 0) return { text: '没有发不出去的消息。', json: { dead: [] } };
  const lines = rows.map((r) =>
    [
      r.key,
      showInstant(r.at, zone),
      r.target,
      priorityWords[r.priority],
      tellingWords[r.telling],
      showAge(r.ageMs),
      r.reason,
    ].join('  '),
  );
  const how = '处理好原因后，用 npx lookback outbox --resend 编号（或 all）重新发送。';
  return { text: [...lines, how].join('\n'), json: { dead: rows } };
}

const priorityWords = { ordered: '补发', deadline: '到期', answer: '答复', nicety: '一般' } as const;
const tellingWords = { card: '卡片', simple: '简单卡片', text: '文字' } as const;

function showAge(ms: number): string {
  if (ms < hour) return `${Math.floor(ms / minute)} 分钟前的`;
  return ms < dayLength ? `${Math.floor(ms / hour)} 小时前的` : `${Math.floor(ms / dayLength)} 天前的`;
}

function target({ kind, to }: DeadMessage): string {
  if (kind === 'patch') return '更新卡片';
  if (to === 'user') return '私聊';
  return to === 'chat' ? '群' : '回复';
}
