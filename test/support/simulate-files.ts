import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/cli/usage-error.ts';

/** A folder of its own for each test, gone afterwards. */
export interface Folder {
  path(name: string): string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  folder(name: string): Promise<string>;
}

/** Registers mocha's hooks that make and remove the folder. */
export function ownFolder(): Folder {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-simulate-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: async (name, content) => {
      await writeFile(path(name), content);
      return path(name);
    },
    folder: async (name) => {
      await mkdir(path(name));
      return path(name);
    },
  };
}

/** The lines that a UsageError has for a person; fails where there is none. */
export async function linesOfError(attempt: () => unknown): Promise<readonly string[]> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof UsageError) return error.lines;
    throw error;
  }
  throw new Error('no UsageError was thrown');
}
