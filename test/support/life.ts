import { instant, millis } from '../../src/carbon/units.ts';
import type { Millis, Region } from '../../src/carbon/units.ts';
import { decideHold } from '../../src/timing/decide.ts';
import type { HoldSituation } from '../../src/timing/decide.ts';
import { untouched } from '../../src/timing/progress.ts';
import type { Progress } from '../../src/timing/progress.ts';
import type { HoldDecision } from '../../src/timing/types.ts';

const HOUR = 3_600_000;

interface Course {
  /** Its intent names the duration; the world is made anew for each moment. */
  readonly situation: Pick<HoldSituation, 'intent' | 'created' | 'candidates'>;
  readonly worldAt: (now: number) => HoldSituation['world'];
  readonly switchCost: Millis;
}

/** One run, in the order of time. */
interface LivedRun {
  readonly region: Region | null;
  readonly start: number;
  readonly end: number;
}

/** A Job's course by the decisions of the service alone: asked at each full hour and at each moment that it plans. */
export class Life {
  readonly #course: Course;
  readonly #runs: LivedRun[] = [];
  #progress: Progress;
  /** Running time in all, resumes counted. */
  #needed: number;

  constructor(course: Course) {
    this.#course = course;
    this.#progress = untouched(course.situation.created);
    this.#needed = course.situation.intent.hold.expectedDuration ?? 0;
  }

  runs(): readonly LivedRun[] {
    let now: number = this.#course.situation.created;
    while (this.#runs.length < 1000) {
      const decided = this.#decide(now);
      this.#act(decided, now);
      now = this.#next(decided, now);
      if (now === this.#finish()) {
        this.#stop(now);
        return this.#runs;
      }
    }
    throw new Error('it never ends');
  }

  #decide(now: number): HoldDecision {
    const { situation, worldAt } = this.#course;
    const { run, ran } = this.#progress;
    const progress = { ...this.#progress, ran: millis(ran + (run === null ? 0 : now - run.since)) };
    return decideHold({ ...situation, progress, limit: null, pausable: true, world: worldAt(now) });
  }

  #act(decided: HoldDecision, now: number): void {
    const place = decided.plan?.runs[0]?.region ?? decided.region;
    const { run } = this.#progress;
    if (run !== null && (decided.action === 'wait' || run.region !== place)) this.#stop(now);
    if (decided.action === 'release' && this.#progress.run === null) this.#begin(place, now);
  }

  #begin(region: Region | null, now: number): void {
    const { ran, pauses } = this.#progress;
    if (pauses > 0) this.#needed += this.#course.switchCost;
    const waited = millis(now - this.#course.situation.created - ran);
    this.#progress = { ...this.#progress, waited, run: { region, since: instant(now) } };
  }

  #stop(now: number): void {
    const { run, ran, pauses } = this.#progress;
    if (run === null) return;
    this.#runs.push({ region: run.region, start: run.since, end: now });
    const after = millis(ran + now - run.since);
    const waited = millis(now - this.#course.situation.created - after);
    const { region } = run;
    this.#progress = { since: instant(now), waited, ran: after, pauses: pauses + 1, region, run: null };
  }

  /** Infinity: it does not run. */
  #finish(): number {
    const { run, ran } = this.#progress;
    return run === null ? Infinity : run.since + this.#needed - ran;
  }

  #next(decided: HoldDecision, now: number): number {
    const hour = (Math.floor(now / HOUR) + 1) * HOUR;
    const planned = decided.action === 'wait' ? decided.expected : (decided.plan?.runs[0]?.end ?? Infinity);
    return Math.min(hour, this.#finish(), planned > now ? planned : Infinity);
  }
}
