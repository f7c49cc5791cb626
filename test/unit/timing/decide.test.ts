import assert from 'node:assert/strict';
import type { ForecastStep } from '../../../src/carbon/types.ts';
import { instant, millis, region } from '../../../src/carbon/units.ts';
import { at, hours } from '../../support/hold.ts';
import { grams, known, NOW } from '../../support/world.ts';
import { decide, DIRTY, EU, NO_DATA } from './deciding.ts';
import type { Asked } from './deciding.ts';

function step(start: string, value: number): ForecastStep {
  const from = at(start);
  return { start: from, end: instant(from + hours(1)), value: grams(value) };
}

describe('decideHold', () => {
  const clean = { ...DIRTY, 'us-east-1': 100 };
  const cases: Record<string, { asked?: Asked; want: string; region?: string | null; intensity?: number | null }> = {
    'waits while every permitted region is above the threshold': {
      want: 'wait: intensity-above-threshold',
      region: 'us-east-1',
      intensity: 280,
    },
    'releases once a permitted region is below the threshold': {
      asked: { values: clean },
      want: 'release: intensity-below-threshold',
      region: 'us-east-1',
      intensity: 100,
    },
    'releases exactly at the threshold': {
      asked: { values: { ...DIRTY, 'eu-west-1': 250 } },
      want: 'release: intensity-below-threshold',
      region: 'eu-west-1',
      intensity: 250,
    },
    'waits just above the threshold': {
      asked: { values: { ...DIRTY, 'eu-west-1': 250.01 } },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
      intensity: 250.01,
    },
    'does not count a clean region that residency refuses': {
      asked: { values: clean, placement: EU },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
      intensity: 300,
    },
    'does not count a clean region that could not run it': {
      asked: { values: clean, candidates: ['eu-west-1', 'eu-central-1'] },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
    },
    'does not count a clean region beyond the latency budget': {
      asked: {
        values: clean,
        placement: { latency: { origin: region('eu-west-1'), budget: millis(50) } },
      },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
    },
    'waits where no region could run it': {
      asked: { candidates: [] },
      want: 'wait: no-permitted-region',
      region: null,
      intensity: null,
    },
    'waits where residency permits none': {
      asked: { placement: { residency: { state: 'unknown-set', name: 'mars' } } },
      want: 'wait: no-permitted-region',
      region: null,
    },
    'waits without data where the policy waits': {
      asked: { values: {} },
      want: 'wait: no-signal-waiting',
      region: null,
      intensity: null,
    },
    'releases without data where the policy releases': {
      asked: { values: {}, settings: { noSignal: 'release' } },
      want: 'release: no-signal',
      region: null,
    },
    'waits where a permitted region is dirty and the others have no data, though the policy releases without': {
      asked: { values: { 'eu-west-1': 300, 'us-east-1': NO_DATA }, settings: { noSignal: 'release' } },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
    },
    'counts a value that outlived its validity as no data': {
      asked: { values: { 'eu-west-1': known(100, { validUntil: NOW }) } },
      want: 'wait: no-signal-waiting',
    },
    'counts a value up to its last millisecond': {
      asked: { values: { 'eu-west-1': known(100, { validUntil: instant(NOW + 1) }) } },
      want: 'release: intensity-below-threshold',
    },
    'releases nothing by an average that stands in for a missing value': {
      asked: { values: { 'eu-west-1': 300 }, averages: { 'us-east-1': 50 }, settings: { noData: 'regionAverage' } },
      want: 'wait: intensity-above-threshold',
      region: 'eu-west-1',
      intensity: 300,
    },
    'counts nothing but averages as no data': {
      asked: { values: {}, averages: { 'us-east-1': 50 }, settings: { noData: 'regionAverage' } },
      want: 'wait: no-signal-waiting',
      region: null,
      intensity: null,
    },
    'releases by a real value beside a lower average that stands in': {
      asked: { values: { 'eu-west-1': 200 }, averages: { 'us-east-1': 50 }, settings: { noData: 'regionAverage' } },
      want: 'release: intensity-below-threshold',
      region: 'eu-west-1',
      intensity: 200,
    },
    'says that all is above the threshold also where the ceiling is hard': {
      asked: { settings: { ceiling: 'hard' } },
      want: 'wait: intensity-above-threshold',
      region: 'us-east-1',
    },
    'releases at once where nothing names an intensity to wait for': {
      asked: { hold: { threshold: null } },
      want: 'release: no-threshold',
      region: 'us-east-1',
    },
    'releases at once what says no': {
      asked: { hold: { choice: 'opted-out' }, candidates: [] },
      want: 'release: hold-opted-out',
      region: null,
    },
    'waits a millisecond before the maximum delay is over': {
      asked: { hold: { maxDelay: millis(1) } },
      want: 'wait: intensity-above-threshold',
    },
    'releases when the maximum delay is over': {
      asked: { created: at('2026-03-02T00:00:00Z') },
      want: 'release: max-delay-reached',
      region: 'us-east-1',
      intensity: 280,
    },
    'releases at its end though no region is permitted': {
      asked: { created: at('2026-03-02T00:00:00Z'), candidates: [] },
      want: 'release: max-delay-reached',
      region: null,
    },
    'releases at the latest start for its deadline': {
      asked: { hold: { deadline: at('2026-03-02T13:02:00Z'), expectedDuration: hours(1) } },
      want: 'release: deadline-near',
    },
    'waits a millisecond before the latest start for its deadline': {
      asked: { hold: { deadline: at('2026-03-02T13:02:00.001Z'), expectedDuration: hours(1) } },
      want: 'wait: intensity-above-threshold',
    },
    'releases when a limit from elsewhere is reached': {
      asked: { created: at('2026-03-02T11:00:00Z'), limit: hours(1) },
      want: 'release: hold-limit-reached',
    },
    'waits a millisecond before a limit from elsewhere': {
      asked: { created: at('2026-03-02T11:00:00Z'), limit: hours(1) + 1 },
      want: 'wait: intensity-above-threshold',
    },
  };
  for (const [sentence, { asked, want, ...evidence }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = decide(asked);

      assert.equal(`${found.action}: ${found.reason}`, want);
      if (evidence.region !== undefined) assert.equal(found.region, evidence.region);
      if (evidence.intensity !== undefined) assert.equal(found.intensity, evidence.intensity);
    });
  }

  it('carries its threshold and its end', () => {
    const { threshold, until } = decide();

    assert.deepEqual({ threshold, until }, { threshold: 250, until: at('2026-03-03T00:00:00Z') });
  });
});

