// Owns running the conformance suite on Node: an embedded file, and HTTP.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { openRemote } from '../../db/remote.ts';
import { type Bridge, startBridge } from '../support/bridge.ts';
import { newFolder } from '../support/folder.ts';
import { engineConformance } from './engineConformance.ts';

const folder = newFolder('engine');
let bridge: Bridge;
beforeAll(async () => {
  bridge = await startBridge({ token: 'secret' });
});
afterAll(async () => {
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});

engineConformance('an embedded file', (database) => openLocal(join(folder, `${database}.db`)));
engineConformance('a server over HTTP', async (database) => openRemote(bridge.url(database), 'secret'));
