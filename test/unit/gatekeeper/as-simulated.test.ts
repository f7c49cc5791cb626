import assert from 'node:assert/strict';
import { readingsAt, resolveColumns } from '../../../src/carbon/trace.ts';
import type { Replay, Trace } from '../../../src/carbon/trace.ts';
import type { GramsPerKwh } from '../../../src/carbon/units.ts';
import { instant, millis, region, zone } from '../../../src/carbon/units.ts';
import { CLASS, EXPECTED_DURATION, PREFIX, RESIDENCY } from '../../../src/policy/annotations.ts';
import { openForecast } from '../../../src/simulation/forecast/open.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import type { IntensityTable, JobTable } from '../../../src/simulation/types.ts';
import { Scene } from '../../support/gatekeeper.ts';
import { intentOf } from '../../support/intents.ts';
import { Life } from '../../support/life.ts';
import { uniformStream } from '../../../src/simulation/random.ts';
import { NOW, policy, signal, workClass, world } from '../../support/world.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const PLACES = ['eu-west-1', 'eu-central-1', 'us-east-1'];
const SLOTS = 96;
const JOBS = 60;
const CLASSES = [
  workClass('standard', { maxDelay: millis(2 * HOUR), price: 3 }),
  workClass('deferrable', { maxDelay: millis(12 * HOUR), minGain: 0.02 }),
];
const POLICY = policy({ classes: CLASSES, scheduler: { switchCost: millis(2 * MINUTE) } });

/** A grid with days and weather, and jobs over its first two days. */
function recorded(seed: number): { readonly truth: IntensityTable; readonly jobs: JobTable } {
  const random = uniformStream(seed, 'parity');
  const columns = PLACES.map((_, place) =>
    Float64Array.from({ length: SLOTS }, (__, slot) => {
      const day = 100 * Math.cos(((slot % 24) - 4 * place - 18) * (Math.PI / 12));
      return Math.round((300 + 40 * place + day + 60 * random()) * 100) / 100;
    }),
  );
  const truth = { start: NOW, step: millis(HOUR), count: SLOTS, regions: PLACES.map(region), columns };
  const of = (value: () => number): Float64Array => Float64Array.from({ length: JOBS }, value);
  const kinds = CLASSES.flatMap(({ name }) =>
    ['global', 'eu-strict'].map((residency) => ({
      workClass: name,
      residency,
      home: null,
      interruptible: false,
      dataRegion: null,
    })),
  );
  const jobs = {
    count: JOBS,
    ids: Array.from({ length: JOBS }, (_, job) => `job-${job}`),
    arrival: of(() => NOW + Math.floor(random() * 48 * 60) * MINUTE).sort(),
    duration: of(() => Math.ceil(random() * 600) * MINUTE),
    energy: of(() => 1),
    deadline: of(() => NaN),
    dataGb: of(() => 0),
    kind: Uint32Array.from({ length: JOBS }, () => Math.floor(random() * kinds.length)),
    kinds,
  };
  return { truth, jobs };
}

function replayOf({ start, step, count, regions, columns }: IntensityTable): Replay {
  const trace: Trace = {
    columns: columns.map((values, index) => ({
      name: String(regions[index]),
      values: Array.from(values, (value) => value as GramsPerKwh),
    })),
    start,
    step,
    count,
  };
  const clock = { wallStart: start, traceStart: start, speed: 1 };
  return { trace, columns: resolveColumns(trace, POLICY.regions), clock, forecast: 'perfect' };
}

function simulated({ truth, jobs }: ReturnType<typeof recorded>, strategy: 'window' | 'interruptible') {
  const forecast = openForecast({ kind: 'perfect' }, { truth, nowcast: true, seed: 0, reach: millis(48 * HOUR) });
  return simulate({
    jobs,
    truth,
    policy: POLICY,
    strategy,
    forecast,
    nowcast: true,
    durations: 'known',
    price: null,
    capacity: new Map(),
  });
}

function valuesAt(replay: Replay, now: number): Parameters<typeof signal>[0] {
  const readings = readingsAt(replay, instant(now));
  return Object.fromEntries(
    PLACES.flatMap((name) => {
      const reading = readings.get(zone(name.toUpperCase()));
      return reading === undefined ? [] : [[name, reading] as const];
    }),
  );
}

