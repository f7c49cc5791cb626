import assert from 'node:assert/strict';
import { parseGeneration } from '../../../../src/sources/entsoe/schema.ts';
import { fuelOfPsrType } from '../../../../src/sources/entsoe/psr-types.ts';
import { ProviderFailure } from '../../../../src/sources/failure.ts';
import { marketDocument } from '../../../support/grid-apis/entsoe.ts';
import type { Series } from '../../../support/grid-apis/entsoe.ts';

const AREA = '10YFR-RTE------C';
const NOON = Date.parse('2026-01-05T12:00:00Z');
const QUARTER = 900_000;

function period(points: readonly (readonly [number, string])[], { at = NOON, minutes = 15, count = 4 } = {}) {
  const resolution = minutes * 60_000;
  return { start: at, end: at + count * resolution, resolution, points };
}

function mw(value: number | string): string {
  return `<quantity>${value}</quantity>`;
}

function series(rest: Partial<Series>): Series {
  return { psrType: 'B14', area: AREA, periods: [], ...rest };
}

function read(...of: Series[]) {
  return parseGeneration(marketDocument(of), AREA);
}

function slots(...of: Series[]): (readonly [number, number, number | null])[] {
  return read(...of).map(({ start, end, amount }) => [(start - NOON) / 60_000, (end - NOON) / 60_000, amount]);
}

function reasonOf(text: string): string {
  try {
    parseGeneration(text, AREA);
  } catch (error) {
    if (error instanceof ProviderFailure) return error.reason;
    throw error;
  }
  return 'none';
}

const SOUND = marketDocument([series({ periods: [period([[1, mw(10)]])] })]);

