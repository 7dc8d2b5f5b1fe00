// Owns what the operator's doctor concludes: facts in, one check each out, with what to do in plain Chinese. Pure: whoever
// gathers the facts asks the platform and the database.
import { hour, minute, showInstant } from '../domain/time.ts';
import {
  type Asked,
  bad,
  type Check,
  type DatabaseFacts,
  type DoctorFacts,
  type Found,
  fine,
  type KeyFacts,
} from './doctorFacts.ts';

const zone = 'Asia/Shanghai';

/** Every check in the order an operator should mend them. */
export function examine(f: DoctorFacts): Check[] {
  const db = typeof f.database === 'string' || f.database.pending > 0 ? null : f.database;
  const rows: [string, string, Found][] = [
    ['config', '配置', fine('各项设置齐全，格式无误')],
    ['location', '数据存放', location(f)],
    ['database', '数据库', database(f)],
    ['disk', '磁盘', disk(f)],
    ['mode', '库的用途', db && mode(f, db)],
    ['integrity', '数据完整', db && integrity(db)],
    ['tallies', '统计数', db && tallies(db)],
    ['dataKey', '密钥', db?.key ? dataKey(db.key) : null],
    ['credentials', '应用凭证', credentials(f)],
    ['clock', '时钟', clock(f)],
    ['bot', '机器人能力', botAbility(f)],
    ['scopes', '权限', scopes(f)],
    ['events', '事件订阅', f.platform && db && events(f, db)],
    ['clicks', '卡片回调', f.platform && db && clicks(f, db)],
    ['running', '运行', f.running === null ? null : running(f.running)],
    ['connection', '长连接', f.connected === null ? null : connection(f.connected)],
    ['tick', '定时', f.platform && db && !f.rehearsal ? tick(f, db) : null],
    ['sender', '发送', f.platform && db && !f.rehearsal ? sender(f, db) : null],
    ['outbox', '待发消息', db && outbox(db)],
    ['calls', '调用次数', f.platform && db && calls(f, db)],
    ['campaign', '活动', db && campaigns(db)],
    ['people', '人员', db && people(db)],
    ['households', '农户', db && households(db)],
  ];
  return rows.flatMap(([id, title, found]) => (found ? [{ id, title, ...found }] : []));
}

// ── this machine ─────────────────────────────────────────────────────────────────────────────────────────────────

function location({ place, database: db }: DoctorFacts): Found {
  if (place.kind === 'file') return fine(`在本机文件 ${place.path}。机器应在本县或政务云内`);
  const say = `在 ${place.host}（远程数据库）。含真实名单的数据不得存放在境外（个人信息保护法第36、40条）`;
  if (typeof db !== 'string' && db.pending === 0 && !db.remoteConfirmed)
    return bad(say, '核对这台主机的位置，确认后运行一次 npx lookback migrate --confirm-remote');
  return fine(`${say}，已确认`);
}

function database({ database: db, place }: DoctorFacts): Found {
  const remote = place.kind === 'remote';
  if (db === 'missing') return bad('还没有这个文件', '核对 DATABASE_URL；第一次使用请先运行 npx lookback migrate');
  if (db === 'unreachable')
    return remote
      ? bad('连不上', '核对 DATABASE_URL、DATABASE_AUTH_TOKEN 和网络')
      : bad('打不开', '核对文件的读写权限；文件损坏的，请停掉机器人，移走它，用 npx lookback restore 恢复最近的备份');
  if (db.pending > 0)
    return bad(
      `有 ${db.pending} 步升级没有做`,
      remote ? '运行 npx lookback migrate' : '重启机器人（会自己升级），或运行 npx lookback migrate',
    );
  return fine('能打开，已是最新');
}

const gigabyte = 1024 ** 3;
function disk({ disk: d }: DoctorFacts): Found {
  if (!d) return null;
  const free = `还剩 ${(d.freeBytes / gigabyte).toFixed(1)} GB`;
  const needed = Math.max(gigabyte / 2, 3 * d.databaseBytes); // a backup, a restore and room to grow
  return d.freeBytes >= needed
    ? fine(free)
    : bad(free, `请清理磁盘，至少留出 ${(needed / gigabyte).toFixed(1)} GB；旧备份先移到别处`);
}

function mode(f: DoctorFacts, db: DatabaseFacts): Found {
  if (f.mode === 'bot' && db.mode === 'demo') return bad('这是演示库', '用 DATABASE_URL 换一个正式库的文件');
  if (f.mode === 'demo' && db.mode === 'bot')
    return bad('这是正式库', '填好 LARK_APP_ID 等设置；演示请去掉 DATABASE_URL');
  return fine(db.mode === 'demo' ? '演示' : '正式');
}

