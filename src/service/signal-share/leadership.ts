import { instant } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import type { Timing } from '../gatekeeper/ports.ts';
import { Bell } from './bell.ts';
import type { PastKeeper } from './past-keeper.ts';
import type { SharedChain } from './ports.ts';
import type { Sharing } from './sharing.ts';

interface LeadershipOptions {
  readonly chain: SharedChain;
  /** Null: there is nobody to share with. */
  readonly sharing: Sharing | null;
  /** Null: no past is kept. It is to call back when what it does in the background has ended. */
  readonly past: ((onEnded: () => void) => PastKeeper) | null;
  readonly timing: Timing;
}

/** Between two rounds, whatever is due. */
const SHORTEST_PAUSE = 1_000;
const LONGEST_WAIT = 3_600_000;

/**
 * One turn as leader: goes on from what predecessors published, has the chain ask when something is due, and publishes
 * what came of it. Requests are set aside in what is published before they are sent, so that whoever comes next counts
 * them, too.
 */
export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #ending = new AbortController();
  readonly #bell: Bell;
  readonly #past: PastKeeper | null;
  readonly #firstRound = Promise.withResolvers<undefined>();
  #running: Promise<void> = Promise.resolve();
  #round: Promise<void> | null = null;
  #nextRound = instant(0);

  constructor(options: LeadershipOptions) {
    this.#options = options;
    this.#bell = new Bell(options.timing);
    const ring = (): void => {
      this.#bell.ring();
    };
    this.#past = options.past?.(ring) ?? null;
  }

  begin(): void {
    this.#past?.begin(this.#ending.signal);
    this.#running = this.#run();
  }

  /** Stops asking at once. Resolves when nothing runs any more. */
  async end(): Promise<void> {
    this.#ending.abort();
    this.#bell.ring();
    await this.#running;
    await this.#round;
    await this.#past?.ended();
  }

  /** Resolves when the first round is over, however it went. */
  get firstRound(): Promise<undefined> {
    return this.#firstRound.promise;
  }

  /** Reports or failures changed. */
  changed(): void {
    this.#options.sharing?.changed();
    this.#bell.ring();
  }

  /** A watch told of a published version; null: there is none any more. */
  noticed(version: string | null): void {
    this.#options.sharing?.noticed(version);
    this.#bell.ring();
  }

  /** What other replicas go without. */
  degraded(): readonly string[] {
    return this.#options.sharing?.degraded() ?? [];
  }

  async #run(): Promise<void> {
    while (!this.#over()) {
      await this.#turn();
      if (!this.#over()) await this.#bell.wait(this.#untilNext());
    }
  }

  async #turn(): Promise<void> {
    const { signal } = this.#ending;
    const due = (): ReadonlyMap<string, number> => this.#due();
    const may = (await this.#options.sharing?.prepare(due, this.#round !== null, signal)) ?? true;
    if (!may || this.#over()) return;
    this.#ask();
  }

  /** Requests that may be sent now, by source id; empty: nothing is to be asked. */
  #due(): ReadonlyMap<string, number> {
    const due = new Map(this.#past?.due());
    if (this.#roundDueAt() > this.#now()) return due;
    for (const [id, requests] of this.#options.chain.due()) due.set(id, (due.get(id) ?? 0) + requests);
    return due;
  }

  #ask(): void {
    const { signal } = this.#ending;
    this.#past?.go(signal);
    if (this.#roundDueAt() > this.#now()) return;
    this.#round = this.#options.chain.round(signal).finally(() => {
      this.#round = null;
      this.#nextRound = instant(this.#now() + SHORTEST_PAUSE);
      this.#firstRound.resolve(undefined);
      this.#bell.ring();
    });
  }

  #untilNext(): number {
    const { sharing } = this.#options;
    const held = sharing?.holdUntil ?? 0;
    const asked = Math.min(this.#roundDueAt(), this.#past?.nextDue() ?? Infinity);
    const next = Math.min(Math.max(asked, held), sharing?.nextDue(this.#round !== null) ?? Infinity);
    return Math.min(Math.max(next - this.#now(), 1), LONGEST_WAIT);
  }

  /** Never while one runs. */
  #roundDueAt(): number {
    if (this.#round !== null) return Infinity;
    return Math.max(this.#options.chain.nextDue() ?? Infinity, this.#nextRound);
  }

  #over(): boolean {
    return this.#ending.signal.aborted;
  }

  #now(): Instant {
    return this.#options.timing.now();
  }
}
