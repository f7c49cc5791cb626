import assert from 'node:assert/strict';
import { parseDataSize, parseEnergy, parsePower } from '../../../src/policy/amounts.ts';
import { intentOf } from '../../support/intents.ts';

type Case = readonly [text: string, want: number | null];

const ENERGIES: readonly Case[] = [
  ['0.3kWh', 0.3],
  ['300Wh', 0.3],
  ['1.5MWh', 1500],
  ['0kWh', null],
  ['0.3', null],
  ['-1kWh', null],
  ['1e3kWh', null],
  ['0.3 kWh', null],
  ['', null],
];
const POWERS: readonly Case[] = [
  ['250W', 0.25],
  ['1.2kW', 1.2],
  ['0W', null],
  ['250', null],
  ['250w', null],
];
const SIZES: readonly Case[] = [
  ['50Gi', 53.687_091_2],
  ['50G', 50],
  ['1500000000', 1.5],
  ['0', 0],
  ['50GB', null],
  ['', null],
];

describe('amounts of annotations', () => {
  const tables = {
    energy: [parseEnergy, ENERGIES],
    power: [parsePower, POWERS],
    data: [parseDataSize, SIZES],
  } as const;
  for (const [what, [parse, cases]] of Object.entries(tables)) {
    for (const [text, want] of cases) {
      it(`read ${what} ${JSON.stringify(text)} as ${String(want)}`, () => {
        assert.equal(parse(text), want);
      });
    }
  }
});

describe('resolveIntent, of energy and data', () => {
  it('takes the energy that the work names, else its power times its duration', () => {
    assert.equal(intentOf({ energy: '0.3kWh', power: '250W', 'expected-duration': '4h' }).energyKwh, 0.3);
    assert.equal(intentOf({ power: '250W', 'expected-duration': '4h' }).energyKwh, 1);
    assert.equal(intentOf({ power: '250W' }).energyKwh, null);
    assert.equal(intentOf({ power: '250W', 'expected-duration': '0s' }).energyKwh, null);
  });

  it('knows where data lies, of whatever size', () => {
    assert.deepEqual(intentOf({ 'data-size': '50G', 'data-region': 'eu-west-1' }).data, {
      gb: 50,
      region: 'eu-west-1',
    });
    assert.deepEqual(intentOf({ 'data-region': 'eu-west-1' }).data, { gb: 0, region: 'eu-west-1' });
    assert.equal(intentOf({}).data, null);
  });

  it('refuses a size of data that is nowhere', () => {
    const { data, problems } = intentOf({ 'data-size': '50G' });

    assert.equal(data, null);
    assert.deepEqual(
      problems.map(({ annotation }) => annotation),
      ['lowtide.dev/data-size'],
    );
  });

  it('tells the threshold of an annotation from that of a class', () => {
    assert.equal(intentOf({ class: 'standard', 'max-intensity': '300' }).hold.thresholdOf, 'annotation');
    assert.equal(intentOf({ class: 'standard' }).hold.thresholdOf, 'class');
  });

  it('takes for interruptible only what says so', () => {
    assert.equal(intentOf({ interruptible: 'true' }).hold.interruptible, true);
    assert.equal(intentOf({ interruptible: 'false' }).hold.interruptible, false);
    assert.equal(intentOf({ interruptible: 'yes' }).problems.length, 1);
  });
});