describe('parseGeneration', () => {
  it('reads steps of 15, 30 and 60 minutes', () => {
    for (const minutes of [15, 30, 60]) {
      const points = [[1, mw(10)], [2, mw('20.5')]] as const; // prettier-ignore
      assert.deepEqual(slots(series({ periods: [period(points, { minutes, count: 2 })] })), [
        [0, minutes, 10],
        [minutes, 2 * minutes, 20.5],
      ]);
    }
  });

  it('leaves a gap where curve A01 leaves out a position', () => {
    const points = [[1, mw(10)], [4, mw(40)]] as const; // prettier-ignore
    assert.deepEqual(slots(series({ periods: [period(points)] })), [
      [0, 15, 10],
      [45, 60, 40],
    ]);
  });

  it('repeats the value before where curve A03 leaves out a position, to the end of the period', () => {
    const points = [[1, mw(10)], [3, mw(30)]] as const; // prettier-ignore
    assert.deepEqual(slots(series({ curve: 'A03', periods: [period(points)] })), [
      [0, 15, 10],
      [15, 30, 10],
      [30, 45, 30],
      [45, 60, 30],
    ]);
  });

  it('knows nothing before the first position of curve A03, nor from a point without a value on', () => {
    const points = [[2, mw(20)], [3, ''], [4, '<quantity/>']] as const; // prettier-ignore
    assert.deepEqual(slots(series({ curve: 'A03', periods: [period(points)] })), [
      [15, 30, 20],
      [30, 45, null],
      [45, 60, null],
    ]);
  });

  it('reads several periods of a series, and the gap between them', () => {
    const later = period([[1, mw(50)]], { at: NOON + 8 * QUARTER, count: 1 });
    assert.deepEqual(slots(series({ periods: [period([[1, mw(10)]], { count: 1 }), later] })), [
      [0, 15, 10],
      [120, 135, 50],
    ]);
  });

  it('leaves consumption out, by its direction', () => {
    const periods = [period([[1, mw(10)]], { count: 1 })];
    const types = read(series({ periods }), series({ psrType: 'B19', direction: 'out', periods })).map(
      ({ type }) => type,
    );
    assert.deepEqual(types, ['B14']);
  });

  it('leaves storage out', () => {
    const periods = [period([[1, mw(10)]], { count: 1 })];
    assert.deepEqual(read(series({ psrType: 'B10', periods }), series({ psrType: 'B25', periods })), []);
  });

  for (const [name, { text, want }] of Object.entries({
    'another area': { text: SOUND.replaceAll(AREA, '10YBE----------2'), want: 'wrong-zone' },
    'another area, of what is consumed': {
      text: marketDocument([series({ area: '10YBE----------2', direction: 'out', periods: [period([[1, mw(10)]])] })]),
      want: 'wrong-zone',
    },
    'no area': { text: SOUND.replaceAll(/<inBidding.*Domain.mRID>/g, ''), want: 'malformed' },
    'another unit': { text: SOUND.replaceAll('>MAW<', '>KWT<'), want: 'malformed' },
    'another resolution': { text: SOUND.replaceAll('PT15M', 'P1D'), want: 'malformed' },
    'another curve': { text: SOUND.replaceAll('>A01</curveType>', '>A05</curveType>'), want: 'malformed' },
    'a quantity that is no number': { text: SOUND.replaceAll('>10<', '>n/e<'), want: 'malformed' },
    'a position of zero': { text: SOUND.replaceAll('<position>1<', '<position>0<'), want: 'malformed' },
    'a position beyond the period': { text: SOUND.replaceAll('<position>1<', '<position>5<'), want: 'malformed' },
    'a position far beyond': { text: SOUND.replaceAll('<position>1<', '<position>9999999<'), want: 'malformed' },
    'a period of a thousand years, which one point fills': {
      text: SOUND.replaceAll('>A01</curveType>', '>A03</curveType>').replaceAll(
        '2026-01-05T13:00Z',
        '3026-01-05T13:00Z',
      ),
      want: 'malformed',
    },
    'names of what every object has': {
      text: SOUND.replaceAll('MktPSRType>', '__proto__>').replaceAll('Period>', 'constructor>'),
      want: 'malformed',
    },
    'a time without an offset': { text: SOUND.replaceAll('T12:00Z', 'T12:00'), want: 'malformed' },
    'a series without a type': { text: SOUND.replaceAll(/<MktPSRType>.*<\/MktPSRType>/g, ''), want: 'malformed' },
    'another document': { text: '<Publication_MarketDocument/>', want: 'malformed' },
    'half a document': { text: SOUND.slice(0, SOUND.length / 2), want: 'malformed' },
    'tags that do not match': { text: SOUND.replaceAll('</Point>', ''), want: 'malformed' },
    'a document type of its own': { text: SOUND.replace('?>', '?><!DOCTYPE x>'), want: 'malformed' },
    'a document that is nested too deep': { text: `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`, want: 'malformed' },
    'no document': { text: '', want: 'malformed' },
    JSON: { text: '{"error":"down"}', want: 'malformed' },
  })) {
    it(`calls ${name} ${want}`, () => {
      assert.equal(reasonOf(text), want);
    });
  }

  it('never quotes a document that it cannot read', () => {
    assert.throws(
      () => parseGeneration('<a>the-secret', AREA),
      (error: Error) => !error.message.includes('the-secret'),
    );
  });
});

describe('fuelOfPsrType', () => {
  it('knows every production type of the code list', () => {
    const types = Array.from({ length: 25 }, (_, index) => `B${String(index + 1).padStart(2, '0')}`);
    const fuels = types.map((type) => `${type} ${fuelOfPsrType(type) ?? '-'}`);
    assert.deepEqual(fuels, [
      'B01 biomass',
      'B02 coal',
      'B03 other-fossil',
      'B04 gas',
      'B05 coal',
      'B06 oil',
      'B07 coal',
      'B08 coal',
      'B09 geothermal',
      'B10 -',
      'B11 hydro',
      'B12 hydro',
      'B13 ocean',
      'B14 nuclear',
      'B15 other-renewable',
      'B16 solar',
      'B17 other-fossil',
      'B18 wind',
      'B19 wind',
      'B20 other-fossil',
      'B21 -',
      'B22 -',
      'B23 -',
      'B24 -',
      'B25 -',
    ]);
  });

  it('counts what it does not know as other fossil', () => {
    assert.equal(fuelOfPsrType('B26'), 'other-fossil');
    assert.equal(fuelOfPsrType('toString'), 'other-fossil');
  });
});
