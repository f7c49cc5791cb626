import assert from 'node:assert/strict';
import type { ForecastStep, Reading } from '../../../src/carbon/types.ts';
import { instant, millis, region } from '../../../src/carbon/units.ts';
import { decideHold } from '../../../src/timing/decide.ts';
import type { HoldSituation } from '../../../src/timing/decide.ts';
import type { HoldDecision } from '../../../src/timing/types.ts';
import { hours, intent, minutes } from '../../support/hold.ts';
import { grams, known, NOW, policy, signal, workClass, world } from '../../support/world.ts';
import type { Intent } from '../../../src/policy/workload-intent.ts';

/** A reading of now whose forecast has one value an hour from the next hour on. */
function foretold(now: number, ...ahead: readonly number[]): Reading {
  const forecast = ahead.map((value, index): ForecastStep => {
    const start = instant(NOW + hours(index + 1));
    return { start, end: instant(start + hours(1)), value: grams(value) };
  });
  return known(now, { observedAt: NOW, forecast, forecastBy: 'trace' });
}

interface Asked {
  readonly values: Readonly<Record<string, Reading>>;
  readonly hold?: Parameters<typeof intent>[0];
  readonly of?: Parameters<typeof workClass>[1];
  readonly wants?: Partial<Intent>;
  readonly settings?: Parameters<typeof policy>[0];
  readonly part?: Partial<HoldSituation>;
}

function decide({ values, hold = {}, of = {}, wants = {}, settings = {}, part = {} }: Asked): HoldDecision {
  const regions = Object.fromEntries(Object.keys(values).map((name) => [name, {}]));
  const duration = { expectedDuration: hours(2) };
  const placement = { workClass: workClass('deferrable', of), ...hold.placement };
  return decideHold({
    intent: { ...intent({ ...hold, hold: { ...duration, ...hold.hold }, placement }), ...wants },
    created: NOW,
    limit: null,
    candidates: Object.keys(values).map(region),
    world: world({ policy: policy({ regions, ...settings }), signal: signal(values) }),
    ...part,
  });
}

const DIP = { 'eu-west-1': foretold(300, 310, 100, 120, 400) };

