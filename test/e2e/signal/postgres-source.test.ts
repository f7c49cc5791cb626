import assert from 'node:assert/strict';
import type { ZoneReport } from '../../../src/carbon/report.ts';
import { instant, millis, zone } from '../../../src/carbon/units.ts';
import type { FailureReason } from '../../../src/sources/failure.ts';
import { postgres } from '../../../src/sources/postgres/client.ts';
import type { PostgresOptions } from '../../../src/sources/postgres/client.ts';
import type { Provider } from '../../../src/sources/provider.ts';
import { Asked, failed } from '../../support/asked.ts';
import { eventually } from '../../support/eventually.ts';
import { PostgresServer } from '../../support/postgres-server.ts';
import { serverOrSkip } from '../../support/source-server.ts';

const HOUR = 3_600_000;
const PASSWORD = 'p@ss/word-that-nobody-may-see';
const SETUP = `
  CREATE TABLE co2e_emissions (
    region text, timestamp timestamptz, gco2_per_kwh numeric, PRIMARY KEY (region, timestamp));
  CREATE SCHEMA "Grid";
  CREATE TABLE "Grid"."Live ""values""" (
    "Zone" text, "At" timestamp, "g" double precision, "Kind" text, est boolean, ren real, fc boolean);
  CREATE VIEW slow AS SELECT region, timestamp, gco2_per_kwh FROM co2e_emissions, pg_sleep(30);
  CREATE TABLE hidden (LIKE co2e_emissions);
  CREATE TABLE words (region text, timestamp timestamptz, gco2_per_kwh text);
  INSERT INTO words VALUES ('DE', '2026-03-02T12:00Z', 'clean');
  CREATE USER reader PASSWORD '${PASSWORD}';
  GRANT SELECT ON co2e_emissions, slow, words TO reader;
`;

