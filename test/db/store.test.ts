// Owns the store's conformance on the local file and, from Node, on a libSQL server; inside workerd it runs in test/worker.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openLocal } from '../../db/local.ts';
import { openRemote } from '../../db/remote.ts';
import { asSample } from '../../src/domain/campaign.ts';
import { type Bridge, startBridge } from '../support/bridge.ts';
import { newFolder } from '../support/folder.ts';
import { xinfeng } from '../support/xinfeng.ts';
import { storeConformance } from './storeConformance.ts';

const folder = newFolder('store');
let bridge: Bridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(async () => {
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});

const campaign = asSample(xinfeng());
storeConformance('store on the local file', (name) => openLocal(join(folder, `${name}.db`)), campaign);
storeConformance('store on a libSQL server, from Node', async (name) => openRemote(bridge.url(name), ''), campaign);