describe('decideHold by a plan', () => {
  const cases: Record<string, { asked: Asked; want: string; at?: number; region?: string }> = {
    'waits for the cleanest hours that are long enough, though now is above the threshold': {
      asked: { values: DIP },
      want: 'wait: cleaner-later',
      at: 2,
    },
    'waits for them though now is below the threshold of its class': {
      asked: { values: { 'eu-west-1': foretold(240, 310, 100, 120, 400) } },
      want: 'wait: cleaner-later',
      at: 2,
    },
    'goes at once below the threshold of its own annotation': {
      asked: {
        values: { 'eu-west-1': foretold(240, 310, 100, 120, 400) },
        hold: { hold: { thresholdOf: 'annotation' } },
      },
      want: 'release: intensity-below-threshold',
    },
    'goes at once where nothing cleaner is foretold, though above the threshold': {
      asked: { values: { 'eu-west-1': foretold(300, 310, 320, 330, 340) } },
      want: 'release: plan-starts-now',
    },
    'goes at once where waiting would save less than the least gain': {
      asked: { values: { 'eu-west-1': foretold(300, 299, 298, 299, 300) }, of: { minGain: 0.02 } },
      want: 'release: gain-too-small',
    },
    'goes at once where an hour of delay costs more than it saves': {
      asked: { values: DIP, of: { price: 100 } },
      want: 'release: plan-starts-now',
    },
    'waits for another region': {
      asked: { values: { 'eu-west-1': foretold(300, 300, 300, 300), 'eu-south-2': foretold(400, 200, 90, 90) } },
      want: 'wait: cleaner-later',
      at: 2,
    },
    'goes to the region that is cleanest over the whole run, not now alone': {
      asked: { values: { 'eu-west-1': foretold(100, 500, 500), 'eu-south-2': foretold(110, 110, 500) } },
      want: 'release: plan-starts-now',
      region: 'eu-south-2',
    },
    'stays with its data where moving would emit more than it saves': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(190, 190, 190) },
        wants: { data: { gb: 500, region: region('eu-west-1') }, energyKwh: 1 },
      },
      want: 'release: plan-starts-now',
      region: 'eu-west-1',
    },
    'moves where that saves more than it emits': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(90, 90, 90) },
        wants: { data: { gb: 100, region: region('eu-west-1') }, energyKwh: 1 },
      },
      want: 'release: plan-starts-now',
      region: 'eu-south-2',
    },
    'stays with its data where nobody knows its energy': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(10, 10, 10) },
        wants: { data: { gb: 1, region: region('eu-west-1') } },
      },
      want: 'release: plan-starts-now',
      region: 'eu-west-1',
    },
    'stays where the policy allows no moves': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(10, 10, 10) },
        wants: { data: { gb: 0, region: region('eu-west-1') } },
        settings: { scheduler: { shift: { allowed: false, maxDataGB: null, moveBelow: null } } },
      },
      want: 'release: plan-starts-now',
      region: 'eu-west-1',
    },
    'stays with more data than the policy moves': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(10, 10, 10) },
        wants: { data: { gb: 20, region: region('eu-west-1') }, energyKwh: 1000 },
        settings: { scheduler: { shift: { allowed: true, maxDataGB: 10, moveBelow: null } } },
      },
      want: 'release: plan-starts-now',
      region: 'eu-west-1',
    },
    'moves only below the share of its own region that the policy names': {
      asked: {
        values: { 'eu-west-1': foretold(200, 200, 200), 'eu-south-2': foretold(130, 130, 130) },
        hold: { placement: { primaryRegion: region('eu-west-1') } },
        settings: { scheduler: { shift: { allowed: true, maxDataGB: 10, moveBelow: 0.6 } } },
      },
      want: 'release: plan-starts-now',
      region: 'eu-west-1',
    },
    'waits for hours that the policy knows to be clean where there is no forecast': {
      asked: {
        values: { 'eu-west-1': known(300) },
        settings: {
          windows: [
            { name: 'solar', hours: { startMinute: 13 * 60, endMinute: 15 * 60 }, regions: [region('eu-west-1')] },
          ],
        },
      },
      want: 'wait: clean-hours-ahead',
      at: 1,
    },
    'goes in hours that the policy knows to be clean': {
      asked: {
        values: { 'eu-west-1': known(300) },
        settings: {
          windows: [
            { name: 'solar', hours: { startMinute: 11 * 60, endMinute: 15 * 60 }, regions: [region('eu-west-1')] },
          ],
        },
      },
      want: 'release: in-clean-hours',
    },
    'falls back to the threshold of its class where there is no forecast': {
      asked: { values: { 'eu-west-1': known(300) } },
      want: 'wait: intensity-above-threshold',
    },
    'waits before a spike that it would run into': {
      asked: { values: { 'eu-west-1': foretold(200, 600, 600, 200, 200, 200) } },
      want: 'wait: cleaner-later',
      at: 3,
    },
    'starts at once where it ends before the spike': {
      asked: { values: { 'eu-west-1': foretold(200, 200, 600, 600, 200, 200) } },
      want: 'release: plan-starts-now',
    },
  };
  for (const [sentence, { asked, want, at, region: place }] of Object.entries(cases)) {
    it(sentence, () => {
      const found = decide(asked);

      assert.equal(`${found.action}: ${found.reason}`, want);
      if (at !== undefined) assert.equal(found.action === 'wait' && found.expected, NOW + hours(at));
      if (place !== undefined) assert.equal(found.region, place);
    });
  }

  it('lets go at its end, whatever is foretold', () => {
    const { action, reason } = decide({ values: DIP, hold: { hold: { maxDelay: hours(0) } } });

    assert.deepEqual([action, reason], ['release', 'max-delay-reached']);
  });

  it('tells the plan, what it expects, and what it would be now', () => {
    const { plan } = decide({ values: DIP });

    assert.deepEqual([plan?.strategy, plan?.degraded, plan?.mean, plan?.meanNow], ['window', null, 110, 305]);
  });

  it('says so where it cannot be paused though its class says that it is to be', () => {
    assert.equal(decide({ values: DIP, of: { strategy: 'interruptible' } }).plan?.degraded, 'not-interruptible');
  });
});

