import assert from 'node:assert/strict';
import { sourcesFromEnvironment } from '../../../src/cli/intensity/environment.ts';
import { targetsOf } from '../../../src/cli/intensity/targets.ts';
import { Sources } from '../../../src/cli/sources/config.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';

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
});
