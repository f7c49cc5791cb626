import assert from 'node:assert/strict';
import { instant, zone } from '../../../../src/carbon/units.ts';
import { electricityMaps } from '../../../../src/sources/electricity-maps/client.ts';
import type { ElectricityMaps } from '../../../../src/sources/electricity-maps/client.ts';
import { electricityMapsApi } from '../../../support/grid-apis/electricity-maps.ts';
import type { ElectricityMapsWorld } from '../../../support/grid-apis/electricity-maps.ts';
import { GridServer } from '../../../support/grid-apis/grid-server.ts';
import type { Asking } from '../../../../src/sources/provider.ts';
import { ASKED_AT, testExchange } from '../../../support/grid-apis/fault-table.ts';

const HOUR = 3_600_000;
const DE = { zone: zone('DE'), name: 'DE' };

describe('electricityMaps, its history', () => {
  let server: GridServer;
  const now = ASKED_AT;

  const serve = async (world: ElectricityMapsWorld = {}): Promise<void> => {
    server = await GridServer.start(electricityMapsApi(world), () => now);
  };
  const provider = (): ElectricityMaps =>
    electricityMaps({
      id: 'electricity-maps',
      exchange: testExchange(),
      now: () => now,
      token: () => Promise.resolve('em-key-0123456789'),
      url: `${server.url}/v4`,
    });
  const asking = (): Asking => ({ now, signal: new AbortController().signal });

  afterEach(() => server.close());

  const span = (hours: number) => ({ from: instant(ASKED_AT - hours * HOUR), to: ASKED_AT });

  it('of a day takes one request', async () => {
    await serve();

    const steps = await provider().history?.(DE, span(24), asking());

    assert.equal(steps?.length, 24);
    assert.equal(steps[0]?.quality, 'measured');
    assert.deepEqual([server.count('history'), server.count()], [1, 1]);
  });

  it('of a month takes ranges of ten days at most, without a gap or a step twice', async () => {
    await serve();

    const steps = (await provider().history?.(DE, span(30 * 24), asking())) ?? [];

    assert.equal(server.count('past-range'), 3);
    assert.ok(steps.length >= 720);
    steps.forEach((step, index) => {
      assert.ok(index === 0 || steps[index - 1]?.end === step.start);
    });
  });

  it('is the last day where the plan has no ranges', async () => {
    await serve({ commercial: false });

    const steps = await provider().history?.(DE, span(30 * 24), asking());

    assert.equal(steps?.length, 24);
  });

  it('leaves out what is null', async () => {
    await serve();
    server.fail({ fault: 'data', data: 'nulls' });

    assert.deepEqual(await provider().history?.(DE, span(24), asking()), []);
  });

  it('fails where the API fails', async () => {
    await serve();
    server.fail({ fault: 'status', status: 502 });

    await assert.rejects(async () => provider().history?.(DE, span(48), asking()), { reason: 'upstream-error' });
  });
});
