// Owns what an operator reads when a message could not be sent: the stored reason in plain Chinese with what to do.
import { retryClassOf } from './errors.ts';

const byCode: Readonly<Record<number, string>> = {
  230002: '机器人不在这个群里：请群主把机器人加回来',
  230006: '应用没有开启机器人：请在开放平台“添加应用能力”里开启机器人，再发布版本',
  230013: '这个人不在应用的可用范围里：请在开放平台“版本管理与发布”里扩大可用范围',
  230018: '群设置不让机器人发言：请群主在群设置里放开',
  230022: '内容被平台判为敏感，没有发出',
  230025: '内容太长，平台没有收',
  230029: '这个人已离职',
  230053: '这个人已停止接收机器人的消息：请本人打开私聊重新允许',
  232009: '群已经解散',
  99991403: '本月的调用次数用完了：请在开放平台查看用量或升级套餐',
  99991672: '缺少权限：请运行 npx lookback doctor 看缺哪一项',
};

const byClass = {
  token: '平台没有接受访问凭证：请核对 LARK_APP_ID 和 LARK_APP_SECRET',
  later: '平台一直忙或网络不通，一天内没有发成：请核对网络后重新发送',
  gone: '原来的消息或群已经不在了：不用再发',
  unreachable: '联系不到这个人或这个群：请核对人员是否在职、机器人是否在群里',
  invalid: '平台没有接受这条内容：请把编号告诉维护人员',
  config: '开放平台的设置要调整：请运行 npx lookback doctor 按提示处理',
} as const;

/** What we stored ourselves. */
const own: Readonly<Record<string, string>> = {
  budget: '本月的调用次数快用完了，没有发：要发的请重新发送；可以升级套餐，再调大 LARK_MONTHLY_CALLS',
  unsure: '当时没有等到平台的回音，又查不到是否已送到，没有再发：请问一下对方，没收到的再重新发送',
};

/** `stored`: what the outbox keeps, beginning with the platform's code. */
export function whyNotSent(stored: string): string {
  const ours = own[stored];
  if (ours !== undefined) return ours;
  if (stored.startsWith('bug ')) return '程序没能生成这条内容：请把编号告诉维护人员';
  const skipped = stored.startsWith('skipped ');
  const digits = /^(?:skipped )?(\d+)(?: |$)/.exec(stored)?.[1];
  const code = Number(digits ?? 0);
  const known = byCode[code];
  const kind = retryClassOf(code);
  const told = known ?? (kind ? byClass[kind] : byClass.later);
  if (code === 0) return told;
  return `${told}（平台代码 ${code}${skipped ? '，三天内不再重试' : ''}）`;
}