function annotationsOf({ kinds, kind, duration }: JobTable, job: number): Record<string, string> {
  const { workClass: name = '', residency = '' } = kinds[kind[job] ?? -1] ?? {};
  return { [CLASS]: name, [RESIDENCY]: residency, [EXPECTED_DURATION]: `${(duration[job] ?? 0) / MINUTE}m` };
}

describe('The gatekeeper, fed the trace and the jobs of a simulation', () => {
  for (const seed of [1, 2, 3]) {
    it(`releases each job when and where the simulator starts it (seed ${seed})`, async () => {
      const record = recorded(seed);
      const { jobs, truth } = record;
      const wanted = simulated(record, 'window');
      const replay = replayOf(truth);
      const scene = new Scene({ policy: { classes: CLASSES, scheduler: POLICY.scheduler } });
      scene.turn(valuesAt(replay, NOW));
      const gatekeeper = await scene.leader();

      let next = 0;
      for (let slot = 1; slot <= SLOTS - 24; slot += 1) {
        const end = NOW + slot * HOUR;
        for (; (jobs.arrival[next] ?? Infinity) < end; next += 1) {
          await scene.time.pass((jobs.arrival[next] ?? 0) - scene.time.now());
          scene.cluster.hold({ uid: String(jobs.ids[next]), annotations: annotationsOf(jobs, next) });
        }
        await scene.time.pass(end - scene.time.now());
        scene.turn(valuesAt(replay, end), gatekeeper);
      }

      const released = new Map(scene.cluster.patches.map(({ uid, change }) => [uid, change]));
      const found = jobs.ids.map((id) => {
        const change = released.get(id);
        const { region: place } = JSON.parse(change?.decision ?? '{}') as { region?: string };
        return `${id} ${Math.round((Number(change?.releasedAt) - NOW) / 1000)} s ${place ?? '?'}`;
      });
      const expected = jobs.ids.map((id, job) => {
        const place = truth.regions[wanted.region[job] ?? -1] ?? '?';
        return `${id} ${Math.round(((wanted.start[job] ?? NaN) - NOW) / 1000)} s ${place}`;
      });
      assert.deepEqual(found, expected);
      assert.ok(jobs.arrival.some((arrival, job) => (wanted.start[job] ?? 0) > arrival + HOUR));
    });
  }

  it('pauses and resumes a job when and where the simulator does', () => {
    for (const seed of [4, 5, 6]) {
      const record = recorded(seed);
      const kinds = record.jobs.kinds.map((kind) => ({ ...kind, interruptible: true }));
      const jobs = { ...record.jobs, kinds };
      const wanted = simulated({ ...record, jobs }, 'interruptible');
      const replay = replayOf(record.truth);
      let paused = 0;

      for (let job = 0; job < JOBS; job += 1) {
        const runs = wanted.runs.get(job) ?? [
          { region: wanted.region[job] ?? -1, start: wanted.start[job] ?? NaN, end: wanted.end[job] ?? NaN },
        ];
        paused += runs.length - 1;
        assert.deepEqual(
          lived(replay, jobs, job),
          runs.map(({ region: place, start, end }) => `${PLACES[place]} ${start - NOW}-${end - NOW}`),
          `seed ${seed}, job ${job}`,
        );
      }
      assert.ok(paused > 10);
    }
  });
});

/** The runs that a job has by the decisions of the service. */
function lived(replay: Replay, jobs: JobTable, job: number): readonly string[] {
  const words = Object.entries(annotationsOf(jobs, job));
  const intent = intentOf(
    Object.fromEntries(words.map(([name, value]) => [name.slice(PREFIX.length), value])),
    null,
    POLICY,
  );
  const life = new Life({
    situation: { intent, created: instant(jobs.arrival[job] ?? 0), candidates: PLACES.map(region) },
    worldAt: (now) => world({ policy: POLICY, signal: signal(valuesAt(replay, now)), now: instant(now) }),
    switchCost: POLICY.scheduler.switchCost,
  });
  return life.runs().map((run) => `${String(run.region)} ${run.start - NOW}-${run.end - NOW}`);
}
