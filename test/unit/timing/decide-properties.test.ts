import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant, millis } from '../../../src/carbon/units.ts';
import type { HoldIntent } from '../../../src/policy/hold-intent.ts';
import type { PlacementIntent } from '../../../src/policy/intent.ts';
import { residencyRefusal } from '../../../src/residency/checks.ts';
import type { HoldDecision } from '../../../src/timing/types.ts';
import { intent } from '../../support/hold.ts';
import { grams, NOW } from '../../support/world.ts';
import { ALL, decide, EU, here, NO_DATA } from './deciding.ts';
import type { Asked } from './deciding.ts';

describe('decideHold: what always holds', () => {
  const value = fc.option(fc.integer({ min: 1, max: 600 }));
  const asked = fc.record({
    hold: fc.record({
      choice: fc.constantFrom<HoldIntent['choice'][]>('opted-in', 'opted-out', 'none'),
      maxDelay: fc.nat(1e6).map(millis),
      deadline: fc.option(fc.integer({ min: -1e6, max: 1e6 }).map((after) => instant(NOW + after))),
      expectedDuration: fc.option(fc.nat(1e5).map(millis)),
      threshold: fc.option(fc.integer({ min: 1, max: 600 }).map(grams)),
    }),
    placement: fc.constantFrom<Partial<PlacementIntent>>({}, EU, { residency: { state: 'unknown-set', name: 'mars' } }),
    created: fc.nat(2e6).map((before) => instant(NOW - before)),
    limit: fc.option(fc.nat(1e6)),
    candidates: fc.subarray(ALL),
    values: fc
      .tuple(value, value, value)
      .map((values) => Object.fromEntries(values.map((each, index) => [String(ALL[index]), each ?? NO_DATA]))),
    averages: fc.record({ 'eu-west-1': fc.integer({ min: 1, max: 600 }) }),
    settings: fc.record({
      noData: fc.constantFrom('neutral', 'regionAverage'),
      noSignal: fc.constantFrom('wait', 'release'),
      ceiling: fc.constantFrom('soft', 'hard'),
    }),
  });

  it('never waits at or past its end, and expects its release between now and then', () => {
    fc.assert(
      fc.property(asked, (each: Asked) => {
        const found = decide(each);
        assert.ok(found.action === 'release' || found.until > NOW);
        assert.ok(found.action === 'release' || (found.expected > NOW && found.expected <= found.until));
      }),
    );
  });

  it('never names a region that residency refuses or that could not run it', () => {
    fc.assert(
      fc.property(asked, (each: Asked) => {
        const { region: place } = decide(each);
        const refusal = residencyRefusal({
          place,
          intent: intent({ placement: each.placement ?? {} }).placement,
          policy: here(each).policy,
        });
        assert.ok(place === null || (refusal === null && each.candidates?.includes(place)));
      }),
    );
  });

  it('releases for carbon exactly where a permitted region is known at or below the threshold', () => {
    fc.assert(
      fc.property(asked, (each: Asked) => {
        const found = decide(each);
        if (found.reason !== 'intensity-below-threshold' && found.action === 'release') return;
        const permitted = (each.candidates ?? []).filter(
          (name) => each.placement?.residency === undefined || (each.placement === EU && name.startsWith('eu')),
        );
        const below = permitted.some((name) => {
          const own = each.values?.[name];
          return typeof own === 'number' && found.threshold !== null && own <= found.threshold;
        });
        assert.equal(found.action === 'release', below);
        if (below) assert.ok(Number(found.intensity) <= Number(found.threshold));
      }),
    );
  });

  it('releases at every higher threshold what it releases at a lower', () => {
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 600 }), fc.nat(300), (each: Asked, low, more) => {
        const at = (threshold: number): HoldDecision =>
          decide({ ...each, hold: { ...each.hold, threshold: grams(threshold) } });
        assert.ok(at(low).action === 'wait' || at(low + more).action === 'release');
      }),
    );
  });
});