describe('decideHold: when it expects the release', () => {
  const steps = [step('2026-03-02T13:00:00Z', 260), step('2026-03-02T15:00:00Z', 250)];
  const sooner = [step('2026-03-02T14:00:00Z', 100)];
  const end = '2026-03-03T00:00:00Z';
  const cases: Record<string, { asked: Asked; want: string }> = {
    'at its end without a forecast': { asked: {}, want: end },
    'at the first step at or below the threshold': {
      asked: { values: { 'eu-west-1': known(300, { forecast: steps }) } },
      want: '2026-03-02T15:00:00Z',
    },
    'at the soonest of all permitted regions': {
      asked: {
        values: { 'eu-west-1': known(300, { forecast: steps }), 'us-east-1': known(300, { forecast: sooner }) },
      },
      want: '2026-03-02T14:00:00Z',
    },
    'not by a region that residency refuses': {
      asked: {
        placement: EU,
        values: { 'eu-west-1': known(300, { forecast: steps }), 'us-east-1': known(300, { forecast: sooner }) },
      },
      want: '2026-03-02T15:00:00Z',
    },
    'not by a step that has begun, since its value is known by now': {
      asked: { values: { 'eu-west-1': known(300, { forecast: [step('2026-03-02T12:00:00Z', 100)] }) } },
      want: end,
    },
    'at its end where the forecast turns later': {
      asked: { values: { 'eu-west-1': known(300, { forecast: [step('2026-03-03T00:00:01Z', 100)] }) } },
      want: end,
    },
    'at its end where no region is permitted': { asked: { candidates: [] }, want: end },
  };
  for (const [sentence, { asked, want }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = decide(asked);

      assert.equal(found.action === 'wait' && found.expected, at(want));
    });
  }
});
