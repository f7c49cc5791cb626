import assert from 'node:assert/strict';
import { intensityOptions } from '../../../src/cli/intensity/options.ts';
import type { IntensityFlags } from '../../../src/cli/intensity/options.ts';
import { regionsOf, targetsOf } from '../../../src/cli/intensity/targets.ts';
import type { Known } from '../../../src/cli/intensity/targets.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { region, zone } from '../../../src/carbon/units.ts';
import type { Policy } from '../../../src/policy/types.ts';
import { DEFAULT_POLICY } from '../../../src/cli/default-policy.ts';
import { readBytes, readPolicy } from '../../../src/service/policy/read-document.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';

describe('intensityOptions', () => {
  const REFUSED: Record<string, readonly [readonly string[], IntensityFlags, RegExp]> = {
    'names beside --all': [['DE'], { all: true }, /name regions or give --all, not both/],
    'a chart of every moment': [[], { chart: 'a.svg', watch: true }, /--chart draws one moment/],
    'a chart in another format': [
      [],
      { chart: 'a.gif' },
      /--chart a\.gif: expected a file that ends in \.svg or \.png/,
    ],
  };
  for (const [what, [names, flags, want]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => intensityOptions(names, flags), want);
    });
  }

  it('takes names as arguments and as flags, each once', () => {
    assert.deepEqual(intensityOptions(['DE', 'FR'], { region: ['FR', 'IE'] }).names, ['DE', 'FR', 'IE']);
    assert.equal(intensityOptions([], {}).names, 'policy');
    assert.equal(intensityOptions([], { all: true }).names, 'all');
  });

  it('knows a chart by its ending', () => {
    assert.deepEqual(intensityOptions([], { chart: 'out/A.PNG' }).chart, { file: 'out/A.PNG', format: 'png' });
    assert.equal(intensityOptions([], { chart: 'a.svg' }).chart?.format, 'svg');
    assert.equal(intensityOptions([], {}).chart, null);
  });
});

describe('targetsOf', () => {
  const table = readRegionsTable();
  let known: Known;
  let policy: Policy;

  before(async () => {
    const read = await readBytes(DEFAULT_POLICY);
    const result = read.ok ? readPolicy(read.bytes) : null;
    assert.ok(result?.ok);
    policy = result.policy;
    known = { policy, table, zones: new Set([zone('island')]) };
  });

  it('finds regions of the policy, of the shipped table, and zones', () => {
    const found = targetsOf(['eu-central-1', 'westeurope', 'PT', 'island'], known);

    assert.deepEqual(
      found.map((target) => [target.name, target.region, target.zone, target.row?.provider ?? null]),
      [
        ['eu-central-1', 'eu-central-1', 'DE', 'aws'],
        ['westeurope', 'westeurope', 'NL', 'azure'],
        ['PT', null, 'PT', null],
        ['island', null, 'island', null],
      ],
    );
  });

  it("believes the policy's zone of a region rather than the table's", () => {
    const row = policy.regions.get(region('us-west-2'));
    assert.ok(row);
    const pacific = { ...policy, regions: new Map([[row.name, { ...row, zone: zone('US-NW-PACW') }]]) };

    assert.equal(targetsOf(['us-west-2'], { ...known, policy: pacific })[0]?.zone, 'US-NW-PACW');
  });

  it('takes all of the policy, or all of the table', () => {
    assert.deepEqual(
      targetsOf('policy', known).map(({ name }) => name),
      [...policy.regions.keys()],
    );
    assert.equal(targetsOf('all', known).length, 95);
  });

  it('names the nearest where a name is not known, all unknown names at once', () => {
    assert.throws(
      () => targetsOf(['eu-wset-1', 'DE', 'qqqqqqqq'], known),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.lines[0] ?? '', /^eu-wset-1 is no region or zone that is known: did you mean eu-west-1 or /);
        assert.match(
          error.lines[1] ?? '',
          /^qqqqqqqq is no region or zone that is known: add it to the policy's regions/,
        );
        assert.equal(error.lines.length, 2);
        return true;
      },
    );
  });

  it('makes rows of the policy out of what was asked about', () => {
    const asked = regionsOf(targetsOf(['eu-central-1', 'westeurope', 'PT'], known), policy);

    assert.deepEqual([...asked.keys()], ['eu-central-1', 'westeurope']);
    assert.equal(asked.get(region('eu-central-1')), policy.regions.get(region('eu-central-1')));
    assert.deepEqual(
      [asked.get(region('westeurope'))?.zone, asked.get(region('westeurope'))?.jurisdiction],
      ['NL', 'eu'],
    );
  });
});