const integrity = (db: DatabaseFacts): Found =>
  db.integrity.length === 0
    ? fine('逐页检查通过')
    : bad('文件里有损坏', '请马上停掉机器人，把现在的文件另存一份，用 npx lookback restore 恢复最近的备份，并检查磁盘');

function tallies({ difference: d }: DatabaseFacts): Found {
  if (!d) return fine('与逐户清点一致');
  const say = `与逐户清点不一致，第一处在${d.village}（${d.villageCode}），差 ${Math.abs(d.off)} 户`;
  return bad(say, '请先运行 npx lookback backup 留一份，再把这一行告诉维护人员；填报可以照常进行');
}

function dataKey(k: KeyFacts): Found {
  if (k.rotating) return bad('换密钥没有做完', '再运行一次 npx lookback rotate-key，会接着做完');
  const foreign = k.stored.filter((id) => id !== k.current && id !== k.previous);
  if (foreign.length > 0) {
    const say = `库里的号码是用密钥 ${foreign.join('、')} 加密的，现在的 DATA_KEY 是 ${k.current}`;
    return bad(say, '把 DATA_KEY 改回原来的那把（查当初保存密钥的地方）');
  }
  if (!k.opens) return bad('库里的号码打不开', '文件可能被改动过，请用 npx lookback restore 恢复最近的备份');
  if (k.stored.some((id) => id !== k.current)) return bad('还有号码用的是旧密钥', '运行 npx lookback rotate-key');
  return fine(k.stored.length === 0 ? '库里还没有加密的号码' : `密钥 ${k.current} 能打开库里的号码`);
}

const running = (answers: boolean): Found =>
  answers
    ? fine('机器人在运行')
    : bad('机器人没有回应', '启动它：sudo systemctl start lookback；起不来时看 journalctl -u lookback -n 50');

const connection = (open: boolean): Found =>
  open
    ? fine('连着')
    : bad(
        '没有连上，正在重试',
        '凭证不对的先改凭证；核对防火墙是否放行本机到开放平台的 443 端口（https 和 wss）；同一应用最多 50 条连接。平台给的代码在日志里：journalctl -u lookback -n 50，看 no long connection',
      );

function tick(f: DoctorFacts, { lastTickAt: at }: DatabaseFacts): Found {
  const fix = '重启机器人：sudo systemctl restart lookback';
  if (at === null) return bad('还没有走过', fix);
  const age = f.now - at;
  return age < 3 * minute ? fine('每分钟在走') : bad(`最近一次在 ${showInstant(at, zone)}`, fix);
}

// ── the open platform ────────────────────────────────────────────────────────────────────────────────────────────

const publish = '然后到“版本管理与发布”创建版本并发布，等管理员审核通过';
const noScope: readonly number[] = [99991672, 99991679, 230027];

function credentials({ platform: p, baseUrl }: DoctorFacts): Found {
  if (!p) return null;
  if (p.token.ok) return fine('平台认可');
  if (p.token.code === 0) return bad(`连不上 ${baseUrl}`, '核对 LARK_BASE_URL、本机的网络和代理、防火墙');
  const say = `平台没有认可（代码 ${p.token.code}）`;
  if (p.token.code === 99991401) return bad(say, '开放平台 → 应用 → 安全设置 → IP 白名单，加入本机的出口地址');
  return bad(
    say,
    '开放平台 → 应用 → 凭证与基础信息，重新复制 App ID 和 App Secret，填到 LARK_APP_ID、LARK_APP_SECRET；应用被停用的，请管理员启用',
  );
}

function clock({ platform: p, rehearsal }: DoctorFacts): Found {
  if (!p || p.skewMs === null) return null;
  const note = rehearsal ? '；机器人用的是演练时钟（REHEARSAL_NOW）' : '';
  const seconds = Math.round(Math.abs(p.skewMs) / 1000);
  if (seconds <= 60) return fine(`与平台相差 ${seconds} 秒${note}`);
  const side = p.skewMs > 0 ? '慢' : '快';
  return bad(
    `本机比平台${side} ${seconds} 秒${note}`,
    '打开自动对时：sudo timedatectl set-ntp true，再运行一次 doctor',
  );
}

function botAbility({ platform: p }: DoctorFacts): Found {
  if (!p?.bot) return null;
  if (p.bot.ok) return fine('已开启');
  return bad(`平台说没有（代码 ${p.bot.code}）`, `开放平台 → 应用 → 添加应用能力 → 机器人，点“添加”；${publish}`);
}

function scopes({ platform: p }: DoctorFacts): Found {
  if (!p?.chats || !p.messages) return null;
  const missing = [
    ...(noScope.includes(p.chats.code) ? named(p.chats, 'im:chat:readonly') : []),
    ...(noScope.includes(p.messages.code) ? named(p.messages, 'im:message') : []),
  ];
  if (missing.length === 0) {
    const unsure = 'im:message.group_at_msg:readonly 和 im:message.p2p_msg:readonly 问不到，看“事件订阅”一项';
    return fine(`收发消息、读群信息的权限都有；${unsure}`);
  }
  const list = [...new Set(missing)].join('、');
  return bad(`还缺 ${list}`, `开放平台 → 应用 → 权限管理，搜索并开通 ${list}；${publish}`);
}
const named = (asked: Asked, usual: string): readonly string[] => (asked.scopes.length > 0 ? asked.scopes : [usual]);

