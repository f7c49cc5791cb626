import assert from 'node:assert/strict';
import { DEFAULT_POLICY } from '../../../src/cli/default-policy.ts';
import { rowJson } from '../../../src/cli/intensity/json.ts';
import { rowsOf } from '../../../src/cli/intensity/rows.ts';
import type { IntensityRow } from '../../../src/cli/intensity/rows.ts';
import { tableLines } from '../../../src/cli/intensity/table.ts';
import { targetsOf } from '../../../src/cli/intensity/targets.ts';
import { ageWords, sparkline, windowWords } from '../../../src/cli/intensity/words.ts';
import { instant, millis, zone } from '../../../src/carbon/units.ts';
import type { GramsPerKwh } from '../../../src/carbon/units.ts';
import type { Reading } from '../../../src/carbon/types.ts';
import type { Policy } from '../../../src/policy/types.ts';
import { readBytes, readPolicy } from '../../../src/service/policy/read-document.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';
import { known, LOOKED_AT, signalOf, steps } from '../../support/intensity-look.ts';

const HOUR = 3_600_000;
const ONE = Date.parse('2026-03-02T13:00:00Z');
const table = readRegionsTable();
let policy: Policy;

before(async () => {
  const read = await readBytes(DEFAULT_POLICY);
  const result = read.ok ? readPolicy(read.bytes) : null;
  assert.ok(result?.ok);
  policy = result.policy;
});

function look(names: readonly string[], readings: Readonly<Record<string, Reading>>) {
  const signal = signalOf(readings);
  const rows = rowsOf(targetsOf(names, { policy, table, zones: new Set() }), { signal, policy, table });
  return { signal, rows };
}

function only(names: readonly string[], readings: Readonly<Record<string, Reading>>): IntensityRow {
  const [row] = look(names, readings).rows;
  assert.ok(row);
  return row;
}

function print(names: readonly string[], readings: Readonly<Record<string, Reading>>, colour = false): string[] {
  const { signal, rows } = look(names, readings);
  return tableLines(rows, { signal, policy, style: { colour } });
}

describe('rowsOf', () => {
  it('takes a region and its zone for one, and reads both from the zone', () => {
    const { rows } = look(['eu-central-1', 'DE'], { DE: known(320) });

    assert.deepEqual(
      rows.map(({ reading, band, age }) => [reading.state === 'known' && reading.value, band, age]),
      [
        [320, 'moderate', 20 * 60_000],
        [320, 'moderate', 20 * 60_000],
      ],
    );
  });

  it('finds the next clean window, what is known of the present included', () => {
    const clean = known(150, { forecast: steps(ONE, [170, 260, 190]), forecastBy: 'provider' });

    const { window, hours } = only(['DE'], { DE: clean });

    assert.deepEqual([window?.start, window?.end, window?.basis], [LOOKED_AT, ONE + HOUR, 'band']);
    assert.equal(hours.length, 24);
    assert.equal(hours[0], (150 * 40 + 170 * 20) / 60);
    assert.equal(hours[4], null);
  });

  it('bands no value that decisions do not count with, and measures its window by itself', () => {
    const marginal = known(150, {
      kind: 'marginal',
      forecast: steps(ONE, [100, 900, 900, 900]),
      forecastBy: 'provider',
    });

    const row = only(['DE'], { DE: marginal });

    assert.deepEqual([row.unusable, row.band, row.window?.basis], ['other-kind', null, 'quartile']);
  });

  it('counts with nothing that a sandbox made up', () => {
    assert.equal(only(['DE'], { DE: known(150, { quality: 'sandbox' }) }).unusable, 'sandbox');
  });

  it('has no window where a zone never varies, by the table or by its history', () => {
    const flat = { forecast: steps(ONE, [100, 90]), forecastBy: 'provider' } as const;

    assert.deepEqual(
      [
        only(['ap-east-1'], { HK: known(435, flat) }),
        only(['DE'], { DE: known(300, { ...flat, constant: true }) }),
        only(['ap-east-1'], { HK: known(435, { ...flat, constant: false }) }),
      ].map(({ constant, window }) => [constant, window === null]),
      [
        [true, true],
        [true, true],
        [false, false],
      ],
    );
  });

  it('tells a value that is kept from a fresh one', () => {
    assert.equal(only(['DE'], { DE: known(1) }).kept, false);
    assert.equal(only(['DE'], { DE: known(1, { freshUntil: LOOKED_AT }) }).kept, true);
    assert.equal(only(['DE'], { DE: known(1, { freshUntil: null }) }).kept, false);
  });

  it('has no source for a zone that nobody told of', () => {
    assert.deepEqual(only(['FR'], {}).reading, { state: 'unknown', reason: 'no-source' });
  });
});

