// Owns one whole copy of an embedded database while it is in use (Node only).
import Database from 'libsql';

/** Writes everything committed in the file `from` into the new file `to`, which must not exist. Blocks while it runs. */
export function copyDatabase(from: string, to: string): void {
  const db = new Database(from);
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
}
