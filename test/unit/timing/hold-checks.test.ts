import assert from 'node:assert/strict';
import fc from 'fast-check';
import { millis } from '../../../src/carbon/units.ts';
import type { Instant } from '../../../src/carbon/units.ts';
import { HOLD_CHECKS, holdable } from '../../../src/timing/holdable.ts';
import { NOT_HELD_REASONS } from '../../../src/timing/reasons.ts';
import type { HoldCandidate } from '../../../src/timing/types.ts';
import { at, intent, minutes } from '../../support/hold.ts';

const NOW = at('2026-03-02T12:00:00Z');

describe('HOLD_CHECKS', () => {
  const facts: fc.Arbitrary<HoldCandidate> = fc.record({
    kind: fc.constantFrom('job', 'pod'),
    controller: fc.constantFrom('none', 'cron-job', 'job', 'replica-set', 'stateful-set', 'daemon-set', 'other'),
    systemNamespace: fc.boolean(),
    suspendedByOwner: fc.boolean(),
    kueue: fc.boolean(),
    hook: fc.boolean(),
    managedByOther: fc.boolean(),
    mirror: fc.boolean(),
    assigned: fc.boolean(),
    interactive: fc.boolean(),
    cronJob: fc.option(
      fc.record({
        concurrency: fc.constantFrom('Allow', 'Forbid', 'Replace'),
        next: fc.option(fc.integer({ min: -1e7, max: 1e7 }).map((after) => (NOW + after) as Instant)),
        held: fc.nat(2),
      }),
    ),
    rollout: fc.option(fc.record({ first: fc.boolean(), progressDeadline: fc.nat(1e6).map(millis) })),
    activeDeadline: fc.option(fc.nat(1e6).map(millis)),
    holdLimit: fc.option(fc.nat(1e6).map(millis)),
  });
  const choice = fc.constantFrom('opted-in', 'opted-out', 'none');
  const duration = fc.option(fc.nat(1e6).map(millis));
  const moment = { now: NOW, created: NOW, startupAllowance: minutes(2) };

  it('leave every held object time to wait', () => {
    fc.assert(
      fc.property(facts, choice, duration, (of, said, expectedDuration) => {
        const found = holdable(of, intent({ hold: { choice: said, expectedDuration } }), moment);
        assert.ok(!found.holdable || found.clamp === null || found.clamp.limit > 0);
      }),
    );
  });

  it('give an outcome that is their first finding', () => {
    fc.assert(
      fc.property(facts, choice, duration, (of, said, expectedDuration) => {
        const wanted = intent({ hold: { choice: said, expectedDuration } });
        const question = { candidate: of, intent: wanted, moment };
        const findings = HOLD_CHECKS.map((each) => each(question)).filter((each) => each !== null);

        const found = holdable(of, wanted, moment);

        assert.equal(found.holdable ? undefined : found.reason, findings[0]);
      }),
    );
  });

  it('can each find something, and together every reason of the catalogue', () => {
    const seen = new Set<string>();
    const all = fc.sample(fc.tuple(facts, choice, duration), { numRuns: 3_000, seed: 4 });
    const longDelay = intent({ hold: { maxDelay: millis(0) } });
    const noTime = intent({ hold: { deadline: NOW } });

    for (const [of, said, expectedDuration] of all) {
      const asked = [
        intent({ hold: { choice: said, expectedDuration } }),
        longDelay,
        noTime,
        intent({ optedIn: false }),
      ];
      for (const each of asked) {
        for (const one of HOLD_CHECKS) seen.add(one({ candidate: of, intent: each, moment }) ?? 'holdable');
      }
    }

    // Admission finds it before it asks: without its namespace there is no intent to ask with.
    const beforehand = 'namespace-unknown';
    assert.deepEqual([...seen, beforehand].sort(), [...Object.keys(NOT_HELD_REASONS), 'holdable'].sort());
  });
});