describe('a table of a real PostgreSQL as a source', () => {
  let server: PostgresServer;
  const opened: Provider[] = [];
  before(async function () {
    server = serverOrSkip(this, await PostgresServer.start(), 'PostgreSQL');
    await server.sql(SETUP);
  });
  afterEach(async () => {
    for (const provider of opened.splice(0)) await provider.close?.();
    await server.sql('TRUNCATE co2e_emissions');
  });
  after(async () => {
    // Not there where the suite was skipped.
    await (server as PostgresServer | undefined)?.stop();
  });

  const now = instant(Date.parse('2026-03-02T12:30:00Z'));
  function source(options: Partial<PostgresOptions> = {}): Provider {
    const connection = (): Promise<string> => Promise.resolve(server.url('reader', PASSWORD));
    const provider = postgres({ id: 'pg', now: () => now, connection, ...options });
    opened.push(provider);
    return provider;
  }
  const asking = () => ({ now, signal: new AbortController().signal });
  const reportOf = async (provider: Provider): Promise<ZoneReport> =>
    (await Asked.of(provider, now, 'DE')).report('DE');
  async function insert(region: string, hour: number, grams: number | string | null): Promise<void> {
    const at = new Date(Date.parse('2026-03-02T00:00:00Z') + hour * HOUR).toISOString();
    await server.sql('INSERT INTO co2e_emissions VALUES ($1, $2, $3)', [region, at, grams]);
  }
  async function failing(provider: Provider, reason: FailureReason): Promise<string> {
    const message = await failed(Asked.of(provider, now, 'DE'), reason);
    assert.ok(!message.includes('word-that'), message);
    return message;
  }
  const hours = (steps: ZoneReport['forecast']) =>
    steps.map(({ start, end, value }) => [hour(start), hour(end), value]);
  const hour = (at: number): number => (at - Date.parse('2026-03-02T00:00:00Z')) / HOUR;

  it('reads what was observed and what is foretold of every zone in one statement', async () => {
    for (const [at, grams] of [
      [11, 310],
      [12, 300.5],
      [13, 250],
      [14, 200],
    ] as const)
      await insert('DE', at, grams);
    await insert('FR', 12, 50);
    const answers = await Asked.of(source(), now, 'DE', 'FR', 'PL');

    assert.deepEqual(hours(answers.report('DE').observed), [
      [11, 12, 310],
      [12, 13, 300.5],
    ]);
    assert.deepEqual(hours(answers.report('DE').forecast), [
      [13, 14, 250],
      [14, 15, 200],
    ]);
    assert.equal(answers.report('DE').forecastBy, 'provider');
    assert.deepEqual(hours(answers.report('FR').observed), [[12, 13, 50]]);
    assert.equal(answers.report('FR').forecastBy, null);
    answers.failure('PL', 'no-data');
  });

  it('reads a table of other names, in UTC without saying so, of one kind', async () => {
    const table = '"Grid"."Live ""values"""';
    await server.sql(`INSERT INTO ${table} VALUES
      ('DE', '2026-03-02 11:00', 700, 'Marginal', false, 40, false), ('DE', '2026-03-02 12:00', 710, 'marginal', true, 41.5, false),
      ('DE', '2026-03-02 12:00', 300, 'average', false, 42, false), ('DE', '2026-03-02 12:00', 690, 'marginal', false, null, true)`);
    const columns = {
      region: 'Zone',
      timestamp: 'At',
      value: 'g',
      kind: 'Kind',
      isEstimated: 'est',
      renewablePct: 'ren',
    };
    const connection = (): Promise<string> => Promise.resolve(`${server.url()}?options=-c%20TimeZone%3DAsia/Tokyo`);
    const options = {
      table: 'Grid.Live "values"',
      columns: { ...columns, isForecast: 'fc' },
      kind: 'marginal' as const,
    };
    const report = await reportOf(source({ ...options, connection }));

    assert.deepEqual(hours(report.observed), [
      [11, 12, 700],
      [12, 13, 710],
    ]);
    assert.deepEqual(
      report.observed.map(({ quality }) => quality),
      ['measured', 'estimated'],
    );
    assert.deepEqual(hours(report.forecast), [[12, 13, 690]]);
    assert.equal(report.renewablePct, 41.5);
    assert.equal(report.kind, 'marginal');
  });

  const WRONG = { NaN: 'NaN', 'a negative value': -1, 'an absurd value': 2001 };
  for (const [what, value] of Object.entries(WRONG)) {
    it(`refuses ${what} of one zone, and no other`, async () => {
      await insert('DE', 12, value);
      await insert('FR', 12, 50);
      const answers = await Asked.of(source(), now, 'DE', 'FR');

      answers.failure('DE', 'implausible');
      answers.report('FR');
    });
  }

  it('finds a zone under the names of its regions, which must agree', async () => {
    await insert('eu-central-1', 11, 310);
    await insert('europe-west3', 11, 310);
    await insert('DE', 12, 300);
    const provider = source({ alsoCalled: () => ['eu-central-1', 'europe-west3'] });

    assert.deepEqual(hours((await reportOf(provider)).observed), [
      [11, 12, 310],
      [12, 13, 300],
    ]);
    await insert('europe-west3', 12, 301);
    assert.match((await Asked.of(provider, now, 'DE')).failure('DE', 'malformed'), /disagree/);
  });

  it('leaves out rows without a value', async () => {
    await insert('DE', 11, 310);
    await insert('DE', 12, null);

    assert.deepEqual(hours((await reportOf(source())).observed), [[11, 12, 310]]);
  });

  it('gives the past of a span, and nothing of the future', async () => {
    for (let at = 8; at < 16; at += 1) await insert('DE', at, at);
    const span = { from: instant(now - 3 * HOUR), to: instant(now + 3 * HOUR) };
    const history = await source().history?.({ zone: zone('DE'), name: 'DE' }, span, asking());

    assert.deepEqual(hours(history ?? []), [
      [10, 11, 10],
      [11, 12, 11],
      [12, 13, 12],
    ]);
  });

  it('says that the password is wrong', async () => {
    const connection = (): Promise<string> => Promise.resolve(server.url('reader', `${PASSWORD}!`));
    assert.match(await failing(source({ connection }), 'unauthorized'), /28P01/);
  });

  it('says that there is no such user', async () => {
    const connection = (): Promise<string> => Promise.resolve(server.url('stranger', PASSWORD));
    await failing(source({ connection }), 'unauthorized');
  });

  it('says that there is no such database', async () => {
    const connection = (): Promise<string> => Promise.resolve(`${server.url('reader', PASSWORD)}s`);
    assert.match(await failing(source({ connection }), 'refused'), /database .* does not exist \(3D000\)/);
  });

  it('names the table that is not there', async () => {
    assert.match(
      await failing(source({ table: 'emissions' }), 'refused'),
      /"emissions" does not exist.*table emissions/,
    );
  });

  it('names the column that is not there', async () => {
    assert.match(await failing(source({ columns: { value: 'grams' } }), 'refused'), /"grams" does not exist/);
  });

  it('keeps a name a name, whatever it holds', async () => {
    await insert('DE', 12, 300);
    const columns = { value: `gco2_per_kwh" FROM co2e_emissions; DROP TABLE words; --` };
    await failing(source({ columns }), 'refused');

    assert.equal((await server.sql('SELECT 1 FROM words')).length, 1);
  });

  it('says that values are no numbers', async () => {
    assert.match(await failing(source({ table: 'words' }), 'refused'), /double precision/);
  });

  it('says that the table may not be read, and reads it once it may', async () => {
    const provider = source({ table: 'hidden' });
    assert.match(await failing(provider, 'forbidden'), /SELECT/);

    await server.sql(`GRANT SELECT ON hidden TO reader; INSERT INTO hidden VALUES ('DE', '2026-03-02T12:00Z', 300)`);

    assert.deepEqual(hours((await reportOf(provider)).observed), [[12, 13, 300]]);
  });

  it('gives a statement up that takes too long, and the connection can be used again', async () => {
    await insert('DE', 12, 300);
    const began = performance.now();
    await failing(source({ table: 'slow', statementTimeout: millis(200) }), 'timeout');

    assert.ok(performance.now() - began < 2_000);
    const running = await server.sql(
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' AND pid <> pg_backend_pid()`,
    );
    assert.deepEqual(running, []);
  });

  it('gives up when it is told to', async () => {
    await insert('DE', 12, 300);
    const giveUp = new AbortController();
    const began = performance.now();
    const pending = source({ table: 'slow' }).report([{ zone: zone('DE'), name: 'DE' }], {
      now,
      signal: giveUp.signal,
    });
    setTimeout(() => {
      giveUp.abort();
    }, 100);

    await assert.rejects(pending, { reason: 'timeout' });
    assert.ok(performance.now() - began < 2_000);
  });

  it('writes nothing', async () => {
    await server.sql(
      `CREATE FUNCTION spoil() RETURNS text LANGUAGE sql AS 'INSERT INTO words VALUES (NULL) RETURNING region'`,
    );
    await server.sql(
      `CREATE VIEW spoiling AS SELECT spoil() AS region, timestamptz '2026-03-02T12:00Z' AS timestamp, 1 AS gco2_per_kwh`,
    );
    const connection = (): Promise<string> => Promise.resolve(server.url());

    assert.match(await failing(source({ table: 'spoiling', connection }), 'refused'), /read-only/);
  });

  it('goes on after the server was restarted, and says meanwhile that it cannot be reached', async () => {
    await insert('DE', 12, 300);
    const provider = source();
    await reportOf(provider);

    await server.down();
    assert.match(await failing(provider, 'unreachable'), /ECONNREFUSED/);
    await server.up();

    assert.deepEqual(hours((await reportOf(provider)).observed), [[12, 13, 300]]);
  });

  it('follows a password that is changed', async () => {
    await insert('DE', 12, 300);
    let password = PASSWORD;
    const provider = source({ connection: () => Promise.resolve(server.url('reader', password)) });
    await reportOf(provider);
    await server.sql(`ALTER USER reader PASSWORD 'a-new-word-that-nobody-may-see'`);
    await server.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'`);
    await eventually(() => failing(provider, 'unauthorized'));

    password = 'a-new-word-that-nobody-may-see';

    await reportOf(provider);
    await server.sql(`ALTER USER reader PASSWORD '${PASSWORD}'`);
  });

  it('holds no more than two connections', async () => {
    await insert('DE', 12, 300);
    const provider = source();
    await Promise.all(Array.from({ length: 10 }, () => reportOf(provider)));

    const held = await server.sql(`SELECT 1 FROM pg_stat_activity WHERE application_name = 'lowtide'`);
    assert.ok(held.length <= 2, String(held.length));
  });
});
