import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KnownReading } from '../../../../src/carbon/types.ts';
import { instant, zone } from '../../../../src/carbon/units.ts';
import { openSources } from '../../../../src/cli/serve/sources.ts';
import { Sources } from '../../../../src/cli/sources/config.ts';
import { HOUR, MARCH_2, NOVEMBER } from '../../../support/traces.ts';
import { policy } from '../../../support/world.ts';

const DAYS = 21;

/** Cleanest at 13:00 UTC, a little different each day; `changed` alters the rows from one on. */
function csv(changed = Infinity): string {
  const rows = Array.from({ length: (DAYS + 2) * 24 }, (_, hour) => {
    const value = 300 - 100 * Math.cos(((hour - 13) / 24) * 2 * Math.PI) + (Math.floor(hour / 24) % 3);
    return `${new Date(MARCH_2 + hour * HOUR).toISOString()},${hour >= changed ? 5 : Math.round(value)}`;
  });
  return ['time,DE', ...rows].join('\n');
}

describe('the forecast of a trace', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-trace-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** An hour of the trace takes a minute. */
  const readingAt = async (hour: number, forecast?: string, rows = csv()): Promise<KnownReading> => {
    const file = join(folder, 'trace.csv');
    await writeFile(file, rows);
    const configs = Sources.parse([{ trace: { file, speed: 60, ...(forecast && { forecast }) } }]);
    const [sourceOf] = await openSources(configs, policy(), NOVEMBER);
    const reading = sourceOf?.(policy())
      .readingsAt(instant(NOVEMBER + hour * 60_000))
      .get(zone('DE'));
    assert.ok(reading?.state === 'known');
    return reading;
  };

  const cases: Record<string, { hour: number; forecast?: string; wantSteps: number; wantBy: string | null }> = {
    'is none unless the configuration says so': { hour: 20 * 24, wantSteps: 0, wantBy: null },
    'is what comes, where it is perfect': { hour: 20 * 24, forecast: 'perfect', wantSteps: 71, wantBy: 'trace' },
    'is none of our own after less than 14 days': {
      hour: 14 * 24 - 1,
      forecast: 'own',
      wantSteps: 0,
      wantBy: null,
    },
    'is our own after 14 days': { hour: 14 * 24, forecast: 'own', wantSteps: 167, wantBy: 'own' },
    'reaches a week ahead, whether the trace does or not': {
      hour: 20 * 24 + 5,
      forecast: 'own',
      wantSteps: 167,
      wantBy: 'own',
    },
  };
  for (const [name, { hour, forecast, wantSteps, wantBy }] of Object.entries(cases)) {
    it(name, async () => {
      const reading = await readingAt(hour, forecast);

      assert.deepEqual([reading.forecast.length, reading.forecastBy], [wantSteps, wantBy]);
    });
  }

  it('foretells the trace with intervals, in wall time', async () => {
    const hour = 20 * 24;
    const { forecast } = await readingAt(hour, 'own');

    assert.equal(forecast[0]?.start, NOVEMBER + (hour + 1) * 60_000);
    assert.equal(forecast[0].end, NOVEMBER + (hour + 2) * 60_000);
    for (const [i, { value, low, high }] of forecast.slice(0, 24).entries()) {
      const want = 300 - 100 * Math.cos(((hour + 1 + i - 13) / 24) * 2 * Math.PI);
      assert.ok(Math.abs(value - want) < 10, `${i}: ${value}, ${want}`);
      assert.ok((low ?? Infinity) <= value && value <= (high ?? 0));
    }
  });

  it('does not change with rows that are yet to come', async () => {
    const hour = 20 * 24 + 5;
    const { forecast } = await readingAt(hour, 'own', csv(hour + 1));

    assert.deepEqual(forecast, (await readingAt(hour, 'own')).forecast);
  });
});
