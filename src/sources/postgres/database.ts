import { Pool } from 'pg';
import type { PoolClient } from 'pg';
import type { Millis } from '../../carbon/units.ts';
import { credential } from '../credential.ts';
import type { Secret } from '../credential.ts';
import { ProviderFailure } from '../failure.ts';
import type { Statement } from './statement.ts';

/** How the database is reached. */
export interface DatabaseOptions {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`, read anew at each use: a change of it is followed. */
  readonly connection: Secret;
  readonly connectTimeout: Millis;
  readonly statementTimeout: Millis;
}

/** One for reports, one for history. */
const CONNECTIONS = 2;
/** Beyond the statement's own timeout, for a server that does not even say that it is over, ms. */
const GRACE = 2_000;

/** The driver takes other text for a host's name, or asks whatever runs on this machine. */
const URL_START = /^postgres(ql)?:\/\//;
const NO_URL = 'the connection string is not a URL such as postgres://USER:PASSWORD@HOST:5432/DATABASE';

/** A database that is read: connections are made when needed, and broken ones are not used again. */
export class Database {
  readonly #options: DatabaseOptions;
  #pool: Pool | null = null;
  #connectedBy: string | null = null;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /** Rows of a statement, read in a transaction of its own that can write nothing; throws what the driver throws. */
  async rows({ text, values }: Statement, signal: AbortSignal): Promise<readonly unknown[]> {
    if (signal.aborted) throw givenUp();
    const client = await (await this.#current()).connect();
    const abandoned = Promise.withResolvers<never>();
    const abandon = (): void => {
      abandoned.reject(givenUp());
    };
    signal.addEventListener('abort', abandon);
    try {
      const { rows } = await Promise.race([this.#transaction(client, text, [...values]), abandoned.promise]);
      client.release();
      return rows;
    } catch (error) {
      // Whatever state it is in: it is closed, the next statement gets another.
      client.release(true);
      throw error;
    } finally {
      signal.removeEventListener('abort', abandon);
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = null;
    this.#connectedBy = null;
    await pool?.end();
  }

  /** Settings of the transaction alone pass through poolers, which refuse settings of the session. */
  async #transaction(client: PoolClient, text: string, values: unknown[]): Promise<{ readonly rows: unknown[] }> {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.ceil(this.#options.statementTimeout)}`);
    const result = await client.query<Record<string, unknown>>(text, values);
    await client.query('COMMIT');
    return result;
  }

  async #current(): Promise<Pool> {
    const { connection, connectTimeout, statementTimeout } = this.#options;
    const connectionString = await credential(connection, 'connection string');
    if (!URL_START.test(connectionString)) throw new ProviderFailure('refused', NO_URL);
    if (this.#pool !== null && connectionString === this.#connectedBy) return this.#pool;
    const former = this.#pool;
    this.#pool = openPool({
      connectionString,
      max: CONNECTIONS,
      connectionTimeoutMillis: connectTimeout,
      query_timeout: statementTimeout + GRACE,
      allowExitOnIdle: true,
      application_name: 'lowtide',
    });
    this.#connectedBy = connectionString;
    // What it is still reading comes to its end.
    former?.end().catch(() => undefined);
    return this.#pool;
  }
}

function openPool(config: ConstructorParameters<typeof Pool>[0]): Pool {
  const pool = new Pool(config);
  // An idle connection that breaks is out of the pool already; without a listener it would end the process.
  pool.on('error', () => undefined);
  // Nor has one that is in use a listener of the pool's: the statement that it carries fails of itself.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function givenUp(): ProviderFailure {
  return new ProviderFailure('timeout', 'given up by the asker');
}
