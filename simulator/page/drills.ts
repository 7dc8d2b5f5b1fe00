// Owns what 「故障演练」 offers: every switch in plain words, what it changes, and how the bot should take it. Pure data and
// two questions about it; the panel draws it, the server turns it.
import type { FaultRequest, FaultState } from '../wire.ts';

/** Whose screen and which group the switches that need one are about. */
export interface Here {
  readonly me: string; // open_id
  readonly group: string; // chat_id of the open group with the bot in it, '' when there is none
  readonly longConnection: boolean;
}

export interface Choice {
  readonly text: string;
  readonly on: boolean;
  readonly turn: FaultRequest;
}

export interface Drill {
  readonly id: keyof FaultState;
  readonly title: string;
  readonly what: string;
  readonly expect: string;
  readonly choices: readonly Choice[]; // the first one is off
  readonly blocked: string; // why it cannot be turned on here, '' = it can
}

export interface DrillGroup {
  readonly title: string;
  readonly drills: readonly Drill[];
}

type Simple = { [K in keyof FaultState]: FaultState[K] extends boolean ? K : never }[keyof FaultState];
type Words = Pick<Drill, 'title' | 'what' | 'expect'>;

const words: Readonly<Record<keyof FaultState, Words>> = {
  slow: {
    title: '平台反应慢',
    what: '每次点击和发送都多等 2 秒。',
    expect: '按钮转圈后照常办成，不会登记两次。',
  },
  lostAnswers: {
    title: '消息发出了，回音丢了',
    what: '每两次丢一次：群里已有消息，机器人却没收到回音。',
    expect: '机器人自动再试，群里仍只有一条。',
  },
  serverErrors: {
    title: '平台内部出错（5xx）',
    what: '每两次发送有一次不成功。',
    expect: '过一会儿自动再发，不丢也不重。',
  },
  rateLimited: {
    title: '平台说发得太快（429）',
    what: '每两次发送有一次被要求等一等。',
    expect: '等够时间再发，先后不乱。',
  },
  resets: {
    title: '连接突然断开',
    what: '每两次发送有一次中途断线，没有发出。',
    expect: '自动再发一次，不用人管。',
  },
  revokedToken: {
    title: '机器人的凭证失效',
    what: '每两次发送有一次发现凭证已作废。',
    expect: '自动换新凭证接着发，群里看不出来。',
  },
  withoutBot: {
    title: '机器人被移出当前群，又没接到通知',
    what: '它发不进这个群，群里 @ 它也听不到。',
    expect: '别的群照常；恢复后在群里 @ 它就能接着用。',
  },
  lostClicks: {
    title: '点了按钮，结果没传回来',
    what: '每两次点击丢一次结果：机器人已收到，屏幕上显示“出错了”。',
    expect: '再点一次，卡片换成最新的，不会登记两次。',
  },
  duplicates: {
    title: '同一条消息送来三次',
    what: '机器人会收到三份，编号相同或各不相同。',
    expect: '只答复一次。',
  },
  lateMinutes: {
    title: '消息晚到',
    what: '机器人过一阵（虚拟时间）才收到。可用“+1 小时”快进。',
    expect: '到了照常答复，只答一次。',
  },
  submitWithoutValue: {
    title: '提交时少了按钮附带的内容',
    what: '只有填的答案和按钮名称送到。',
    expect: '照样存到这一户。',
  },
  refusedConnections: {
    title: '连不上平台',
    what: '正连着的断开，新的连接不让连。',
    expect: '关掉后几秒内自己连上，漏掉的消息稍后补来，只答一次。',
  },
  silentGateway: {
    title: '连接还在，却没有动静',
    what: '平台不再从这条连接送消息，问它也不答应。',
    expect: '两分钟内机器人发现并重新连接，一直试到恢复。',
  },
  cutLines: {
    title: '送来消息时连接断开',
    what: '每两次断一次：机器人收到了，答复传不回来。',
    expect: '自动重新连接；消息只答一次，卡片随后换成最新的。',
  },
  cardFrames: {
    title: '点击按旧的格式送来',
    what: '这种点击会被官方工具包丢掉。',
    expect: '照常办成。',
  },
  fragments: {
    title: '一条消息分三段送来',
    what: '每一段都不完整，汉字也可能从中间断开。',
    expect: '拼好再办，一个字不差。',
  },
  keepInputs: {
    title: '换了一户，手机还留着上一户填的',
    what: '卡片更新后，同名的空格里保留刚才填的内容。',
    expect: '下一户的题目是空的，不带上一户的答案。',
  },
  oldClients: {
    title: '当前身份用的是旧版客户端',
    what: '卡片只显示标题，正文换成“请升级客户端”。',
    expect: '标题和会话列表写明要紧的话，也能发文字办事。',
  },
};

