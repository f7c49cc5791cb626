import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { eventually } from '../../support/eventually.ts';
import { electricityMapsApi } from '../../support/grid-apis/electricity-maps.ts';
import { GridServer } from '../../support/grid-apis/grid-server.ts';
import { spoken } from '../../support/metrics-page.ts';
import { PostgresServer } from '../../support/postgres-server.ts';
import { PrometheusServer } from '../../support/prometheus-server.ts';
import { serverOrSkip } from '../../support/source-server.ts';
import { byRegion, Stage } from '../../support/stage.ts';
import type { LowtideProcess } from '../../../hack/lowtide/process.ts';

const KEY = 'em-key-0123456789';
/** What each provider says, so that the pods' region tells who was believed. */
const SAYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'electricity-maps': { IE: 200, DE: 400, 'US-MIDA-PJM': 50 },
  prometheus: { IE: 410, DE: 210, PJM: 60 },
  postgres: { IE: 220, DE: 420, PJM: 70 },
};
/** Fresh for three seconds: a provider that fails is passed over soon. */
const HASTY = { refresh: '1s', softAge: '3s', hardAge: '1h', requestsPerDay: null, requestsPerMinute: null };
const TAKE_OVER_MS = 20_000;

describe('a chain of three real kinds of provider', () => {
  let maps: GridServer | null = null;
  let prometheus: PrometheusServer | null = null;
  let postgres: PostgresServer | null = null;
  let stage: Stage | null = null;
  let lowtide: LowtideProcess;
  before(async function () {
    prometheus = serverOrSkip(this, await PrometheusServer.start(), 'Prometheus');
    postgres = serverOrSkip(this, await PostgresServer.start(), 'PostgreSQL');
    await expose();
    await fill();
    const value = (zone: string): number => SAYS['electricity-maps']?.[zone] ?? 0;
    maps = await GridServer.start(electricityMapsApi({ key: KEY, zones: ['IE', 'DE', 'US-MIDA-PJM'], value }));
    stage = await Stage.open(TWO_UNIONS);
    const token = await secret('token', `${KEY}\n`);
    const connection = await secret('connection', postgres.url());
    const sources = [
      { electricityMaps: { ...HASTY, url: `${maps.url}/v4`, token, zones: { PJM: 'US-MIDA-PJM' } } },
      { prometheus: { ...HASTY, url: prometheus.url.href, query: 'grid_intensity_carbon_average', step: '1s' } },
      { postgres: { ...HASTY, connection, step: '1h' } },
    ];
    lowtide = await stage.play({ policy: twoUnions({ scheduler: { refresh: '1s' } }), config: { sources } });
  });
  after(async () => {
    await stage?.close();
    await Promise.all([maps?.close(), prometheus?.stop(), postgres?.stop()]);
  });

  /** A credential in a file, as the configuration names one. */
  async function secret(name: string, text: string): Promise<{ readonly file: string }> {
    const file = join(stage?.cluster.stateDir ?? '', name);
    await writeFile(file, text, { mode: 0o600 });
    return { file };
  }
  async function expose(): Promise<void> {
    const series = Object.entries(SAYS['prometheus'] ?? {}).map(
      ([location, grams]) => `grid_intensity_carbon_average{location="${location}",units="gCO2e per kWh"} ${grams}\n`,
    );
    await prometheus?.expose(series.join(''));
  }
  async function fill(): Promise<void> {
    await postgres?.sql('CREATE TABLE co2e_emissions (region text, timestamp timestamptz, gco2_per_kwh real)');
    for (const [zone, grams] of Object.entries(SAYS['postgres'] ?? {})) {
      await postgres?.sql(`INSERT INTO co2e_emissions VALUES ($1, now() - interval '1 minute', $2)`, [zone, grams]);
    }
  }

  /** Waits until a provider speaks for all zones with its own values, then sees where pods go. */
  async function believes(source: string, set: string): Promise<Record<string, number>> {
    const { IE = 0, DE = 0, PJM = 0, 'US-MIDA-PJM': pjm = PJM } = SAYS[source] ?? {};
    const wanted = { IE: `${IE} ${source}`, DE: `${DE} ${source}`, PJM: `${pjm} ${source}` };
    const look = async (): Promise<void> => {
      assert.deepEqual(await spoken(lowtide.operations), wanted);
    };
    await eventually(look, { within: TAKE_OVER_MS });
    await stage?.workloads.pods(set, 4, EU_ONLY);
    const placed = await stage?.workloads.scheduled(set, 4);
    await stage?.workloads.remove(set);
    return byRegion(placed ?? new Map());
  }

  it('believes the first while it answers', async () => {
    assert.deepEqual(await believes('electricity-maps', 'first'), { 'eu-west-1': 4 });
  });

  it('goes on with the second when the first fails', async () => {
    maps?.fail({ fault: 'status', status: 503 });

    assert.deepEqual(await believes('prometheus', 'second'), { 'eu-central-1': 4 });
  });

  it('goes on with the third when the second has nothing either', async () => {
    await prometheus?.expose('');

    assert.deepEqual(await believes('postgres', 'third'), { 'eu-west-1': 4 });
  });

  it('comes back to the second, and to the first, when they are back', async () => {
    await expose();
    assert.deepEqual(await believes('prometheus', 'fourth'), { 'eu-central-1': 4 });

    maps?.heal();
    assert.deepEqual(await believes('electricity-maps', 'fifth'), { 'eu-west-1': 4 });
  });

  it('never believed a value that nobody gave, and let no credential out', async () => {
    const log = JSON.stringify(await lowtide.log());

    assert.ok(!log.includes(KEY) && !log.includes('owner-of-the'), 'a credential is in the log');
  });
});
