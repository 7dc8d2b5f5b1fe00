// Owns where tests keep their databases: in memory where the machine has such a place with room to spare, since every
// commit there waits for no disk. What a disk has taken for good is proved by test/kill and test/db/engineLocal.test.ts.
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const enough = 2 ** 30; // bytes; a container's own is often 64 MB

function roomy(path: string): boolean {
  if (!existsSync(path)) return false;
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize >= enough;
}

const made: string[] = [];
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
process.once('SIGTERM', () => process.exit(143)); // so Vitest ends its processes, and memory is not to fill up

/** A new folder whose name begins so. Gone when this process is; whoever asked may remove it before. */
export function newFolder(name: string): string {
  const folder = mkdtempSync(join(roomy(memory) ? memory : tmpdir(), `${name}-`));
  made.push(folder);
  return folder;
}
