import assert from 'node:assert/strict';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { instant, millis, region } from '../../../src/carbon/units.ts';
import { CLASS, EXPECTED_DURATION, MAX_DELAY } from '../../../src/policy/annotations.ts';
import type { Gatekeeper } from '../../../src/service/gatekeeper/gatekeeper.ts';
import { Scene } from '../../support/gatekeeper.ts';
import { HOUR } from '../../support/intents.ts';
import { FakeRunningJobs } from '../../support/running-jobs.ts';
import { grams, known } from '../../support/world.ts';

const MINUTE = 60_000;
/** With what a resume costs it fills two hours. */
const WORDS = { [CLASS]: 'deferrable', [EXPECTED_DURATION]: '1h59m30s' };
/** Elsewhere it is always dirtier. */
const ELSEWHERE = { 'eu-central-1': 900, 'us-east-1': 900 };

describe('Gatekeeper, of Jobs that run and may be paused', () => {
  let scene: Scene;
  let jobs: FakeRunningJobs;
  let gatekeeper: Gatekeeper;
  beforeEach(() => {
    scene = new Scene({ pauses: (around) => (jobs = new FakeRunningJobs(around)) });
    scene.policy = { ...scene.policy, scheduler: { ...scene.policy.scheduler, minRun: millis(10 * MINUTE) } };
  });

  /** The west's grid: its value now, and hour by hour after it. */
  function grid(now: number, ...hours: readonly number[]): void {
    const began = scene.time.now();
    const forecast = hours.map((value, index): ForecastStep => {
      const start = instant(began + (index + 1) * HOUR);
      return { start, end: instant(start + HOUR), value: grams(value) };
    });
    scene.turn({ ...ELSEWHERE, 'eu-west-1': known(now, { observedAt: began, forecast, forecastBy: 'trace' }) });
  }
  const lead = async (): Promise<void> => {
    gatekeeper = await scene.leader();
  };
  const turn = async (...values: readonly [number, ...number[]]): Promise<void> => {
    grid(...values);
    gatekeeper.wake('signal');
    await scene.time.pass(100);
  };
  const minutesAt = (moment: number): number => Math.round((moment - start) / MINUTE);
  const start = new Scene().time.now();

  it('pauses one when a dirty hour begins, after its minimum run, and resumes it in the clean one', async () => {
    grid(100, 800, 50, 800, 800);
    jobs.put('a', { annotations: WORDS });
    await lead();
    await scene.time.pass(HOUR);
    await turn(800, 50, 800, 800);

    const [pause] = jobs.paused;
    assert.ok(pause);
    assert.equal(minutesAt(pause.at), 60);
    assert.deepEqual(
      { ...pause.change.progress, run: null },
      { since: instant(start + HOUR), waited: 0, ran: HOUR, pauses: 0, region: 'eu-west-1', run: null },
    );
    assert.match(pause.change.decision, /cleaner/);
    scene.cluster.edit('a', { stopped: true });
    await scene.time.pass(HOUR);
    await turn(50, 800, 800);
    assert.deepEqual(
      scene.cluster.patches.map(({ at }) => minutesAt(at)),
      [120],
    );
    const [paused, released] = scene.cluster.events;
    assert.deepEqual([paused?.action, released?.action], ['Paused', 'Released']);
    assert.match(
      paused?.note ?? '',
      /^paused in eu-west-1 after running for 1h; resumed at 2026-03-02T14:00:0\dZ as it looks/,
    );
    assert.match(released?.note ?? '', /^released after 1h:/);
  });

  it('does not resume one whose pods still end, and does as soon as they have', async () => {
    grid(100, 800, 50, 800, 800);
    jobs.put('a', { annotations: WORDS });
    await lead();
    await scene.time.pass(HOUR);
    await turn(800, 50, 800, 800);
    await scene.time.pass(HOUR);
    await turn(50, 800, 800);
    await scene.time.pass(10 * MINUTE);
    assert.deepEqual(scene.cluster.patches, []);

    scene.cluster.edit('a', { stopped: true });
    await scene.time.pass(100);

    assert.deepEqual(
      scene.cluster.patches.map(({ at }) => minutesAt(at)),
      [130],
    );
  });

  it('looks at a Job again when it has run long enough', async () => {
    grid(800, 50, 50, 50);
    jobs.put('a', { annotations: WORDS });
    await lead();
    await scene.time.pass(9 * MINUTE);
    assert.deepEqual(jobs.paused, []);

    await scene.time.pass(2 * MINUTE);

    assert.deepEqual(
      jobs.paused.map(({ at }) => minutesAt(at)),
      [10],
    );
  });

  const runsOn: Record<string, (dirty: () => Promise<void>) => Promise<void>> = {
    'that must never be paused': async (dirty) => {
      jobs.put('a', { annotations: WORDS, notPausable: 'pod-failure-policy' });
      await dirty();
    },
    'whose hold would end before its pods have': async (dirty) => {
      jobs.put('a', { annotations: { ...WORDS, [MAX_DELAY]: '2m' }, grace: millis(2 * MINUTE) });
      await dirty();
    },
    'that finished meanwhile': async (dirty) => {
      jobs.put('a', { annotations: WORDS });
      await scene.time.pass(HOUR - 1000);
      jobs.put('a', { running: false, completed: scene.time.now() });
      await dirty();
    },
    'of which nobody knows where it runs': async (dirty) => {
      jobs.regions = [null];
      jobs.put('a', { annotations: WORDS });
      await dirty();
    },
  };
  for (const [what, play] of Object.entries(runsOn)) {
    it(`lets run a Job ${what}`, async () => {
      grid(100, 800, 50, 800, 800);
      await lead();
      await play(async () => {
        await scene.time.pass(HOUR);
        await turn(800, 50, 800, 800);
      });

      assert.deepEqual(jobs.paused, []);
    });
  }

  it('goes by where most of its pods are, asks once a run, and again while none has a node', async () => {
    jobs.regions = [];
    grid(100, 800, 50, 800, 800);
    jobs.put('a', { annotations: WORDS });
    await lead();
    await scene.time.pass(100);
    jobs.regions = [region('us-east-1'), null, region('eu-west-1'), region('eu-west-1')];
    jobs.put('a', {});
    await scene.time.pass(100);
    assert.equal(jobs.looks, 2);

    await scene.time.pass(HOUR);
    await turn(800, 50, 800, 800);

    assert.equal(jobs.looks, 2);
    assert.equal(jobs.paused[0]?.change.progress.region, 'eu-west-1');
  });

  it('only pauses while it leads, and takes up where another left off', async () => {
    grid(800, 50, 50, 50);
    jobs.put('a', { annotations: WORDS });
    const { gatekeeper: follower } = scene.gatekeeper();
    await scene.time.pass(HOUR / 2);
    follower.wake('signal');
    await scene.time.pass(100);
    assert.deepEqual(jobs.paused, []);

    follower.lead();
    await scene.time.pass(100);

    assert.equal(jobs.paused.length, 1);
    await follower.follow();
  });

  it('tries again where the API server refuses, and lets it run meanwhile', async () => {
    grid(100, 800, 50, 800, 800);
    jobs.put('a', { annotations: WORDS });
    await lead();
    await scene.time.pass(HOUR);
    jobs.refuses = true;
    await turn(800, 50, 800, 800);
    assert.deepEqual(jobs.paused, []);

    jobs.refuses = false;
    await scene.time.pass(11_000);

    assert.equal(jobs.paused.length, 1);
  });

  it('forgets a Job that is deleted', async () => {
    grid(800, 50, 50, 50);
    jobs.put('a', { annotations: WORDS });
    await lead();
    jobs.remove('a');
    await scene.time.pass(HOUR);

    assert.deepEqual(jobs.paused, []);
  });

  it('counts those that run, pauses, and whether they could be', async () => {
    grid(100, 800, 50, 800, 800);
    const { gatekeeper: counted, registry } = scene.gatekeeper();
    jobs.put('a', { annotations: WORDS });
    jobs.put('b', { annotations: WORDS, notPausable: 'kueue' });
    counted.lead();
    await scene.time.pass(100);
    const shown = async (name: string): Promise<string> => registry.getSingleMetricAsString(name);
    assert.match(await shown('lowtide_running_interruptible'), /^lowtide_running_interruptible 1$/m);

    await scene.time.pass(HOUR);
    grid(800, 50, 800, 800);
    counted.wake('signal');
    await scene.time.pass(100);

    assert.match(await shown('lowtide_running_interruptible'), /^lowtide_running_interruptible 0$/m);
    assert.match(await shown('lowtide_pauses_total'), /outcome="paused"\} 1$/m);
  });
});
