import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dayOfGrids, HEADER, inputFiles, simulateWith } from '../../../support/simulate-command.ts';
import { linesOfError, ownFolder } from '../../../support/simulate-files.ts';

/** 05:00 to 06:00 in Europe emits 300 g, from 06:00 on 100 g. */
const WAITS = 'waits,2026-01-01T04:30:00Z,deferrable,60,1,eu-strict';
const URGENT = 'now,2026-01-01T05:00:00Z,urgent,120,2,global';
const PERFECT = ['--strategy', 'window', '--forecast', 'perfect'];

interface Printed {
  readonly [key: string]: unknown;
  readonly schedule: { readonly kg: number; readonly reductionPct: number; readonly meanDelayMin: number };
  readonly baseline: { readonly kind: string; readonly kg: number };
  readonly oracle: { readonly kg: number };
  readonly sweep: readonly { readonly price: number; readonly meanDelayMin: number; readonly reductionPct: number }[];
}

function close(actual: unknown, wanted: number): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - wanted) < 1e-9, `${String(actual)}, not ${wanted}`);
}

describe('lowtide simulate', () => {
  const folder = ownFolder();

  async function printed(args: readonly string[]): Promise<Printed> {
    const { out, err, exit } = await simulateWith([...args, '--json']);
    assert.deepEqual({ err, exit }, { err: [], exit: null });
    return JSON.parse(out.join('\n')) as Printed;
  }

  it('prints every figure of the contract, and what each comes to', async () => {
    const report = await printed([...(await inputFiles(folder, [WAITS, URGENT])), ...PERFECT]);

    const { schedule, oracle, baseline, ...rest } = report;
    assert.deepEqual(Object.keys(report).slice(0, 6), [
      ...['jobs', 'unbillable', 'energyKwh', 'baseline', 'schedule', 'oracle'],
    ]);
    for (const key of ['shareOfOraclePct', 'shareBeyondSpacePct', 'forecast', 'byClass']) assert.ok(key in report, key);
    assert.deepEqual(Object.keys(schedule), [
      ...['kg', 'reductionPct', 'meanDelayMin', 'p50DelayMin', 'p95DelayMin', 'maxDelayMin', 'residencyViolations'],
      ...['deadlineMisses', 'peakConcurrency', 'costChangePct', 'residencyOverrides'],
    ]);
    assert.deepEqual([report['jobs'], report['unbillable']], [2, 0]);
    close(report['energyKwh'], 3);
    // At arrival: half an hour at 300 and half of it at 300; two hours at 1 kW, half of the expectation in each region.
    const random = 0.3 + (0.405 + 0.406 + 0.3 + 0.1) / 2;
    assert.equal(baseline.kind, 'random');
    close(baseline.kg, random);
    close(schedule.kg, 0.1 + 0.3 + 0.1);
    close(schedule.reductionPct, (100 * (random - 0.5)) / random);
    close(schedule.meanDelayMin, 45);
    close(oracle.kg, 0.5);
    close(rest['shareOfOraclePct'], 100);
    close(rest['shareBeyondSpacePct'], 100);
    assert.deepEqual(rest['forecast'], { kind: 'perfect', nowcast: true });
    assert.deepEqual(Object.keys(rest['byClass'] ?? {}), ['deferrable', 'urgent']);
  });

  it('shows a person the same, and says what to make of a perfect forecast', async () => {
    const { out } = await simulateWith([...(await inputFiles(folder, [WAITS, URGENT])), ...PERFECT]);

    const text = out.join('\n');
    for (const line of [
      /^2 jobs, 3\.0 kWh; us-east-1, eu-central-1; 2026-01-01T00:00Z to 2026-01-02T00:00Z by 1h$/m,
      /^strategy: window; price: each class's own; durations: known$/m,
      /^forecast: perfect; the current slot's value is known$/m,
      /^ +KG CO2EQ +SAVED % +DELAY, MIN: MEAN +P50 +P95 +MAX$/m,
      /^baseline: any region, at arrival +0\.905$/m,
      /^cleanest region, at arrival +0\.700 +22\.69 +0\.0$/m,
      /^schedule +0\.500 +44\.78 +45\.0 +0\.0 +90\.0 +90\.0$/m,
      /^oracle \(a bound\) +0\.500 +44\.78 +45\.0$/m,
      /^share of the oracle 100\.00 %, beyond space 100\.00 %$/m,
      /^deferrable +1 +66\.67 +90\.0 +90\.0 +90\.0 +90\.0 +0$/m,
      /^residency violations: 0; deadlines missed: 0; most jobs at once: 2$/m,
      /^data moved: 0\.0 GB in 0 moves/m,
      /^note: a perfect forecast is an upper bound: no forecast is$/m,
    ]) {
      assert.match(text, line);
    }
    assert.doesNotMatch(text, /baseline: home/);
  });

  it('shows both baselines where every job has a home', async () => {
    const files = await inputFiles(folder, [`${URGENT},us-east-1`], { header: `${HEADER},home_region` });
    const { out } = await simulateWith([...files, ...PERFECT, '--baseline', 'home']);

    assert.match(out.join('\n'), /^baseline: home, at arrival +0\.811\nbaseline: any region, at arrival +0\.606$/m);
  });

  it('writes the schedule', async () => {
    const out = folder.path('schedule.csv');
    await simulateWith([...(await inputFiles(folder, [WAITS, URGENT])), ...PERFECT, '--out', out]);

    assert.equal(
      await readFile(out, 'utf8'),
      [
        'id,region,start,end,delay_min,grams',
        'waits,eu-central-1,2026-01-01T06:00:00Z,2026-01-01T07:00:00Z,90,100',
        'now,eu-central-1,2026-01-01T05:00:00Z,2026-01-01T07:00:00Z,0,400',
        '',
      ].join('\n'),
    );
  });

  it('writes the parts of a job that was paused, and quotes an id that needs it', async () => {
    const out = folder.path('schedule.csv');
    const job = '"a, b",2026-01-01T07:00:00Z,batch,180,3,eu-strict,true,2026-01-02T07:30:00Z';
    const files = await inputFiles(folder, [job], {
      header: `${HEADER},interruptible,deadline`,
      intensity: dayOfGrids(48),
    });
    await simulateWith([...files, '--strategy', 'interruptible', '--forecast', 'perfect', '--out', out]);

    const [header, row] = (await readFile(out, 'utf8')).split('\n');
    assert.equal(header, 'id,region,start,end,delay_min,grams,segments');
    assert.equal(
      row,
      '"a, b",eu-central-1,2026-01-01T07:00:00Z,2026-01-02T07:00:00Z,1260,300,' +
        'eu-central-1@2026-01-01T07:00:00Z/2026-01-01T09:00:00Z|eu-central-1@2026-01-02T06:00:00Z/2026-01-02T07:00:00Z',
    );
  });

  it('counts jobs that could run past the end, leaves them out of every figure, and exits 1', async () => {
    const out = folder.path('schedule.csv');
    const late = 'late,2026-01-01T20:00:00Z,deferrable,60,1,global';
    const { err, exit, ...ran } = await simulateWith([
      ...(await inputFiles(folder, [WAITS, late])),
      ...[...PERFECT, '--json', '--out', out],
    ]);

    const report = JSON.parse(ran.out.join('\n')) as Printed;
    assert.deepEqual([report['jobs'], report['unbillable'], exit], [2, 1, 1]);
    close(report['energyKwh'], 1);
    assert.match(err.join('\n'), /^lowtide: 1 of 2 jobs arrive before .*intensity\.csv or could run past its end/);
    assert.equal((await readFile(out, 'utf8')).split('\n').length, 3);
  });

  it('saves and waits less, the more an hour of delay must save', async () => {
    const folderOfScenario = folder.path('made');
    await simulateWith(['--generate', 'seed-000', '--seed', '3', '--out', folderOfScenario]);
    const files = ['--jobs', `${folderOfScenario}/jobs.csv`, '--intensity', `${folderOfScenario}/intensity.csv`];
    const report = await printed([...files, ...PERFECT, '--sweep']);

    const { sweep } = report;
    assert.ok(sweep.length > 10);
    const [first] = sweep;
    assert.deepEqual([first?.price, first?.reductionPct], [0, report.schedule.reductionPct]);
    for (const [index, point] of sweep.slice(1).entries()) {
      const before = sweep[index];
      assert.ok(before !== undefined && point.price > before.price);
      assert.ok(point.meanDelayMin <= before.meanDelayMin && point.reductionPct <= before.reductionPct + 0.01);
    }
    assert.ok((sweep.at(-1)?.meanDelayMin ?? Infinity) < 1);
  }).timeout(30_000);

  it('prints the sweep as a table', async () => {
    const { out } = await simulateWith([...(await inputFiles(folder, [WAITS])), ...PERFECT, '--sweep']);

    const heading = out.findIndex((line) => /^PRICE +KG CO2EQ +SAVED % +OF THE ORACLE %/.test(line));
    assert.ok(heading > 0);
    assert.match(out[heading + 1] ?? '', /^0 +0\.100 +66\.67 +100\.00 +90\.0 +90\.0 +90\.0 +90\.0$/);
  });

  it('limits what is planned into a region', async () => {
    const files = await inputFiles(folder, [WAITS, WAITS.replace('waits', 'also')]);
    const limited = await printed([...files, ...PERFECT, '--capacity', 'eu-central-1=1', '--capacity', 'us-east-1=1']);

    assert.equal((limited.schedule as unknown as { peakConcurrency: number }).peakConcurrency, 1);
  });

  it('takes a forecast from a file', async () => {
    const forecast = await folder.write('forecast.csv', dayOfGrids().replaceAll(/,100$/gm, ',900'));
    const files = await inputFiles(folder, [WAITS]);
    const report = await printed([...files, '--strategy', 'window', '--forecast', `file:${forecast}`]);

    close(report.schedule.meanDelayMin, 0);
    assert.deepEqual(report['forecast'], { kind: `file:${forecast}`, nowcast: true });
  });

  it('draws a bar on a terminal once it takes two seconds, and takes it away', async () => {
    const files = await inputFiles(folder, [WAITS]);
    const { drawn } = await simulateWith([...files, ...PERFECT], { tick: 1100 });

    assert.match(drawn, /(?:finding the least that is possible|simulating) [█░]{30} \d+ %/);
    assert.ok(drawn.endsWith('\r\u001b[K'));
    assert.equal((await simulateWith([...files, ...PERFECT], { tick: 1 })).drawn, '');
  });

  const wrongInput: Record<
    string,
    { jobs: readonly string[]; header?: string; args?: readonly string[]; want: RegExp }
  > = {
    'an unknown class without a deadline': {
      jobs: [WAITS, WAITS.replace('waits', 'b').replace('deferrable', 'batch')],
      want: /jobs\.csv:3: job b: class batch is not in the policy \(urgent, standard, deferrable\), and it has no deadline$/,
    },
    'an unknown residency': {
      jobs: [WAITS.replace('eu-strict', 'mars')],
      want: /jobs\.csv:2: job waits: residency mars is not a set of the policy \(.*eu-strict.*\)$/,
    },
    'a residency that permits none of the regions': {
      jobs: [WAITS],
      args: ['--intensity', 'west.csv'],
      want: /jobs\.csv:2: job waits: residency eu-strict permits none of the regions that the intensity names$/,
    },
    'a home that has no column': {
      jobs: [`${WAITS},eu-west-1`],
      header: `${HEADER},home_region`,
      want: /jobs\.csv:2: job waits: the intensity has no column for region eu-west-1$/,
    },
    'a home that nobody knows': {
      jobs: [`${WAITS},atlantis`],
      header: `${HEADER},home_region`,
      want: /jobs\.csv:2: job waits: region atlantis is not in the policy's regions$/,
    },
    'the baseline home where a job has none': {
      jobs: [WAITS],
      args: ['--baseline', 'home'],
      want: /jobs\.csv:2: job waits: the baseline home needs a home_region for every job$/,
    },
    'a column that is no region': {
      jobs: [URGENT],
      args: ['--intensity', 'zone.csv'],
      want: /zone\.csv:1: intensity: region DE is not in the policy's regions$/,
    },
    'a limit of a region without a column': {
      jobs: [WAITS],
      args: ['--capacity', 'eu-west-1=2'],
      want: /--capacity eu-west-1: .*intensity\.csv has us-east-1, eu-central-1$/,
    },
    'a forecast of other regions': {
      jobs: [WAITS],
      args: ['--forecast', 'file:zone.csv'],
      want: /--forecast file:.*zone\.csv: foretells DE: expected us-east-1, eu-central-1$/,
    },
    'a schedule that cannot be written': {
      jobs: [WAITS],
      args: ['--out', '/nonexistent/schedule.csv'],
      want: /^--out \/nonexistent\/schedule\.csv: cannot be written \(ENOENT\): name a file that can$/,
    },
    'a chart in place of a folder': {
      jobs: [WAITS],
      args: ['--chart', 'folder.svg'],
      want: /^--chart .*folder\.svg: cannot be written \(EISDIR\): name a file that can$/,
    },
    'a policy that is not there': {
      jobs: [WAITS],
      args: ['--policy', '/nonexistent.yaml'],
      want: /^\/nonexistent\.yaml: cannot be read \(ENOENT\)/,
    },
  };
  for (const [fault, { jobs, header = HEADER, args = [], want }] of Object.entries(wrongInput)) {
    it(`refuses ${fault}`, async () => {
      await folder.write('west.csv', dayOfGrids().replace(',eu-central-1', ',us-west-2'));
      await folder.write(
        'zone.csv',
        dayOfGrids()
          .replaceAll(/^([^,]+),[^,]+/gm, '$1')
          .replace('eu-central-1', 'DE'),
      );
      await folder.folder('folder.svg');
      const placed = args.map((arg) => arg.replace(/(west|zone)\.csv|folder\.svg/, (name) => folder.path(name)));

      const files = await inputFiles(folder, jobs, { header });
      const lines = await linesOfError(() => simulateWith([...files, ...placed]));
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0] ?? '', want);
    });
  }
});
