// Entry point of the operator's commands. stdout carries only the result; progress, reasons and logs go to stderr.
// Exit codes: 0 done · 1 refused · 2 wrong usage · 78 configuration. What each command does is in src/cli/.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backup } from './cli/backup.ts';
import { campaign } from './cli/campaign.ts';
import { type Call, type Desk, Exit, type Result, usage } from './cli/command.ts';
import { migrate, openDatabase } from './cli/database.ts';
import { brokenSettings, doctor } from './cli/doctor.ts';
import { importFile } from './cli/importFile.ts';
import { outbox } from './cli/outbox.ts';
import { progressOn } from './cli/progress.ts';
import { restore } from './cli/restore.ts';
import { rotateKey } from './cli/rotateKey.ts';
import { tick } from './cli/tick.ts';
import { configExit, readConfig } from './config.ts';

/** `onDatabase` commands get a database that is there and up to date; the others see to it themselves. */
const onDatabase: Readonly<Record<string, (c: Call) => Promise<Result>>> = {
  migrate,
  campaign,
  import: importFile,
  tick,
  outbox,
  'rotate-key': rotateKey,
};
const alone: Readonly<Record<string, (d: Desk) => Promise<Result>>> = { doctor, backup, restore };

async function main(): Promise<boolean> {
  const name = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
  if (!Object.hasOwn(onDatabase, name) && !Object.hasOwn(alone, name)) {
    throw new Exit(2, `${name === '' ? '' : `没有「${name}」这个命令。\n`}${usage}`);
  }
  const { positionals, values: flags } = parse();
  const words = positionals.slice(1);
  const print = ({ text, json }: Result) => {
    if (flags.json === true) process.stdout.write(`${JSON.stringify(json)}\n`);
    else if (text !== '') process.stdout.write(`${text}\n`);
  };
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'));
  if (config.mode === 'invalid') {
    if (name === 'doctor') print(brokenSettings(config.problems));
    throw new Exit(configExit, config.problems.join('\n'));
  }
  const write = (text: string) => void process.stderr.write(text);
  const desk: Desk = {
    words,
    flags,
    config,
    clock: { now: () => config.rehearsalNow ?? Date.now() },
    realNow: () => Date.now(),
    say: (line) => write(`${line}\n`),
    progress: progressOn({ isTTY: process.stderr.isTTY === true, write }),
  };
  const result = await run(name, desk);
  print(result);
  return result.failed !== true;
}

async function run(name: string, desk: Desk): Promise<Result> {
  const lonely = alone[name];
  if (lonely) return lonely(desk);
  const engine = await openDatabase(desk.config, name === 'migrate');
  try {
    const command = onDatabase[name];
    if (!command) throw new Exit(2, usage);
    return await command({ ...desk, engine });
  } finally {
    await engine.close();
  }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        'dry-run': { type: 'boolean' },
        'deactivate-missing': { type: 'boolean' },
        'confirm-remote': { type: 'boolean' },
        at: { type: 'string' },
        out: { type: 'string' },
        resend: { type: 'string' },
        'from-file': { type: 'string' },
      },
    });
  } catch (error) {
    const option = /'([^' ]+)/.exec(error instanceof Error ? error.message : '')?.[1] ?? '';
    throw new Exit(2, `选项 ${option} 这里没有，或少了后面的内容，请核对。\n${usage}`);
  }
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Exit ? error.message : `出错了：${String(error)}`}\n`);
    process.exit(error instanceof Exit ? error.code : 1);
  },
);
