import assert from 'node:assert/strict';
import { simulateRequest } from '../../../../src/cli/simulate/options.ts';
import type { SimulateFlags, SimulateOptions } from '../../../../src/cli/simulate/options.ts';
import { linesOfError } from '../../../support/simulate-files.ts';

const FILES = { jobs: 'jobs.csv', intensity: 'intensity.csv' };

function options(flags: SimulateFlags): SimulateOptions {
  const request = simulateRequest({ ...FILES, ...flags });
  assert.equal(request.kind, 'simulate');
  return request.options;
}

describe('simulateRequest', () => {
  it('has a default for everything but the files', () => {
    assert.deepEqual(options({}), {
      ...{ ...FILES, policy: null, strategy: null, forecast: { kind: 'rolling' }, nowcast: true, durations: 'known' },
      ...{ baseline: 'random', price: null, sweep: false, capacity: new Map(), seed: 0, out: null, chart: null },
      json: false,
    });
  });

  const taken: Record<string, { flags: SimulateFlags; want: Partial<SimulateOptions> }> = {
    'a strategy': { flags: { strategy: 'online' }, want: { strategy: 'online' } },
    'a published method': { flags: { strategy: 'wait-awhile' }, want: { strategy: 'wait-awhile' } },
    'noise in percent': { flags: { forecast: 'noise:5%' }, want: { forecast: { kind: 'noise', share: 0.05 } } },
    'a forecast of a file': {
      flags: { forecast: 'file:a b.csv' },
      want: { forecast: { kind: 'file', path: 'a b.csv' } },
    },
    'a nowcast that is switched off': { flags: { nowcast: 'false' }, want: { nowcast: false } },
    'a nowcast that is switched on': { flags: { nowcast: 'true' }, want: { nowcast: true } },
    'a nowcast without a word': { flags: { nowcast: true }, want: { nowcast: true } },
    'a price of nothing': { flags: { price: '0' }, want: { price: 0 } },
    'limits of two regions': {
      flags: { capacity: ['us-east-1=3', 'eu-west-1=12'] },
      want: { capacity: new Map(Object.entries({ 'us-east-1': 3, 'eu-west-1': 12 })) as never },
    },
    'the greatest seed': { flags: { seed: '4294967295' }, want: { seed: 4_294_967_295 } },
    'a chart by its ending, in any letters': {
      flags: { chart: 'a.PNG' },
      want: { chart: { file: 'a.PNG', format: 'png' } },
    },
    'a chart of a sweep': {
      flags: { sweep: true, chart: 'a.svg' },
      want: { sweep: true, chart: { file: 'a.svg', format: 'svg' } },
    },
  };
  for (const [form, { flags, want }] of Object.entries(taken)) {
    it(`takes ${form}`, () => {
      const all = options(flags);
      assert.deepEqual(Object.fromEntries(Object.keys(want).map((key) => [key, all[key as keyof typeof all]])), want);
    });
  }

  it('takes a scenario, its seed and its folder', () => {
    assert.deepEqual(simulateRequest({ generate: 'seed-000', seed: '3', out: 'made' }), {
      kind: 'generate',
      request: { name: 'seed-000', seed: 3, folder: 'made' },
    });
  });

  const refused: Record<string, { flags: SimulateFlags; want: readonly string[] }> = {
    'no files': {
      flags: { jobs: undefined, intensity: undefined } as unknown as SimulateFlags,
      want: [
        '--jobs FILE is missing: a list of jobs (or --generate NAME makes one)',
        '--intensity FILE is missing: the carbon intensity of their regions',
      ],
    },
    'a sweep at one price': {
      flags: { sweep: true, price: '1' },
      want: ['--sweep tries prices of its own: leave --price out'],
    },
    'one schedule of many': {
      flags: { sweep: true, out: 's.csv' },
      want: ['--out writes one schedule and --sweep makes many: leave one out'],
    },
    'an unknown strategy': {
      flags: { strategy: 'best' },
      want: ['--strategy best: expected immediate, threshold, window, interruptible, online, ecovisor, wait-awhile'],
    },
    'an unknown forecast': {
      flags: { forecast: 'noise:5' },
      want: ['--forecast noise:5: expected perfect | none | noise:P% | persistence | rolling | file:F.csv'],
    },
    'a nowcast that is neither': { flags: { nowcast: 'yes' }, want: ['--nowcast yes: expected true, false'] },
    'unknown durations': {
      flags: { durations: 'mean' },
      want: ['--durations mean: expected known, class, unknown'],
    },
    'an unknown baseline': { flags: { baseline: 'best' }, want: ['--baseline best: expected random, home'] },
    'a negative price': {
      flags: { price: '-1' },
      want: ['--price -1: expected gCO2eq per kWh and hour of delay from 0 up, such as 2.5'],
    },
    'a price of no figure': {
      flags: { price: ' ' },
      want: ['--price  : expected gCO2eq per kWh and hour of delay from 0 up, such as 2.5'],
    },
    'a limit without a region': {
      flags: { capacity: ['=3'] },
      want: ['--capacity =3: expected REGION=N, N a whole number from 1 up, such as us-east-1=20'],
    },
    'a limit of nothing': {
      flags: { capacity: ['us-east-1=0'] },
      want: ['--capacity us-east-1=0: expected REGION=N, N a whole number from 1 up, such as us-east-1=20'],
    },
    'two limits of one region': {
      flags: { capacity: ['us-east-1=1', 'us-east-1=2'] },
      want: ['--capacity us-east-1=2: us-east-1 has a limit already: give each region one'],
    },
    'a seed that is no whole number': {
      flags: { seed: '1.5' },
      want: ['--seed 1.5: expected a whole number from 0 to 4294967295'],
    },
    'a chart of another kind': {
      flags: { chart: 'a.pdf' },
      want: ['--chart a.pdf: expected a file that ends in .svg or .png'],
    },
    'several at once': {
      flags: { strategy: 'x', seed: '-1' },
      want: [
        '--seed -1: expected a whole number from 0 to 4294967295',
        '--strategy x: expected immediate, threshold, window, interruptible, online, ecovisor, wait-awhile',
      ],
    },
    'a scenario without a folder': {
      flags: { jobs: undefined, intensity: undefined, generate: 'seed-000' } as unknown as SimulateFlags,
      want: ['--generate needs --out DIR: the folder to write into'],
    },
    'a scenario and a simulation at once': {
      flags: { generate: 'seed-000', out: 'x', json: true },
      want: ['--generate writes files alone: leave --jobs, --intensity, --json out'],
    },
  };
  for (const [fault, { flags, want }] of Object.entries(refused)) {
    it(`refuses ${fault}`, async () => {
      assert.deepEqual(await linesOfError(() => simulateRequest({ ...FILES, ...flags })), want);
    });
  }
});
