import assert from 'node:assert/strict';
import { instant, millis, region } from '../../../../src/carbon/units.ts';
import type { ExplainQuestion } from '../../../../src/service/explain/answer.ts';
import { explained, foreseen } from '../../../support/explain.ts';
import type { ExplainSketch } from '../../../support/explain.ts';
import { hours } from '../../../support/hold.ts';
import { NOW } from '../../../support/world.ts';

const CLEANER_LATER: ExplainSketch = {
  intent: { hold: { expectedDuration: hours(2) } },
  energyKwh: 10,
  values: {
    'eu-west-1': foreseen(400, 400, 400, 400, 100, 100, 400, 400),
    'eu-central-1': foreseen(300, 300, 300, 300, 300, 300, 300, 300),
    'us-east-1': { state: 'unknown', reason: 'stale' },
  },
};

describe('the answer of explain', () => {
  it('tells of held work why it waits, until when at the latest, and when it is expected to go', () => {
    const answer = explained(CLEANER_LATER);

    assert.deepEqual(answer.object, {
      kind: 'job',
      namespace: 'team',
      name: 'train',
      created: '2026-03-02T12:00:00Z',
    });
    assert.equal(answer.verdict, 'held');
    assert.equal(answer.act, 'wait');
    assert.equal(answer.decided, 'now');
    assert.deepEqual(answer.reason, { code: 'cleaner-later', text: 'a later start is expected to be cleaner' });
    assert.equal(answer.until, '2026-03-03T00:00:00Z');
    assert.equal(answer.expected, '2026-03-02T16:00:00Z');
    assert.equal(answer.nextLook, '2026-03-02T16:00:00Z');
  });

  it('says what the strategy means to do, and what that saves against running now', () => {
    const { plan } = explained(CLEANER_LATER);

    assert.deepEqual(plan, {
      asked: 'window',
      decided: 'window',
      degraded: null,
      runs: [{ region: 'eu-west-1', start: '2026-03-02T16:00:00Z', end: '2026-03-02T18:00:00Z' }],
      mean: 100,
      meanNow: 300,
      gainPct: (100 * 200) / 300,
      gainGrams: 2000,
    });
  });

  it('counts only the energy that is still to be drawn', () => {
    const progress = { since: NOW, waited: hours(1), ran: hours(1), pauses: 1, region: null, run: null };
    const answer = explained({ ...CLEANER_LATER, situation: { progress } });

    assert.equal(answer.plan?.gainGrams, 200 * 5);
    assert.deepEqual(answer.progress, { waited: '1h', ran: '1h', pauses: 1, maxPauses: null });
  });

  it('lists each permitted region with its own best start, and each refused one with the reason', () => {
    const eu = { name: 'eu', jurisdictions: ['eu'], regions: null, primaryRegionOnly: false };
    const values = { ...CLEANER_LATER.values, 'us-east-1': 50 };
    const placement = { residency: { state: 'set', set: eu } } as const;

    const { regions } = explained({ ...CLEANER_LATER, values, intent: { ...CLEANER_LATER.intent, placement } });

    assert.deepEqual(
      regions.toSorted((a, b) => a.region.localeCompare(b.region)),
      [
        {
          region: 'eu-central-1',
          refused: null,
          intensity: 300,
          aboveThreshold: true,
          start: '2026-03-02T12:00:00Z',
          mean: 300,
        },
        {
          region: 'eu-west-1',
          refused: null,
          intensity: 400,
          aboveThreshold: true,
          start: '2026-03-02T16:00:00Z',
          mean: 100,
        },
        {
          region: 'us-east-1',
          refused: { code: 'residency-jurisdiction', text: "region's jurisdiction is outside the pod's residency" },
          intensity: 50,
          aboveThreshold: false,
          start: null,
          mean: null,
        },
      ],
    );
    assert.equal(regions.at(-1)?.region, 'us-east-1');
  });

  it('names the regions of the policy that have no nodes for it', () => {
    assert.deepEqual(explained({ candidates: ['eu-west-1'] }).withoutNodes, ['eu-central-1', 'us-east-1']);
  });

  it('says what is not known: intensities, forecasts, how long it takes, its energy', () => {
    const values = {
      'eu-west-1': 300,
      'eu-central-1': foreseen(300, 200),
      'us-east-1': CLEANER_LATER.values?.['us-east-1'] ?? 0,
    };

    const { unknown } = explained({ values });

    assert.deepEqual(unknown.map(({ what, region: where, code }) => [what, where, code].join(' ')).sort(), [
      'duration  duration-unknown',
      'energy  energy-unknown',
      'forecast eu-west-1 no-forecast',
      'intensity us-east-1 stale',
    ]);
    assert.ok(unknown.every(({ text }) => text.length > 0));
  });

  it('says that what a class usually takes stands in', () => {
    const { unknown, plan } = explained({ ...CLEANER_LATER, intent: {}, situation: { usual: hours(2) } });

    assert.ok(unknown.some(({ code }) => code === 'duration-usual'));
    assert.equal(plan?.degraded?.code, 'duration-usual');
  });

  it('says why another strategy decides', () => {
    const { plan } = explained();

    assert.equal(plan?.asked, 'window');
    assert.equal(plan.decided, 'threshold');
    assert.deepEqual(plan.degraded, { code: 'no-forecast', text: 'no permitted region has a forecast' });
    assert.equal(plan.gainPct, null);
  });

  it('has no plan where none was asked for', () => {
    const answer = explained({ intent: { hold: { choice: 'opted-out' } } });

    assert.equal(answer.plan, null);
    assert.equal(answer.act, 'go');
    assert.equal(answer.expected, null);
    assert.equal(answer.reason?.code, 'hold-opted-out');
  });

  it('tells the intent that is in force', () => {
    const hold = { expectedDuration: hours(2), deadline: instant(NOW + hours(9)), maxDelay: millis(Infinity) };
    const { intent } = explained({ intent: { hold }, energyKwh: 3 });

    assert.deepEqual(intent, {
      class: null,
      strategy: 'window',
      residency: null,
      permittedRegions: null,
      maxDelay: null,
      deadline: '2026-03-02T21:00:00Z',
      expectedDuration: '2h',
      threshold: 250,
      thresholdOf: 'class',
      interruptible: false,
      energyKwh: 3,
      data: null,
      problems: [],
    });
  });

  describe('of work that nothing is decided about', () => {
    const left: Record<string, readonly [Partial<ExplainQuestion>, string]> = {
      'is the reason that was noted on it': [
        { standing: 'running', noted: 'intensity-below-threshold' },
        'the best permitted region is at or below the threshold',
      ],
      'is why Lowtide leaves it alone': [{ standing: 'not-ours', noted: 'kueue' }, 'Kueue decides when it runs'],
      'is that it has ended': [{ standing: 'finished', noted: 'finished' }, 'it has ended'],
    };
    for (const [name, [question, text]] of Object.entries(left)) {
      it(name, () => {
        const answer = explained({ question: { ...question, decision: null, act: null, nextLook: null } });

        assert.equal(answer.reason?.text, text);
        assert.equal(answer.decided, 'noted');
        assert.deepEqual(
          [answer.act, answer.until, answer.expected, answer.nextLook, answer.plan],
          Array(5).fill(null),
        );
      });
    }

    it('tells of no regions once it has ended', () => {
      const { regions, unknown } = explained({ question: { standing: 'finished', noted: 'failed', decision: null } });

      assert.deepEqual([regions, unknown], [[], []]);
    });
  });

  it('tells of running work no end of a hold', () => {
    const run = { region: region('eu-central-1'), since: instant(NOW - hours(1)) };
    const progress = { since: NOW, waited: hours(0), ran: hours(1), pauses: 0, region: run.region, run };
    const work = { kind: 'job', namespace: 'team', name: 'train', created: NOW, notPausable: null } as const;

    const answer = explained({
      ...CLEANER_LATER,
      situation: { progress, pausable: true },
      question: { standing: 'running', work },
    });

    assert.equal(answer.until, null);
    assert.equal(answer.plan?.asked, 'interruptible');
    assert.deepEqual(answer.pausing, { may: true, reason: null });
    assert.deepEqual(answer.moving, { may: true, reason: null });
  });

  describe('on pausing and moving', () => {
    const job = { kind: 'job', namespace: 'team', name: 'train', created: NOW, notPausable: null } as const;
    const cases: Record<string, readonly [Partial<ExplainQuestion>, string | null, string | null]> = {
      'allows both': [{ work: job }, null, null],
      'says why it is not paused': [
        { work: { ...job, notPausable: 'pod-failure-policy' } },
        'pod-failure-policy',
        'never-paused',
      ],
      'says that a pod is neither': [
        { work: { ...job, kind: 'pod', notPausable: 'not-a-job' } },
        'not-a-job',
        'other-kind-of-pod',
      ],
      'says that the cluster is too old to move it': [{ work: job, moves: false }, null, 'resumed-in-place'],
      'says that nobody knows': [{ work: job, moves: null }, null, 'moves-unknown'],
    };
    for (const [name, [question, pausing, moving]] of Object.entries(cases)) {
      it(name, () => {
        const answer = explained({ question });

        assert.equal(answer.pausing.reason?.code ?? null, pausing);
        assert.equal(answer.moving.reason?.code ?? null, moving);
        assert.equal(answer.pausing.may, pausing === null);
      });
    }
  });
});
