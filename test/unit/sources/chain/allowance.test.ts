import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instant } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import { Meter } from '../../../../src/sources/chain/meter-of.ts';
import type { BudgetState } from '../../../../src/sources/chain/state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.parse('2026-03-02T12:00:00Z');
const TODAY = Math.floor(NOON / DAY);

class Clock {
  at = NOON;
  readonly now = (): Instant => instant(this.at);
}

function takeUpTo(from: Meter, wanted: number): number {
  let taken = 0;
  while (taken < wanted && from.take()) taken += 1;
  return taken;
}

/** What may happen to three replicas that share an allowance: each step is of one of them. */
type Step =
  | { does: 'pass'; ms: number }
  | { does: 'round'; requests: number; sends: number }
  | { does: 'crash within'; requests: number; sends: number }
  | { does: 'lead'; replica: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 5 * 60 * MINUTE }) }),
  fc.record({ does: fc.constant('round' as const), requests: fc.nat(12), sends: fc.nat(12) }),
  fc.record({ does: fc.constant('crash within' as const), requests: fc.nat(12), sends: fc.nat(12) }),
  fc.record({ does: fc.constant('lead' as const), replica: fc.nat(2) }),
);

describe('an allowance', () => {
  it('is never exceeded, in a day or a minute, by any takes of one replica', () => {
    const anyTakes = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 * MINUTE }), fc.nat(20)), { maxLength: 80 });
    fc.assert(
      fc.property(
        anyTakes,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 15 }),
        (takes, perDay, perMinute) => {
          const clock = new Clock();
          const one = new Meter({ perDay, perMinute, now: clock.now });
          const sent: number[] = [];
          for (const [ms, wanted] of takes) {
            clock.at += ms;
            const taken = takeUpTo(one, wanted);
            for (let i = 0; i < taken; i += 1) sent.push(clock.at);
          }
          for (const at of sent) {
            assert.ok(sent.filter((other) => other >= at && other < at + MINUTE).length <= perMinute);
            assert.ok(sent.filter((other) => Math.floor(other / DAY) === Math.floor(at / DAY)).length <= perDay);
          }
        },
      ),
    );
  });

  it('is never exceeded by replicas that take turns and crash, where each publishes before it sends', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (steps, perDay) => {
        const world = new SharedAllowance(perDay);
        for (const step of steps) {
          world.do(step);
          assert.ok(Math.max(0, ...world.sentByDay.values()) <= perDay);
        }
      }),
      { numRuns: 500 },
    );
  });
});

class SharedAllowance {
  readonly sentByDay = new Map<number, number>();
  readonly #perDay: number;
  readonly #clock = new Clock();
  readonly #replicas: Meter[];
  #leader = 0;
  #published: BudgetState = { day: TODAY, used: 0 };

  constructor(perDay: number) {
    this.#perDay = perDay;
    this.#replicas = [this.#started(), this.#started(), this.#started()];
  }

  do(step: Step): void {
    if (step.does === 'pass') this.#clock.at += step.ms;
    else if (step.does === 'lead') this.#lead(step.replica);
    else {
      this.#round(step.requests, step.sends);
      if (step.does === 'crash within') this.#crash();
    }
  }

  #started(): Meter {
    return new Meter({ perDay: this.#perDay, perMinute: null, now: this.#clock.now, reserved: true });
  }

  #round(requests: number, sends: number): void {
    const leader = this.#replicas[this.#leader];
    leader?.reserve(requests);
    this.#published = leader?.state() ?? this.#published;
    const day = Math.floor(this.#clock.at / DAY);
    const sent = leader === undefined ? 0 : takeUpTo(leader, sends);
    this.#sent(day, sent);
  }

  #sent(day: number, requests: number): void {
    this.sentByDay.set(day, (this.sentByDay.get(day) ?? 0) + requests);
  }

  #crash(): void {
    this.#replicas[this.#leader] = this.#started();
    this.#lead((this.#leader + 1) % 3);
  }

  #lead(replica: number): void {
    this.#leader = replica;
    this.#replicas[replica]?.adopt(this.#published);
  }
}
