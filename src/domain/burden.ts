// Owns the words a campaign may not contain because they would burden the grass roots: a table, each row with the clause
// it follows. Pure; says which text breaks which row, not where the text stands in a file.

interface BurdenRule {
  readonly clause: string;
  readonly pattern: RegExp;
  readonly reason: string;
}

const app = '《政务移动互联网应用程序规范化管理办法》';
const fingertip = '《关于防治“指尖上的形式主义”的若干意见》';

export const burdenRules: readonly BurdenRule[] = [
  { clause: 'H-01', pattern: /打卡|签到/, reason: `不要求打卡签到（${app}）` },
  { clause: 'H-02', pattern: /积分|排名|红黑榜|红榜|黑榜/, reason: `不搞积分排名（${app}）` },
  { clause: 'H-03', pattern: /在线时长|阅读率|已读率|点赞/, reason: `不统计在线时长、阅读和点赞（${app}）` },
  { clause: 'H-06', pattern: /收到请回复|请回复收到|接龙/, reason: `不要求“收到”和接龙（${fingertip}）` },
  { clause: 'H-09', pattern: /@所有人/, reason: '不@所有人催办（基层减负要求）' },
  {
    clause: 'H-10',
    pattern:
      /(必须|务必|一律|强制|应当|须|需要|要求)[^，。；、,;]{0,8}(拍照|照片|视频|录像|截图|定位|合影|自拍)|(拍照|照片|视频|截图|定位)[^，。；、,;]{0,6}(必传|必填|必须|为准)/,
    reason: `不强制拍照、截图或定位，最多写“可附照片”（${app}）`,
  },
  { clause: 'H-11', pattern: /轨迹|步数|里程|GPS/i, reason: '不记轨迹、步数和里程（基层减负要求）' },
];

/** Sentences about what `text` should not ask for; empty when it is fine. */
export function burdens(text: string): string[] {
  return burdenRules.flatMap((rule) => {
    const hit = rule.pattern.exec(text);
    return hit ? [`请去掉“${hit[0]}”：${rule.reason}，减负条款 ${rule.clause}`] : [];
  });
}
