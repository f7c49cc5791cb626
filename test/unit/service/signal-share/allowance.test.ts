import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Fate } from '../../../support/config-map-shelf.ts';
import { fails, gives } from '../../../support/fake-provider.ts';
import { SignalStage } from '../../../support/signal-replicas.ts';
import type { Replica } from '../../../support/signal-replicas.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What may happen, one after the other, to replicas and to their way to the API server. */
type Step =
  | { readonly does: 'pass'; readonly seconds: number }
  | { readonly does: 'kill' | 'kill as it asks' | 'stop' | 'cut' | 'mend'; readonly replica: number }
  | { readonly does: 'spoil'; readonly replica: number; readonly fates: readonly Fate[] }
  | { readonly does: 'start' };

const replica = fc.nat(2);
const anyFate: fc.Arbitrary<Fate> = fc.record(
  {
    there: fc.nat(12 * SECOND),
    back: fc.nat(12 * SECOND),
    lost: fc.constantFrom('request' as const, 'answer' as const),
    code: fc.constantFrom('server-error' as const, 'unreachable' as const, 'timeout' as const),
  },
  { requiredKeys: [] },
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ does: fc.constant('pass' as const), seconds: fc.nat(2400) }), weight: 5 },
  { arbitrary: fc.record({ does: fc.constantFrom('kill' as const, 'stop' as const), replica }), weight: 2 },
  { arbitrary: fc.record({ does: fc.constant('kill as it asks' as const), replica }), weight: 6 },
  { arbitrary: fc.record({ does: fc.constantFrom('cut' as const, 'mend' as const), replica }), weight: 2 },
  {
    arbitrary: fc.record({
      does: fc.constant('spoil' as const),
      replica,
      fates: fc.array(anyFate, { minLength: 1, maxLength: 5 }),
    }),
    weight: 3,
  },
  { arbitrary: fc.constant({ does: 'start' as const }), weight: 6 },
);

/** Three replicas at most, before a provider that now and then fails. */
class Course {
  readonly stage = new SignalStage({ zones: ['DE', 'FR', 'SE', 'NO', 'GB'], pace: 10 });
  readonly perDay: number;
  readonly running: (Replica | null)[] = [null, null, null];
  #started = 0;

  constructor(perDay: number) {
    this.perDay = perDay;
  }

  async take(step: Step): Promise<void> {
    if (step.does === 'pass') await this.stage.time.pass(step.seconds * SECOND);
    else if (step.does === 'start') this.#start();
    else await this.#befall(step);
    await this.stage.time.pass(0);
  }

  #start(): void {
    const free = this.running.indexOf(null);
    if (free < 0) return;
    this.#started += 1;
    const script = this.#started % 3 === 0 ? fails('upstream-error') : gives('p', 300);
    this.running[free] = this.stage.replica(`r${this.#started}`, { perDay: this.perDay, script }).start();
  }

  async #befall(step: Exclude<Step, { does: 'pass' | 'start' }>): Promise<void> {
    const one = this.running[step.replica];
    if (one === null || one === undefined) return;
    if (step.does === 'kill') one.kill();
    if (step.does === 'kill as it asks') {
      const { script } = one.provider;
      one.provider.script = (...asked) => {
        void Promise.resolve().then(() => {
          one.kill();
        });
        return script(...asked);
      };
    }
    if (step.does.startsWith('kill')) this.running[step.replica] = null;
    if (step.does === 'stop') {
      // Not waited for: it may hang on an API server that is away.
      void one.stop();
      this.running[step.replica] = null;
    }
    if (step.does === 'cut') {
      one.fate = () => ({ lost: 'request' });
      one.leasePassage = () => ({ there: 0, back: 0, lost: 'request' });
    }
    if (step.does === 'mend') {
      one.fate = () => ({});
      one.leasePassage = () => ({ there: 0, back: 0 });
    }
    if (step.does === 'spoil') {
      const fates = [...step.fates];
      one.fate = () => fates.shift() ?? {};
    }
    await Promise.resolve();
  }
}

describe('the allowance of a provider', function () {
  this.timeout(120 * SECOND);

  it('is never exceeded, whatever replicas crash, lead in turn, and fail to write', async () => {
    let asked = 0;
    const anyCourse = fc.tuple(fc.array(anyStep, { minLength: 10, maxLength: 40 }), fc.integer({ min: 3, max: 40 }));
    await fc.assert(
      fc.asyncProperty(anyCourse, async ([steps, perDay]) => {
        const course = new Course(perDay);
        await course.take({ does: 'start' });
        for (const step of steps) await course.take(step);
        asked += course.stage.asked.length;
        assert.ok(course.stage.most <= perDay, `${course.stage.most} of ${perDay}`);
      }),
      { numRuns: 40 },
    );
    assert.ok(asked > 100, `the courses are to ask for something: ${asked}`);
  });

  it('is not exceeded where every leader dies as it asks', async () => {
    const stage = new SignalStage({ zones: ['DE'], pace: 10 });
    for (let crash = 0; crash < 30; crash += 1) {
      const one = stage.replica(`r${crash}`, {
        perDay: 12,
        script: () => {
          one.kill();
          return new Promise(() => undefined);
        },
      });
      one.start();
      await stage.time.pass(5 * MINUTE);
      one.kill();
    }

    assert.ok(stage.most <= 12 && stage.most > 2, String(stage.most));
  });

  it('is not exceeded by two that both believe to lead', async () => {
    const stage = new SignalStage({ pace: 10 });
    const both = [stage.replica('a', { perDay: 60 }), stage.replica('b', { perDay: 60 })];
    for (const { share } of both) {
      share.start();
      share.lead();
    }
    await stage.time.pass(11 * 60 * MINUTE);

    const sent = (name: string): number => stage.asked.filter(({ by }) => by === name).length;
    assert.ok(stage.most <= 60 && sent('a') > 2 && sent('b') > 2, `${sent('a')} and ${sent('b')}`);
    assert.ok(both.some(({ troubles }) => troubles.some(({ trouble }) => trouble === 'conflict')));
  });

  it('lasts through a day of crashes, most of it used for answers', async () => {
    const stage = new SignalStage({ zones: ['DE'], pace: 10 });
    for (let crash = 0; crash < 12; crash += 1) {
      const one = stage.replica(`r${crash}`, { perDay: 100 }).start();
      await stage.time.pass(20 * MINUTE);
      one.kill();
      await stage.time.pass(SECOND);
    }

    assert.ok(stage.most <= 100);
    assert.ok(stage.most >= 12, String(stage.most));
  });

  it('lets followers read exactly what the leader reads, once it has published', async () => {
    const stage = new SignalStage();
    let value = 300;
    const leader = stage.replica('leader', { script: (of, asking) => gives('p', (value += 1))(of, asking) }).start();
    await stage.time.pass(SECOND);
    const followers = [stage.replica('x', { lag: () => 300 }).start(), stage.replica('y').start()];
    for (let round = 0; round < 10; round += 1) {
      await stage.time.pass(5 * MINUTE + 3 * SECOND);
      const now = stage.time.now();
      for (const follower of followers) {
        assert.deepEqual(follower.chain.readingsAt(now), leader.chain.readingsAt(now));
      }
    }
    assert.ok(value > 310);
  });
});
