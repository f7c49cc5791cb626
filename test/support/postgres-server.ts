import { execFile } from 'node:child_process';
import { writeFile, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../hack/controlplane/ports.ts';
import { startProgram } from '../../hack/controlplane/program.ts';
import type { Program } from '../../hack/controlplane/program.ts';
import { eventually } from './eventually.ts';
import { as, discard, findProgram, postgresFolders, scratch, unprivileged } from './server-folder.ts';
import type { RunAs } from './server-folder.ts';

const PASSWORD = 'owner-of-the-test-database';
const run = promisify(execFile);

/** A real PostgreSQL of a test's own: on a free port of loopback, with a data folder that goes when it does. */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  readonly #user: RunAs;
  readonly #postgres: string;
  #program: Program | null = null;

  private constructor(at: { port: number; folder: string; user: RunAs; postgres: string }) {
    this.port = at.port;
    this.#folder = at.folder;
    this.#user = at.user;
    this.#postgres = at.postgres;
  }

  /** Null where PostgreSQL is not installed. */
  static async start(): Promise<PostgresServer | null> {
    const folders = await postgresFolders();
    const [initdb, postgres] = [await findProgram('initdb', folders), await findProgram('postgres', folders)];
    if (initdb === null || postgres === null) return null;
    const user = await unprivileged('postgres');
    const folder = await scratch('pg', user);
    const password = join(folder, 'password');
    await writeFile(password, PASSWORD);
    if (user !== null) await chown(password, user.uid, user.gid);
    const options = ['--auth=scram-sha-256', '--username=owner', `--pwfile=${password}`, '--no-sync', '--locale=C'];
    const init = as(user, initdb, ['-D', join(folder, 'data'), '--encoding=UTF8', ...options]);
    await run(init.command, [...init.args], { cwd: folder });
    const server = new PostgresServer({ port: await freePort(), folder, user, postgres });
    await server.up();
    return server;
  }

  /** The connection string of a user; without one, of the owner. */
  url(user = 'owner', password = PASSWORD): string {
    return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/postgres`;
  }

  /** Runs statements as the owner. */
  async sql(text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(), connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Starts it on the data that it has, on the same port, and waits until it answers. */
  async up(): Promise<void> {
    const data = join(this.#folder, 'data');
    const settings = { listen_addresses: '127.0.0.1', fsync: 'off', unix_socket_directories: this.#folder };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const program = as(this.#user, this.#postgres, ['-D', data, '-p', String(this.port), ...flags]);
    this.#program = startProgram({ name: 'postgres', ...program, logFile: join(this.#folder, 'log') });
    await eventually(() => this.sql('SELECT 1'), { within: 20_000 });
  }

  /** Ends it at once: connections break. */
  async down(): Promise<void> {
    const { pid } = this.#program ?? {};
    // SIGINT is its fast shutdown; a kill would leave its children.
    if (pid !== undefined) process.kill(pid, 'SIGINT');
    await eventually(() => this.#program?.ending() !== null, { within: 20_000 });
    this.#program = null;
  }

  async stop(): Promise<void> {
    if (this.#program !== null) await this.down();
    await discard(this.#folder);
  }
}
