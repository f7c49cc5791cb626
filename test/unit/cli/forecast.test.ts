import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '../../../src/carbon/units.ts';
import { forecastCommand } from '../../../src/cli/forecast/command.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { syntheticGrid } from '../../support/synthetic-grid.ts';

interface Printed {
  columns: {
    column: string;
    forecasts: number;
    leads: {
      upToHours: number;
      maeBelowBestBaselinePct: number;
      methods: Record<string, { mae: number; coveragePct: number | null }>;
    }[];
  }[];
}

describe('lowtide forecast evaluate', () => {
  let folder: string;
  let file: string;
  let out: string[];
  let err: string[];
  let elapsed: number;

  beforeEach(async () => {
    [out, err, elapsed] = [[], [], 0];
    folder = await mkdtemp(join(tmpdir(), 'lowtide-forecast-'));
    file = join(folder, 'grid.csv');
    const [one, two] = [syntheticGrid({ days: 50 }), syntheticGrid({ days: 50, seed: 2 })];
    const rows = Array.from(one.values, (value, i) => {
      const time = new Date(one.start + i * one.step).toISOString();
      return `${time},${value.toFixed(2)},${i === 1000 ? '' : (two.values[i] ?? 0).toFixed(2)}`;
    });
    await writeFile(file, ['time,north,south', ...rows].join('\n'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function run(args: readonly string[], { terminal = false, tick = 0 } = {}): Promise<void> {
    const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line), exit: () => undefined };
    const clock = { now: () => instant(0), monotonic: () => (elapsed += tick) };
    const command = forecastCommand({ io, terminal, clock });
    await command.parseAsync(['evaluate', '--intensity', file, '--stride', '7h', ...args], { from: 'user' });
  }

  it('prints a line for each method, the mean gain, and what is meant, in 100 columns', async () => {
    await run([]);

    assert.match(out[0] ?? '', /up to +MAE g\/kWh +MAPE % +rank corr\. +10-90 % holds % +MAE against best %/);
    assert.match(out[1] ?? '', /^north: 66 forecasts, issued from 2026-02-04T00:00Z to 2026-02-22T23:00Z$/);
    assert.match(out[2] ?? '', /^ {2}lowtide +24h +\d+\.\d\d +\d+\.\d +0\.\d{3} +\d\d\.\d +-\d+\.\d$/);
    assert.match(out[3] ?? '', /^ {2}persistence +24h +\d+\.\d\d +\d+\.\d +- +-$/);
    assert.match(out[11] ?? '', /^mean of 2 +24h +-\d+\.\d$/);
    assert.ok(out.every((line) => line.length <= 100));
  });

  it('prints the same figures for programs', async () => {
    await run(['--json', '--horizon', '36h']);

    const { columns } = JSON.parse(out.join('\n')) as Printed;
    assert.deepEqual(
      columns.map(({ column, leads }) => [column, leads.map(({ upToHours }) => upToHours)]),
      [
        ['north', [24, 36]],
        ['south', [24, 36]],
      ],
    );
    const [lead] = columns[0]?.leads ?? [];
    const { mae = NaN } = lead?.methods['lowtide'] ?? {};
    const best = Math.min(
      ...['persistence', 'day-before', 'week-before'].map((name) => lead?.methods[name]?.mae ?? NaN),
    );
    assert.ok(Math.abs((lead?.maeBelowBestBaselinePct ?? NaN) - 100 * (1 - mae / best)) < 1e-9);
    assert.equal(lead?.methods['persistence']?.coveragePct, null);
  });

  it('takes the columns that are named', async () => {
    await run(['--column', 'south', '--json']);

    assert.deepEqual(
      (JSON.parse(out.join('\n')) as Printed).columns.map(({ column }) => column),
      ['south'],
    );
  });

  it('tells a terminal how far it is, where that takes more than two seconds', async () => {
    await run([], { terminal: true, tick: 1500 });

    assert.match(err[0] ?? '', /^lowtide: \d+ % evaluated$/);
  });

  it('is silent about it otherwise', async () => {
    await run([], { terminal: true, tick: 10 });
    await run([], { terminal: false, tick: 1500 });

    assert.deepEqual(err, []);
  });

  const refused: Record<string, { args: readonly string[]; want: RegExp }> = {
    'a file that is not there': {
      args: ['--intensity', '/nonexistent.csv'],
      want: /\/nonexistent\.csv: cannot be read \(ENOENT\)/,
    },
    'a horizon that is no duration': {
      args: ['--horizon', 'soon'],
      want: /--horizon soon: expected a duration above 0/,
    },
    'a stride of nothing': { args: ['--stride', '0s'], want: /--stride 0s: expected a duration above 0/ },
    'a horizon between steps': {
      args: ['--horizon', '90m'],
      want: /--horizon 1h30m: expected a whole number of the steps/,
    },
    'an unknown column': { args: ['--column', 'east'], want: /--column east: .*grid\.csv has north, south/ },
    'a file too short': {
      args: ['--horizon', '600h'],
      want: /column north: nothing to score: needs more than 720h .* 600h/,
    },
  };
  for (const [name, { args, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(run(args), (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.lines.length, 1);
        assert.match(error.lines[0] ?? '', want);
        return true;
      });
      assert.deepEqual(out, []);
    });
  }

  it('refuses steps that a day cannot be told by', async () => {
    const rows = [0, 1, 2].map((day) => `2026-01-0${day + 1}T00:00:00Z,${day}`);
    await writeFile(file, ['time,north', ...rows].join('\n'));

    await assert.rejects(run(['--stride', '24h']), /steps of 24h: a forecast needs steps that divide a day/);
  });
});
