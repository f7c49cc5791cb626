import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { XMLParser } from 'fast-xml-parser';
import { SlotSums } from '../../../../src/cli/simulate/chart/slot-sums.ts';
import { timelineOf } from '../../../../src/cli/simulate/chart/timeline.ts';
import { outcomeOf } from '../../../../src/cli/simulate/outcome.ts';
import { readInput } from '../../../../src/cli/simulate/inputs.ts';
import { simulateRequest } from '../../../../src/cli/simulate/options.ts';
import { ProgressBar } from '../../../../src/cli/simulate/progress.ts';
import { inputFiles, simulateWith } from '../../../support/simulate-command.ts';
import { ownFolder } from '../../../support/simulate-files.ts';

const PERFECT = ['--strategy', 'window', '--forecast', 'perfect'];
const WAITS = 'waits,2026-01-01T04:30:00Z,deferrable,60,1,eu-strict';
const URGENT = 'now,2026-01-01T05:00:00Z,urgent,120,2,global';

/** The corners of the one path of a class, in pixels. */
function corners(svg: string, name: string): readonly (readonly [number, number])[] {
  const found = svg.split('<path ').filter((path) => path.startsWith(`class="${name}"`));
  assert.equal(found.length, 1, name);
  const [, shape = ''] = / d="([^"]*)"/.exec(found[0] ?? '') ?? [];
  return shape
    .slice(1)
    .split('L')
    .map((corner) => corner.split(',').map(Number) as unknown as readonly [number, number]);
}

describe('SlotSums', () => {
  const slots = { start: 1000, step: 10, count: 5 };

  const added: Record<string, { from: number; to: number; want: readonly number[] }> = {
    'within a slot': { from: 1012, to: 1015, want: [0, 6, 0, 0, 0] },
    'over the edge of two': { from: 1008, to: 1013, want: [4, 6, 0, 0, 0] },
    'over several': { from: 1005, to: 1042, want: [10, 20, 20, 20, 4] },
    'from edge to edge': { from: 1010, to: 1030, want: [0, 20, 20, 0, 0] },
    'to the very end': { from: 1045, to: 1050, want: [0, 0, 0, 0, 10] },
    'no time at all': { from: 1020, to: 1020, want: [0, 0, 0, 0, 0] },
  };
  for (const [what, { from, to, want }] of Object.entries(added)) {
    it(`adds what lasts ${what}`, () => {
      const sums = new SlotSums(slots);
      sums.add(from, to, 2);
      assert.deepEqual([...sums.sums()], want);
    });
  }

  it('adds up', () => {
    const sums = new SlotSums(slots);
    sums.add(1005, 1042, 2);
    sums.add(1008, 1013, 1);
    assert.deepEqual([...sums.sums()], [12, 23, 20, 20, 4]);
  });
});

describe('lowtide simulate --chart', () => {
  const folder = ownFolder();

  async function drawn(args: readonly string[], jobs: readonly string[] = [WAITS, URGENT]): Promise<string> {
    const file = folder.path('chart.svg');
    await simulateWith([...(await inputFiles(folder, jobs)), ...PERFECT, '--chart', file, ...args]);
    return readFile(file, 'utf8');
  }

  it('adds up emissions, running and waiting jobs by the hour', async () => {
    const [, jobs = '', , intensity = ''] = await inputFiles(folder, [WAITS, URGENT]);
    const request = simulateRequest({ jobs, intensity, strategy: 'window', forecast: 'perfect' });
    assert.equal(request.kind, 'simulate');
    const input = await readInput(request.options);
    const { simulation } = outcomeOf(input, request.options, new ProgressBar(null));
    const { start, span, emissions, running, waiting } = timelineOf({ input, simulation, baseline: 'random' });

    assert.deepEqual([new Date(start).toISOString(), span], ['2026-01-01T04:00:00.000Z', 3_600_000]);
    const near = (values: Float64Array): readonly number[] =>
      Array.from(values, (value) => Math.round(value * 1e6) / 1e6);
    assert.deepEqual(near(emissions.schedule), [0, 0.3, 0.2]);
    assert.deepEqual(near(emissions.baseline), [0.15, 0.15 + 0.3525, 0.253]);
    assert.deepEqual(near(running.schedule), [0, 1, 2]);
    assert.deepEqual(near(running.baseline), [0.5, 1.5, 1]);
    assert.deepEqual(near(waiting), [0.5, 1, 0]);
  });

  it('draws them: schedule and baseline, each with its key', async () => {
    const svg = await drawn([]);

    assert.ok('svg' in (new XMLParser().parse(svg) as object));
    assert.match(svg, /<title>Emissions and queue over time<\/title>/);
    for (const words of ['schedule', 'baseline', 'waiting or paused', 'kg CO₂eq an hour', 'UTC', '44.8 % less']) {
      assert.ok(svg.includes(words), words);
    }
    // Three hours wide: the schedule emits nothing, then most, then two thirds of that.
    const schedule = corners(svg, 'emissions schedule');
    const levels = [...new Set(schedule.map(([, y]) => y))];
    assert.deepEqual([schedule[0]?.[0], schedule.at(-1)?.[0]], [78, 1080]);
    const [none = NaN, most = NaN, last = NaN] = levels;
    assert.ok(Math.abs((none - last) / (none - most) - 2 / 3) < 0.01);
    assert.equal(corners(svg, 'running schedule').length, 7);
    assert.notDeepEqual(corners(svg, 'emissions baseline'), schedule);
  });

  it('draws the same bytes again', async () => {
    assert.equal(await drawn([]), await drawn([]));
  });

  it('draws a PNG', async () => {
    const file = folder.path('chart.png');
    await simulateWith([...(await inputFiles(folder, [WAITS])), ...PERFECT, '--chart', file]);

    assert.deepEqual([...(await readFile(file)).subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
  });

  it('draws nothing but axes where no job is billed', async () => {
    const svg = await drawn([], [WAITS.replace('01-01T04', '01-01T20')]);

    assert.equal(new Set(corners(svg, 'emissions schedule').map(([, y]) => y)).size, 1);
  });

  it('draws a sweep as saving against delay, below the oracle and above space', async () => {
    const svg = await drawn(['--sweep']);

    assert.match(svg, /<title>What waiting saves<\/title>/);
    assert.match(svg, />oracle 44\.8 %</);
    assert.match(svg, />cleanest region at arrival 22\.7 %</);
    const curve = corners(svg, 'curve');
    const [oracle = NaN] = corners(svg.replaceAll('H1080', ''), 'oracle').map(([, y]) => y);
    assert.ok(curve.length > 10);
    assert.deepEqual(
      curve.map(([x]) => x),
      curve.map(([x]) => x).sort((a, b) => a - b),
    );
    assert.ok(curve.every(([, y]) => y >= oracle));
    assert.equal(svg.match(/<circle /g)?.length, curve.length);
  });
});
