import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MILLIS = 500;

/**
 * Runs `work` while no other process runs it under the same lock file.
 *
 * SQLite's file lock serves as the lock: the kernel drops it when its holder dies, however that happens, so a
 * build that was killed never blocks the next one, and nobody has to guess whether a lock is stale.
 */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    for (let tries = 0; !tryLock(database); tries += 1) {
      if (tries === 0) onWait();
      await sleep(RETRY_MILLIS);
    }
    return await work();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}