const overLine = ['refusedConnections', 'silentGateway', 'cutLines', 'cardFrames', 'fragments'] as const;
const noLine = '要先停掉演示，用 LARK_TRANSPORT=websocket npm start 启动';

/** Everything that can be rehearsed, as it stands now. */
export function drillsOf(faults: FaultState, here: Here): readonly DrillGroup[] {
  const simple = (id: Simple): Drill => ({
    id,
    ...words[id],
    blocked: '',
    choices: onOff(faults[id], (on) => ({ [id]: on })),
  });
  return [
    {
      title: '机器人发消息时',
      drills: [
        ...(['slow', 'lostAnswers', 'serverErrors', 'rateLimited', 'resets', 'revokedToken'] as const).map(simple),
        withoutBot(faults, here.group),
      ],
    },
    {
      title: '消息和点击送到机器人时',
      drills: [simple('lostClicks'), duplicates(faults), late(faults), simple('submitWithoutValue')],
    },
    {
      title: '用长连接收消息时',
      drills: overLine.map((id) => ({ ...simple(id), blocked: here.longConnection ? '' : noLine })),
    },
    { title: '各人的手机和电脑', drills: [simple('keepInputs'), oldClient(faults, here.me)] },
  ];
}

/** Titles of what is on now, for whomever it is. */
export function rehearsed(faults: FaultState): readonly string[] {
  const on = (value: FaultState[keyof FaultState]): boolean =>
    typeof value === 'object' ? value.length > 0 : value !== false && value !== 'off' && value !== 0;
  return (Object.keys(words) as (keyof FaultState)[]).filter((id) => on(faults[id])).map((id) => words[id].title);
}

function onOff(on: boolean, turn: (on: boolean) => FaultRequest): readonly Choice[] {
  return [
    { text: '关', on: !on, turn: turn(false) },
    { text: '开', on, turn: turn(true) },
  ];
}

function withoutBot(faults: FaultState, group: string): Drill {
  const on = faults.withoutBot.includes(group);
  // Wherever it was turned on, it can be turned off.
  const turn = (wanted: boolean): FaultRequest => ({ withoutBot: wanted ? [...faults.withoutBot, group] : [] });
  const blocked = group === '' && faults.withoutBot.length === 0 ? '先打开一个有机器人的群' : '';
  const shown = group === '' ? faults.withoutBot.length > 0 : on;
  return { id: 'withoutBot', ...words.withoutBot, blocked, choices: onOff(shown, turn) };
}

function oldClient(faults: FaultState, me: string): Drill {
  const others = faults.oldClients.filter((one) => one !== me);
  const turn = (wanted: boolean): FaultRequest => ({ oldClients: wanted ? [...others, me] : others });
  return {
    id: 'oldClients',
    ...words.oldClients,
    blocked: '',
    choices: onOff(others.length < faults.oldClients.length, turn),
  };
}

function duplicates({ duplicates: now }: FaultState): Drill {
  const texts = { off: '关', same: '编号相同', new: '编号不同' } as const;
  const choices = (['off', 'same', 'new'] as const).map((kind) => ({
    text: texts[kind],
    on: now === kind,
    turn: { duplicates: kind },
  }));
  return { id: 'duplicates', ...words.duplicates, blocked: '', choices };
}

function late({ lateMinutes: now }: FaultState): Drill {
  const texts = { 0: '关', 5: '5 分钟', 60: '1 小时', 360: '6 小时' } as const;
  const choices = ([0, 5, 60, 360] as const).map((minutes) => ({
    text: texts[minutes],
    on: now === minutes,
    turn: { lateMinutes: minutes },
  }));
  return { id: 'lateMinutes', ...words.lateMinutes, blocked: '', choices };
}
