import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../usage-error.ts';

/** What is to be said of a file that could not be written; any error that is not the system's is thrown as it is. */
export function unwritable(flag: string, file: string, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null) throw error;
  return new UsageError([`${flag} ${file}: cannot be written (${code}): name a file that can`]);
}

/**
 * Whether a file could be written, asked before the work that is to go into it.
 * @throws UsageError where it could not.
 */
export function mustBeWritable(flag: string, file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
    if (isFolder) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  } catch (error) {
    throw unwritable(flag, file, error);
  }
}