const quiet = 72 * hour;
function arrived(f: DoctorFacts, at: number, what: string): Found {
  const old = f.now - at > quiet && !f.rehearsal ? '，已超过三天：活动期间请核对' : '';
  return fine(`最近一次${what}在 ${showInstant(at, zone)}${old}`);
}
const address = (f: DoctorFacts): string =>
  f.transport === 'websocket'
    ? '订阅方式选“使用长连接接收”'
    : '请求地址填 https://您的域名/webhook/event，保存时平台会来验证';

function events(f: DoctorFacts, db: DatabaseFacts): Found {
  if (db.lastEventAt !== null) return arrived(f, db.lastEventAt, '收到事件');
  return bad(
    '从没有收到过事件',
    `开放平台 → 应用 → 事件与回调 → 事件配置：${address(f)}；添加事件 im.message.receive_v1、im.chat.member.bot.added_v1、im.chat.member.bot.deleted_v1、im.chat.disbanded_v1，并开通 im:message.group_at_msg:readonly、im:message.p2p_msg:readonly；${publish}。再给机器人发一句“帮助”试试`,
  );
}

function clicks(f: DoctorFacts, db: DatabaseFacts): Found {
  if (db.lastClickAt !== null) return arrived(f, db.lastClickAt, '有人点卡片');
  return bad(
    '从没有收到过卡片点击',
    `开放平台 → 应用 → 事件与回调 → 回调配置（和事件配置是两页）：${address(f)}；添加回调 card.action.trigger（只要新版）；${publish}。再点一下机器人发的卡片试试`,
  );
}

// ── what is stored ───────────────────────────────────────────────────────────────────────────────────────────────

function outbox(db: DatabaseFacts): Found {
  const say = `待发 ${db.outboxDue} 条，待办事件 ${db.inboxWaiting} 件，发不出去 ${db.outboxDead} 条`;
  if (db.outboxDead === 0) return fine(say);
  return bad(say, '运行 npx lookback outbox 看原因，处理后用 npx lookback outbox --resend all 重新发送');
}

/** Longer than a message that failed is ever put off. */
const stuckAfter = 10 * minute;
function sender(f: DoctorFacts, { askedDueAt: since }: DatabaseFacts): Found {
  if (since === null || f.spending === 'spent' || f.now - since < stuckAfter) return fine('到点的消息都在发');
  const say = `有消息从 ${showInstant(since, zone)} 起一直没有发`;
  return bad(say, '重启机器人：sudo systemctl restart lookback；还不动的，看 journalctl -u lookback -n 50');
}

const lessSaid = {
  tight: '已过八成，不急的提醒先不发',
  scarce: '已过九成五，只发到期提醒',
  spent: '已用完，什么都不主动发',
} as const;
function calls({ monthlyCalls, spending }: DoctorFacts, { calls: used }: DatabaseFacts): Found {
  const say = `本月已用 ${used} 次，共 ${monthlyCalls} 次`;
  if (spending === 'free') return fine(say);
  return bad(`${say}：${lessSaid[spending]}`, '在开放平台升级套餐，把 LARK_MONTHLY_CALLS 改成新的次数，重启机器人');
}

const campaigns = (db: DatabaseFacts): Found =>
  db.campaigns.length > 0
    ? fine(db.campaigns.join('、'))
    : bad('还没有载入', '运行 npx lookback campaign load 活动文件；监测线和八类人员要先由县里确认');

function people({ people: n, phoneOnly }: DatabaseFacts): Found {
  if (n === 0) return bad('名单是空的', '运行 npx lookback import people 人员.xlsx');
  if (phoneOnly === 0) return fine(`${n} 人`);
  return bad(
    `${n} 人，其中 ${phoneOnly} 人还没有认出来（只有手机号）`,
    `刚导入的请等几分钟。还没有认出来的：开放平台 → 应用 → 权限管理，开通 contact:user.id:readonly，把他们加进应用的可用范围和通讯录权限范围；${publish}。再核对手机号是不是他们登录用的；也可以在人员表里补上 open_id，再导入一次。没有认出来的每天再问一次平台，缺权限的六小时后再问`,
  );
}

const households = ({ households: n }: DatabaseFacts): Found =>
  n > 0
    ? fine(`${n} 户`)
    : bad('名单是空的', '运行 npx lookback import households 农户.xlsx --dry-run 先预演，再去掉 --dry-run 导入');