describe('decideHold of work that runs', () => {
  const running = {
    since: NOW,
    waited: hours(1),
    ran: minutes(30),
    pauses: 0,
    region: region('eu-west-1'),
    run: { region: region('eu-west-1'), since: instant(NOW - minutes(30)) },
  };

  it('pauses it where cleaner hours suffice', () => {
    const found = decide({ values: DIP, part: { progress: running, pausable: true } });

    assert.equal(`${found.action}: ${found.reason}`, 'wait: cleaner-hours');
    assert.equal(found.action === 'wait' && found.expected, NOW + hours(2));
  });

  it('lets it run where it was paused as often as it may be', () => {
    const found = decide({
      values: DIP,
      settings: { scheduler: { maxPauses: 2 } },
      part: { progress: { ...running, pauses: 2 }, pausable: true },
    });

    assert.equal(`${found.action}: ${found.reason}`, 'release: no-pauses-left');
  });

  it('lets it run until it has run long enough', () => {
    const found = decide({
      values: DIP,
      settings: { scheduler: { minRun: hours(1) } },
      part: { progress: running, pausable: true },
    });

    assert.equal(`${found.action}: ${found.reason}`, 'release: min-run');
  });

  it('lets it run where all its delay is used up', () => {
    const found = decide({ values: DIP, part: { progress: { ...running, waited: hours(12) }, pausable: true } });

    assert.equal(`${found.action}: ${found.reason}`, 'release: max-delay-reached');
  });

  it('counts the grace period of its pods as a cost of pausing it', () => {
    const slow = { 'eu-west-1': foretold(300, 290, 290, 290, 290) };

    assert.equal(decide({ values: slow, part: { progress: running, pausable: true } }).action, 'wait');
    const found = decide({ values: slow, part: { progress: running, pausable: true, grace: millis(minutes(30)) } });
    assert.equal(found.action, 'release');
  });

  it('resumes it only where it ran, on a cluster that lets nothing move', () => {
    const values = { 'eu-west-1': foretold(100, 100, 100), 'eu-south-2': foretold(10, 10, 10) };
    const paused = { ...running, run: null };

    assert.equal(decide({ values, part: { progress: paused, pausable: true, moves: false } }).region, 'eu-west-1');
    assert.equal(decide({ values, part: { progress: paused, pausable: true } }).region, 'eu-south-2');
  });

  it('counts what resumes took of its running time as not done', () => {
    const values = { 'eu-west-1': foretold(100, 100, 100, 100, 100) };
    const scheduler = { switchCost: minutes(10) };
    const progress = { ...running, ran: hours(1), pauses: 3 };
    const found = decide({ values, settings: { scheduler }, part: { progress, pausable: true } });

    assert.equal(found.plan?.runs.at(-1)?.end, NOW + hours(1) + minutes(30));
  });

  for (const pausable of [true, false]) {
    it(`looks no farther than makes sense, whatever is asked for (may be paused: ${pausable})`, () => {
      const deadline = instant(Date.parse('9999-12-31T00:00:00Z'));
      const hold = { maxDelay: millis(Infinity), deadline, expectedDuration: hours(30_000_000) };
      const found = decide({ values: DIP, hold: { hold }, part: { pausable } });

      assert.ok(found.plan !== null && found.until > NOW);
    });
  }
});
