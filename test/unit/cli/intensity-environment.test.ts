import assert from 'node:assert/strict';
import { complaintLines } from '../../../src/cli/intensity/complaints.ts';
import { sourcesFromEnvironment } from '../../../src/cli/intensity/environment.ts';
import { rowsOf } from '../../../src/cli/intensity/rows.ts';
import { regionsOf, targetsOf } from '../../../src/cli/intensity/targets.ts';
import { providersOf, Sources } from '../../../src/cli/sources/config.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';
import { signalOf } from '../../support/intensity-look.ts';

describe('sourcesFromEnvironment', () => {
  const table = readRegionsTable();
  const read = parsePolicy({ apiVersion: 'lowtide.dev/v1alpha1', kind: 'Policy', regions: { home: { zone: 'DE' } } });
  assert.ok(read.ok);
  const { policy } = read;
  const ALL = {
    ELECTRICITY_MAPS_TOKEN: 'a',
    WATTTIME_USERNAME: 'b',
    WATTTIME_PASSWORD: 'c',
    ENTSOE_TOKEN: 'd',
    EIA_API_KEY: 'e',
  };

  const CASES: Record<string, readonly [Record<string, string>, readonly string[], readonly string[]]> = {
    'asks nobody without credentials': [{}, ['DE', 'us-east-1'], []],
    'asks about Great Britain without credentials': [{}, ['DE', 'eu-west-2'], ['gbCarbonIntensity']],
    'asks whoever covers a zone, averages before marginal values': [
      ALL,
      ['DE', 'us-east-1', 'GB'],
      ['electricityMaps', 'entsoe', 'eia', 'gbCarbonIntensity', 'wattTime'],
    ],
    'asks nobody about what they do not cover': [ALL, ['AT'], ['electricityMaps', 'entsoe']],
    'takes no half of an account': [{ WATTTIME_USERNAME: 'b', WATTTIME_PASSWORD: ' ' }, ['DE'], []],
  };
  for (const [what, [env, names, want]] of Object.entries(CASES)) {
    it(what, () => {
      const targets = targetsOf(names, { policy, table, zones: new Set() });

      const entries = sourcesFromEnvironment(env, targets, table);

      assert.deepEqual(
        entries.flatMap((entry) => Object.keys(entry)),
        want,
      );
      assert.equal(Sources.parse(entries).length, want.length);
      assert.ok(!JSON.stringify(entries).includes('"b"'));
    });
  }

  it('misses no name of a zone that nobody whom it asks covers', () => {
    const targets = targetsOf(['DE', 'eu-west-2'], { policy, table, zones: new Set() });
    const providers = providersOf(Sources.parse(sourcesFromEnvironment({}, targets, table)));
    const signal = signalOf({ DE: { state: 'unknown', reason: 'zone-unmapped' } });
    const rows = rowsOf(targets, { signal, policy, table }).slice(0, 1);
    const naming = { table, regions: regionsOf(targets, policy) };
    const linesFor = (env: NodeJS.ProcessEnv | null) =>
      complaintLines({ rows, troubles: [], providers, naming, env }).map((line) => line.slice(0, 30));

    assert.deepEqual(linesFor({}), ['DE: no source: set ELECTRICITY']);
    assert.deepEqual(linesFor(null), ['gb-carbon-intensity: zone DE h', 'DE: no source of the configura']);
  });
});