describe('tableLines', () => {
  it('lines up what is known and says why the rest is not', () => {
    const forecast = steps(ONE, [100, 200, 300, 400, 300, 200, 150, 120]);
    const german = known(250.4, { forecast, forecastBy: 'provider', renewablePct: 61.2 });

    assert.deepEqual(print(['eu-central-1', 'eu-west-3'], { DE: german, FR: { state: 'unknown', reason: 'stale' } }), [
      'REGION        ZONE    G/KWH  BAND      SOURCE  KIND                AGE  QUALITY   RENEWABLE  CLEAN WINDOW (UTC)  NEXT 24 H',
      'eu-central-1  DE        250  moderate  grid    average, lifecycle  20m  measured       61 %  13:00–14:00 100     ▃▁▄▇█▅▃▁▁',
      'eu-west-3     FR    unknown  –         –       –                     –  stale             –  –',
    ]);
  });

  const REMARKS: Record<string, readonly [readonly string[], Record<string, Reading>, readonly RegExp[]]> = {
    'a window that is not below the bound': [
      ['DE'],
      { DE: known(600, { forecast: steps(ONE, [500, 600, 600, 600]), forecastBy: 'own' }) },
      [/^\* not below 200 \(clean\): the first of the cleanest quarter/],
    ],
    'a window that the forecast cuts off': [
      ['DE'],
      { DE: known(600, { forecast: steps(ONE, [500, 100]), forecastBy: 'own' }) },
      [/^\+ the forecast ends there, not the window$/],
    ],
    'values that never vary': [
      ['ap-east-1', 'ap-southeast-3', 'DE'],
      { HK: known(435), ID: known(652), DE: known(1) },
      [/^ap-east-1, ap-southeast-3: published as one estimate that never varies, so that waiting there gains nothing$/],
    ],
    'values of another kind': [
      ['DE', 'FR'],
      { DE: known(435, { kind: 'marginal', factor: 'direct' }), FR: known(5, { factor: 'direct' }) },
      [
        /^DE: marginal, direct: decisions do not count with it, the policy ranks by average, lifecycle$/,
        /^FR: average, direct: decisions do not count with it/,
      ],
    ],
    'made-up values': [
      ['DE'],
      { DE: known(435, { quality: 'sandbox' }) },
      [/^DE: made up by the provider's sandbox: decisions do not count with it$/],
    ],
  };
  for (const [what, [names, readings, want]] of Object.entries(REMARKS)) {
    it(`remarks on ${what}`, () => {
      const lines = print(names, readings);

      const remarks = lines.slice(names.length + 2);
      assert.equal(lines[names.length + 1], '');
      assert.equal(remarks.length, want.length);
      want.forEach((expected, index) => {
        assert.match(remarks[index] ?? '', expected);
      });
    });
  }

  it('paints bands from green to red where colours are wanted, and lines up all the same', () => {
    const lines = print(['DE', 'FR', 'PL'], { DE: known(250), FR: known(50), PL: known(750) }, true);

    const escape = '\u001b[';
    const painted = lines.slice(1).map((line) => line.split(escape).slice(1, -1).join(''));
    assert.deepEqual(painted, ['33mmoderate ', '32mclean    ', '31mvery-high']);
    const plain = lines.map((line) =>
      line
        .split(escape)
        .map((part) => part.replace(/^\d+m/, ''))
        .join(''),
    );
    assert.deepEqual(plain, print(['DE', 'FR', 'PL'], { DE: known(250), FR: known(50), PL: known(750) }));
  });
});

describe('words', () => {
  const AGES: Record<string, number> = {
    '0s': 0,
    '59s': 59_999,
    '1m': 60_000,
    '59m': HOUR - 1,
    '1h': HOUR,
    '47h': 48 * HOUR - 1,
    '2d': 48 * HOUR,
  };
  for (const [want, age] of Object.entries(AGES)) {
    it(`calls ${age} ms ${want}`, () => {
      assert.equal(ageWords(millis(age)), want);
    });
  }

  const WINDOWS: Record<string, readonly [start: string, end: string, over?: { basis?: 'quartile'; open?: boolean }]> =
    {
      'now–15:00 120': ['2026-03-02T12:20:00Z', '2026-03-02T15:00:00Z'],
      'now–Tue 01:00 120': ['2026-03-02T12:20:00Z', '2026-03-03T01:00:00Z'],
      '13:00–15:00+ 120': ['2026-03-02T13:00:00Z', '2026-03-02T15:00:00Z', { open: true }],
      'Tue 02:00–05:00 120*': ['2026-03-03T02:00:00Z', '2026-03-03T05:00:00Z', { basis: 'quartile' }],
      'Tue 22:00–Wed 05:00 120': ['2026-03-03T22:00:00Z', '2026-03-04T05:00:00Z'],
    };
  for (const [want, [start, end, over]] of Object.entries(WINDOWS)) {
    it(`writes a window as ${want}`, () => {
      const grams = 119.6 as GramsPerKwh;
      const at = { start: instant(Date.parse(start)), end: instant(Date.parse(end)) };
      const window = { ...at, mean: grams, threshold: grams, basis: 'band', open: false, ...over } as const;

      assert.equal(windowWords(window, LOOKED_AT), want);
    });
  }

  it('draws each row from its least to its greatest value, with spaces for what is not known', () => {
    assert.equal(sparkline([0, 50, 100]), '▁▅█');
    assert.equal(sparkline([5, null, 5, null]), '▁ ▁');
    assert.equal(sparkline([]), '');
  });
});

describe('rowJson', () => {
  it('has every field in every row', () => {
    const forecast = steps(ONE, [100], 0.1);
    const german = known(250, { forecast, forecastBy: 'own', percentile: 12 });
    const { rows } = look(['eu-central-1', 'PT'], { DE: german });

    const [full, empty] = rows.map((row) => rowJson(row, []));

    assert.deepEqual(Object.keys(full ?? {}), Object.keys(empty ?? {}));
    assert.deepEqual(full, {
      name: 'eu-central-1',
      region: 'eu-central-1',
      zone: 'DE',
      cloud: 'aws',
      state: 'known',
      gramsPerKwh: 250,
      kind: 'average',
      emissionFactor: 'lifecycle',
      source: 'grid',
      quality: 'measured',
      observedAt: '2026-03-02T12:00:00.000Z',
      freshUntil: '2026-03-02T13:20:00.000Z',
      validUntil: '2026-03-02T18:20:00.000Z',
      renewablePct: null,
      percentile: 12,
      forecastBy: 'own',
      band: 'moderate',
      ageSeconds: 1200,
      kept: false,
      constant: false,
      usable: true,
      reason: null,
      cleanWindow: {
        start: '2026-03-02T13:00:00.000Z',
        end: '2026-03-02T14:00:00.000Z',
        mean: 100,
        threshold: 200,
        basis: 'band',
        open: true,
      },
      forecast: [
        {
          start: '2026-03-02T13:00:00.000Z',
          end: '2026-03-02T14:00:00.000Z',
          gramsPerKwh: 100,
          low: 90,
          high: 110.00000000000001,
        },
      ],
      annualAverage: {
        gramsPerKwh: 370.93,
        year: 2023,
        source: 'real-time-cloud; operational: region-carbon-info 2024',
      },
      failures: [],
    });
  });

  it("names what failed for the row's zone", () => {
    const failed = { zone: zone('DE'), source: 'grid', reason: 'timeout', message: 'no answer in 10 s' } as const;
    const { rows } = look(['DE', 'FR'], {});

    const failures = rows.map((row) => rowJson(row, [failed])['failures']);

    assert.deepEqual(failures, [[{ source: 'grid', reason: 'timeout', message: 'no answer in 10 s' }], []]);
  });
});
