import { constants } from 'node:fs';
import { access, chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A user and group by number; null: we are not root, and run everything as who we are. */
export type RunAs = { readonly uid: number; readonly gid: number } | null;

/** Who a server that refuses to run as root runs as. */
export async function unprivileged(name: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return null;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = users.find(([user]) => user === name) ?? users.find(([user]) => user === 'nobody');
  if (found === undefined) throw new Error(`no user ${name} and no nobody`);
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** A program with the arguments that make it run as somebody else. */
export function as(
  user: RunAs,
  command: string,
  args: readonly string[],
): { command: string; args: readonly string[] } {
  if (user === null) return { command, args };
  const { uid, gid } = user;
  return { command: 'setpriv', args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', command, ...args] };
}

/** A scratch folder that belongs to the user, short enough for a socket's path. */
export async function scratch(name: string, user: RunAs): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `lowtide-${name}-`));
  if (user !== null) await chown(folder, user.uid, user.gid);
  return folder;
}

export async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** A program in one of the folders or on PATH; null: it is not installed. */
export async function findProgram(name: string, folders: readonly string[] = []): Promise<string | null> {
  for (const folder of [...folders, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    const file = join(folder, name);
    if (await runs(file)) return file;
  }
  return null;
}

/** Where Debian keeps each release of PostgreSQL, the newest first. */
export async function postgresFolders(): Promise<readonly string[]> {
  const root = '/usr/lib/postgresql';
  const releases = await readdir(root).catch(() => []);
  return releases.sort((a, b) => Number(b) - Number(a)).map((release) => join(root, release, 'bin'));
}

async function runs(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
