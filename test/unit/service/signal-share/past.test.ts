import assert from 'node:assert/strict';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import type { Instant } from '../../../../src/carbon/units.ts';
import type { SharedPast } from '../../../../src/service/signal-share/ports.ts';
import type { HistoryState } from '../../../../src/sources/own-forecast/state.ts';
import { SET, SignalStage } from '../../../support/signal-replicas.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HISTORY = `${SET}-history`;

/** A past that wants one request every ten minutes, and grows by an hour with each. */
class FakePast implements SharedPast {
  gathered = 0;
  adopted: HistoryState[] = [];
  hours = 0;
  #next: Instant;
  readonly #now: () => Instant;
  readonly ask: () => boolean;

  constructor(now: () => Instant, ask: () => boolean = () => true) {
    this.#now = now;
    this.#next = now();
    this.ask = ask;
  }

  due(): ReadonlyMap<string, number> {
    return new Map([['p', 1]]);
  }

  nextDue(): Instant {
    return this.#next;
  }

  gather(): Promise<void> {
    this.#next = instant(this.#now() + 10 * MINUTE);
    if (this.ask()) this.gathered += 1;
    this.hours += 1;
    return Promise.resolve();
  }

  state(): HistoryState {
    const past = {
      ...({ source: 'p', zone: zone('DE'), kind: 'average', factor: 'lifecycle', start: instant(0) } as const),
      ...{ step: millis(HOUR), tenths: Array.from({ length: this.hours }, () => 3_000), fittedTo: null },
    };
    return { takenAt: this.#now(), pasts: this.hours === 0 ? [] : [past] };
  }

  adopt(state: HistoryState): void {
    this.adopted.push(state);
    this.hours = Math.max(this.hours, state.pasts[0]?.tenths.length ?? 0);
  }
}

describe('the past that forecasts are made from', function () {
  this.timeout(20 * SECOND);
  let stage: SignalStage;

  beforeEach(() => {
    stage = new SignalStage({ zones: ['DE'], pace: 10 });
  });

  it('is gathered by the leader alone, within what was set aside', async () => {
    const meters: (() => boolean)[] = [];
    const pastOf = (index: number): FakePast => new FakePast(stage.time.now, () => meters[index]?.() ?? false);
    const [mine, other] = [pastOf(0), pastOf(1)];
    const leader = stage.replica('leader', { past: mine });
    const follower = stage.replica('follower', { past: other });
    meters.push(
      () => leader.meter.take(),
      () => follower.meter.take(),
    );
    leader.start();
    await stage.time.pass(SECOND);
    follower.start();
    await stage.time.pass(HOUR);

    assert.equal(mine.gathered, 7);
    assert.deepEqual([other.gathered, other.hours], [0, 0]);
  });

  it('is published once an hour, and read by a new leader before it gathers', async () => {
    const [mine, other] = [new FakePast(stage.time.now), new FakePast(stage.time.now)];
    const leader = stage.replica('leader', { past: mine }).start();
    await stage.time.pass(3 * HOUR + 30 * MINUTE);
    const writes = stage.shelf.calls.filter((call) => /^(create|update) lowtide-signal-history$/.test(call));
    assert.equal(writes.length, 4);
    await stage.stop(leader);
    stage.replica('next', { past: other }).start();
    await stage.time.pass(10 * SECOND);

    assert.equal(other.adopted.length, 1);
    assert.ok((other.adopted[0]?.pasts[0]?.tenths.length ?? 0) > 15);
    assert.deepEqual(stage.shelf.calls.filter((call) => /^read .*history$/.test(call)).length, 2);
  });

  it('that cannot be read or published stops neither the signal nor its own gathering', async () => {
    const past = new FakePast(stage.time.now);
    const leader = stage.replica('leader', { past });
    leader.fate = (_, name) => (name.startsWith(HISTORY) ? { lost: 'request', code: 'server-error' } : {});
    leader.start();
    await stage.time.pass(HOUR);

    assert.ok(past.gathered >= 6);
    assert.ok(stage.asked.length >= 10);
    assert.deepEqual(new Set(leader.troubles.map(({ trouble }) => trouble)), new Set(['past-not-kept']));
    assert.deepEqual(leader.share.degraded(), []);
    leader.fate = () => ({});
    await stage.time.pass(HOUR);
    assert.ok(stage.shelf.maps.has(HISTORY));
  });

  it('of somebody else is written over', async () => {
    stage.shelf.put({ name: HISTORY, labels: {}, data: { 'manifest.json': '{}' }, binary: {} });
    const past = new FakePast(stage.time.now);
    const leader = stage.replica('leader', { past }).start();
    await stage.time.pass(HOUR);

    assert.deepEqual(past.adopted, []);
    assert.match(leader.troubles[0]?.detail ?? '', /^lowtide-signal-history: manifest\.json\.format: /);
    assert.ok(stage.shelf.maps.get(HISTORY)?.binary['payload.gz']);
  });

  it('is kept by a replica without a cluster for itself', async () => {
    const past = new FakePast(stage.time.now);
    stage.replica('alone', { past, standalone: true }).share.start();
    await stage.time.pass(HOUR);

    assert.equal(past.gathered, 7);
    assert.equal(stage.shelf.maps.size, 0);
  });
});
