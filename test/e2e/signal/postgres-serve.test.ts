import assert from 'node:assert/strict';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { decision, isHeld, preferredRegion, regionOf } from '../../support/live-object.ts';
import { job, lowtide } from '../../support/manifests.ts';
import { spoken } from '../../support/metrics-page.ts';
import type { Objects } from '../../support/objects.ts';
import { PostgresServer } from '../../support/postgres-server.ts';
import { serverOrSkip } from '../../support/source-server.ts';

/** How often the table is read. */
const REFRESH_MS = 1_000;
/** What we promise from then on. */
const PROMISED_MS = 2_000;
const TABLE = `
  CREATE TABLE co2e_emissions (
    region text NOT NULL, timestamp timestamptz NOT NULL, gco2_per_kwh double precision NOT NULL,
    PRIMARY KEY (region, timestamp));
  CREATE USER lowtide PASSWORD 'pg-word-0123456789';
  GRANT SELECT ON co2e_emissions TO lowtide;
`;

describe('serve with a PostgreSQL table as its only source', () => {
  let postgres: PostgresServer | null = null;
  let stage: HoldingStage | null = null;
  let objects: Objects;
  let service: LowtideProcess;
  before(async function () {
    postgres = serverOrSkip(this, await PostgresServer.start(), 'PostgreSQL');
    await postgres.sql(TABLE);
    for (const minutes of [125, 65, 5]) await insert({ IE: 300, DE: 500, 'us-east-1': 600 }, minutes);
    stage = await HoldingStage.open();
    ({ objects } = stage);
    const connection = { file: await stage.write('connection', `${postgres.url('lowtide', 'pg-word-0123456789')}\n`) };
    service = await stage.play({
      policy: holdingPolicy({ scheduler: { refresh: '1s' } }),
      config: { sources: [{ postgres: { connection, refresh: '1s' } }] },
    });
  });
  after(async () => {
    await stage?.close();
    await postgres?.stop();
  });

  /** A row of each zone that began so many minutes ago. */
  async function insert(values: Readonly<Record<string, number>>, minutes: number): Promise<void> {
    const text = `INSERT INTO co2e_emissions VALUES ($1, now() - $2 * interval '1 minute', $3)`;
    for (const [zone, grams] of Object.entries(values)) await postgres?.sql(text, [zone, minutes, grams]);
  }
  const eu = lowtide({ class: 'patient', residency: 'eu-strict' });

  it('holds a Job while the rows are dirty, and says by which value', async () => {
    assert.deepEqual(await spoken(service.operations), { IE: '300 postgres', DE: '500 postgres', PJM: '600 postgres' });

    await objects.create(job('train', { annotations: eu, runs: 60 }));

    const held = await objects.get('Job', 'train');
    assert.ok(isHeld(held));
    const { reason, intensity, region } = decision(held);
    assert.deepEqual([reason, intensity, region], ['intensity-above-threshold', 300, 'eu-west-1']);
  });

  it('releases it soon after a clean row is there, to where it is clean', async () => {
    await insert({ DE: 120 }, 0);
    const inserted = Date.now();

    const released = await objects.until('Job', 'train', (object) => !isHeld(object));

    const took = Date.now() - inserted;
    assert.ok(took <= REFRESH_MS + PROMISED_MS, `${took} ms after the row`);
    assert.equal(decision(released).reason, 'intensity-below-threshold');
    assert.equal(decision(released).intensity, 120);
    assert.equal(preferredRegion(released.spec.template?.spec ?? {}), 'eu-central-1');
    const landed = async (): Promise<void> => {
      const [pod] = await objects.list('Pod', 'train');
      assert.ok(pod !== undefined && regionOf(pod) === 'eu-central-1');
    };
    await eventually(landed, { within: 10_000 });
  });

  it('keeps what it knows while the database is away, and follows it when it is back', async () => {
    await insert({ DE: 510 }, 0);
    await eventually(async () => (await spoken(service.operations))['DE'] === '510 postgres', { within: 5_000 });
    await postgres?.down();
    const failures = async (): Promise<boolean> =>
      /lowtide_provider_requests_total\{.*source="postgres".*outcome="unreachable".*\} [1-9]/.test(await page());
    const page = async (): Promise<string> => (await fetch(`${service.operations}/metrics`)).text();
    await eventually(failures, { within: 10_000 });

    await objects.create(job('later', { annotations: eu, runs: 60 }));
    assert.ok(isHeld(await objects.get('Job', 'later')));
    assert.equal((await spoken(service.operations))['DE'], '510 postgres');
    await postgres?.up();
    await insert({ IE: 90 }, 0);

    const released = await objects.until('Job', 'later', (object) => !isHeld(object), 60_000);
    assert.equal(decision(released).intensity, 90);
    assert.equal(preferredRegion(released.spec.template?.spec ?? {}), 'eu-west-1');
  });

  it('lets no password out', async () => {
    const log = JSON.stringify(await service.log());
    assert.ok(!log.includes('pg-word'), 'in the log');
  });
});
