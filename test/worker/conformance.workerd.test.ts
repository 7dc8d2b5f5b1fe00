// Owns the conformance of engine and store inside workerd, against the libSQL server over HTTP.
import { inject } from 'vitest';
import { openRemote } from '../../db/remote.ts';
import { engineConformance } from '../db/engineConformance.ts';
import { storeConformance } from '../db/storeConformance.ts';
import type {} from '../support/bridge.setup.ts';

const { databases, campaign } = inject('outside');
const open = async (name: string) => openRemote(databases.replace('DATABASE', name), 'database-token');

engineConformance('remote engine inside workerd', open);
storeConformance('store inside workerd', open, campaign);
