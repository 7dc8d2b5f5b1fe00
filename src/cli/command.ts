// Owns what a command of the operator is: what it is handed, what it gives back, how it refuses. Knows no single command.
import type { Engine } from '../../db/engine.ts';
import type { BotConfig, DemoConfig } from '../config.ts';
import type { Clock } from '../ports.ts';

/** Ends the command: `message` goes to stderr. 1 refused · 2 wrong usage · 78 configuration. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Desk {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly config: BotConfig | DemoConfig;
  /** The rehearsed instant when there is one. */
  readonly clock: Clock;
  /** What the machine's own clock says, epoch ms. */
  readonly realNow: () => number;
  /** One line to stderr. */
  readonly say: (line: string) => void;
  /** A bar on a terminal, one line per 5 % elsewhere; on stderr. */
  readonly progress: (what: string) => (done: number, total: number) => void;
}

/** A command that works on a database that is there and up to date. */
export interface Call extends Desk {
  readonly engine: Engine;
}

/** What a command prints: for people, and with --json. `failed`: it was done, and what it found is not in order. */
export interface Result {
  readonly text: string;
  readonly json: unknown;
  readonly failed?: boolean;
}

export const usage = `用法：lookback <命令>
  migrate [--confirm-remote]                       建库、升级库
  campaign load 文件或编号                          载入活动
  campaign list                                    已载入的活动
  import areas|people|households 文件 [--dry-run] [--deactivate-missing]
  tick [--at 时间]                                 办一次到点的事
  doctor                                           检查配置、开放平台、数据库，逐项说怎么办
  backup --out 文件                                备份（机器人可以照常运行）
  restore 文件                                     把备份恢复到空库
  outbox [--resend 编号|all]                       没有发出去的消息；重新发送
  rotate-key [--from-file 旧密钥文件]               换 DATA_KEY（旧的填在 DATA_KEY_PREVIOUS）
  加 --json 输出机器可读的结果`;
