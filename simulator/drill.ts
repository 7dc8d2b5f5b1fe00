// Owns what the page's 「故障演练」 turns: its plain switches on one side, the platform's faults on the other.
import { type Faults, noFaults, type Outage } from './faults.ts';
import { NotPossible } from './notPossible.ts';
import type { FaultState } from './wire.ts';

const SLOW_MS = 2000; // real: a click's answer is late, and still within the client's patience
const MINUTE = 60_000;
const COPIES = 3;
const PARTS = 3;
const BUSY = 1; // the platform's code for it

const outages: Readonly<Record<string, Outage>> = {
  lostAnswers: 'lost',
  serverErrors: 'error',
  rateLimited: 'limit',
  resets: 'reset',
  revokedToken: 'token',
};

export function drillOf(f: Faults): FaultState {
  const minutes = f.eventDelayMs / MINUTE;
  return {
    slow: f.apiDelayMs > 0,
    lostAnswers: f.outages.has('lost'),
    serverErrors: f.outages.has('error'),
    rateLimited: f.outages.has('limit'),
    resets: f.outages.has('reset'),
    revokedToken: f.outages.has('token'),
    lostClicks: f.lostClicks,
    duplicates: f.eventCopies === 1 ? 'off' : f.copyIds,
    lateMinutes: minutes === 5 || minutes === 60 || minutes === 360 ? minutes : 0,
    submitWithoutValue: f.submitWithoutValue,
    refusedConnections: f.refuseConnections !== null,
    silentGateway: f.silentGateway,
    cutLines: f.cutLines,
    cardFrames: f.cardFrames,
    fragments: f.fragments > 1,
    keepInputs: f.keepInputs,
    oldClients: [...f.oldClients],
    withoutBot: [...f.withoutBot],
  };
}

/** Throws NotPossible for anything that is not a switch of FaultState with a value it can have; then nothing is turned. */
export function applyDrill(f: Faults, asked: unknown): void {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) throw new NotPossible('没有收到演练的设置');
  const turns = Object.entries(asked).map(([name, value]) => turnOf(name, value));
  for (const turn of turns) turn(f);
}

type Turn = (f: Faults) => void;

function turnOf(name: string, value: unknown): Turn {
  const turn = typeof value === 'boolean' ? switched(name, value) : chosen(name, value);
  if (turn === null) throw new NotPossible('没有这个演练项，请刷新网页再试');
  return turn;
}

function switched(name: string, on: boolean): Turn | null {
  const outage = outages[name];
  if (outage !== undefined) return (f) => void (on ? f.outages.add(outage) : f.outages.delete(outage));
  switch (name) {
    case 'reset':
      return (f) => void Object.assign(f, noFaults());
    case 'slow':
      return (f) => void Object.assign(f, { apiDelayMs: on ? SLOW_MS : 0, clickDelayMs: on ? SLOW_MS : 0 });
    case 'refusedConnections':
      return (f) => void Object.assign(f, { refuseConnections: on ? BUSY : null });
    case 'fragments':
      return (f) => void Object.assign(f, { fragments: on ? PARTS : 1 });
    case 'silentGateway':
    case 'cutLines':
    case 'cardFrames':
    case 'lostClicks':
    case 'submitWithoutValue':
    case 'keepInputs':
      return (f) => {
        f[name] = on;
      };
    default:
      return null;
  }
}

function chosen(name: string, value: unknown): Turn | null {
  if (name === 'duplicates' && (value === 'off' || value === 'same' || value === 'new')) {
    const copyIds = value === 'new' ? 'new' : 'same';
    return (f) => void Object.assign(f, { eventCopies: value === 'off' ? 1 : COPIES, copyIds });
  }
  if (name === 'lateMinutes' && typeof value === 'number' && [0, 5, 60, 360].includes(value)) {
    return (f) => {
      f.eventDelayMs = value * MINUTE;
    };
  }
  if ((name === 'oldClients' || name === 'withoutBot') && isTexts(value)) {
    return (f) => {
      f[name] = new Set(value);
    };
  }
  return null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
