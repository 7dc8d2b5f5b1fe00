// Owns the servers under test, each the only work of its process: our bot with everything it does, the stock SDK's two
// adapters with a handler that does nothing, and a bare server that shows what the load generator itself can do.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openLocal } from '../db/local.ts';
import { bufferedLines, createLog } from '../src/log.ts';
import { startBot } from '../src/nodeServer.ts';
import { answer, usage } from './child.ts';
import { app, benchClock, webhookPath } from './county.ts';

/** Opens the listener on a free port. */
type Serve = (count: () => void) => Promise<number>;

const servers: Readonly<Record<string, (file: string) => Serve>> = {
  ours: (file) => () => bot(file),
  sdkDefault: () => sdkDefault,
  sdkExpress: () => sdkExpress,
  bare: () => bare,
};
export type ServerName = 'ours' | 'sdkDefault' | 'sdkExpress' | 'bare';

export function runServer(name: string, file: string): void {
  const serve = servers[name]?.(file);
  if (!serve) throw new Error(`no server ${name}`);
  let handled = 0;
  answer({
    listen: () => serve(() => void handled++),
    usage: () => usage(handled),
  });
}

/** As src/node.ts starts it: full synchronous commits, the log at info on stderr. A submitted form sends nothing out. */
async function bot(file: string): Promise<number> {
  const lines = bufferedLines((text) => void process.stderr.write(text), setImmediate);
  const log = createLog({ level: 'info', write: lines.write, clock: benchClock });
  const engine = await openLocal(file, { log });
  const nowhere = 'http://127.0.0.1:9';
  const running = await startBot(
    { engine, clock: benchClock, log, app, baseUrl: nowhere, rehearsal: false },
    '127.0.0.1',
    0,
  );
  return Number(new URL(running.url).port);
}

async function dispatcher(count: () => void) {
  const sdk = await import('@larksuiteoapi/node-sdk'); // 6 MB that must not weigh on the other servers
  const { encryptKey, verificationToken } = app;
  const made = new sdk.EventDispatcher({ encryptKey, verificationToken, loggerLevel: sdk.LoggerLevel.error });
  made.register({
    'card.action.trigger': () => {
      count();
      return {};
    },
  });
  return { sdk, made };
}

const sdkDefault: Serve = async (count) => {
  const { sdk, made } = await dispatcher(count);
  return listen(sdk.adaptDefault(webhookPath, made));
};

/** The body parser goes in front, as the SDK's own documentation has it. */
const sdkExpress: Serve = async (count) => {
  const { sdk, made } = await dispatcher(count);
  const { default: express } = await import('express');
  const site = express();
  site.use(express.json({ limit: '1mb' }));
  site.use(webhookPath, sdk.adaptExpress(made));
  return listen(site);
};

const bare: Serve = (count) =>
  listen((req, res) => {
    req.resume().on('end', () => {
      count();
      res.end('{}');
    });
  });

function listen(listener: RequestListener): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer(listener).once('error', fail);
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
  });
}
