// Owns where tests keep their databases: in memory where the machine has such a place with room to spare, since every
// commit there waits for no disk. What a disk has taken for good is proved by test/kill and test/db/engineLocal.test.ts.
import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const enough = 2 ** 30; // bytes; a container's own is often 64 MB

function roomy(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= enough;
}

/** A new folder whose name begins so; whoever asked removes it. */
export const newFolder = (name: string): string => mkdtempSync(join(roomy(memory) ? memory : tmpdir(), `${name}-`));
