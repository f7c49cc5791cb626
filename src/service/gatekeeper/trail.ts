import { instant, millis } from '../../carbon/units.ts';
import type { Instant } from '../../carbon/units.ts';
import { Agenda } from './agenda.ts';
import { backoff } from './backoff.ts';
import { isOutage, Outage } from './outage.ts';
import type { Timing } from './ports.ts';
import { Alarm } from './timing.ts';

/** Something to be done about one piece of work, behind the releases. */
export interface Errand {
  readonly uid: string;
  /** Only where nothing else is to be done. */
  readonly patient: boolean;
  /** May be called again after it failed. */
  run(): Promise<void>;
}

interface TrailOptions {
  readonly timing: Timing;
  random(): number;
  /** Whether releases are under way: they go first. */
  busy(): boolean;
  /** Whether trying again may help; told of every failure. */
  mayRetry(error: unknown, failures: number): boolean;
}

/** Calls under way at once; of them while releases run, so that they neither wait for ever nor take their place. */
const CONCURRENCY = { idle: 8, patient: 2, busy: 1 };
const RETRY = { first: millis(500), longest: millis(30_000) };

interface Chain {
  readonly errands: Errand[];
  failures: number;
}

/** Errands in the order in which they came for each piece of work, each repeated until it is done or hopeless. */
export class Trail {
  readonly #options: TrailOptions;
  readonly #alarm: Alarm;
  readonly #chains = new Map<string, Chain>();
  readonly #urgent = new Set<string>();
  readonly #patient = new Set<string>();
  readonly #retries = new Agenda();
  readonly #idle: (() => void)[] = [];
  readonly #outage: Outage;
  #running = 0;
  #closed = false;

  constructor(options: TrailOptions) {
    this.#options = options;
    this.#outage = new Outage(() => options.random());
    this.#alarm = new Alarm(options.timing, () => {
      this.pump();
    });
  }

  add(errand: Errand): void {
    const { uid, patient } = errand;
    const chain = this.#chains.get(uid);
    if (chain === undefined) {
      this.#chains.set(uid, { errands: [errand], failures: 0 });
      (patient ? this.#patient : this.#urgent).add(uid);
    } else {
      chain.errands.push(errand);
      // What is urgent takes what stands before it along.
      if (!patient && this.#patient.delete(uid)) this.#urgent.add(uid);
    }
    this.pump();
  }

  /** Resolves when nothing is left to be done, or will be. */
  async flushed(): Promise<void> {
    if (this.#chains.size === 0 || this.#closed) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Forgets what is patient: whoever comes next does it again. */
  dropPatient(): void {
    for (const uid of this.#patient) this.#chains.delete(uid);
    this.#patient.clear();
    this.pump();
  }

  /** Starts nothing more. */
  close(): void {
    this.#closed = true;
    this.#alarm.set(null);
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Starts what may start now. */
  pump(): void {
    if (this.#closed) return;
    const now = this.#options.timing.now();
    for (const uid of this.#retries.due(now)) this.#urgent.add(uid);
    for (let uid = this.#next(now); uid !== null; uid = this.#next(now)) this.#start(uid);
    this.#alarm.set(this.#outage.next(now) ?? this.#retries.next());
    if (this.#chains.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #next(now: Instant): string | null {
    const busy = this.#options.busy();
    const limit = (usual: number): number => this.#outage.limit(now, usual);
    return (
      takeFirst(this.#urgent, this.#running < limit(busy ? CONCURRENCY.busy : CONCURRENCY.idle)) ??
      takeFirst(this.#patient, !busy && this.#running < limit(CONCURRENCY.patient))
    );
  }

  #start(uid: string): void {
    const chain = this.#chains.get(uid);
    const errand = chain?.errands[0];
    if (chain === undefined || errand === undefined) return;
    this.#running += 1;
    void this.#attempt(chain, errand).then((outcome) => {
      this.#running -= 1;
      if (outcome === 'outage') this.#suspend(uid);
      else this.#outage.over();
      if (outcome === 'done') this.#proceed(uid, chain);
      if (outcome === 'retry') this.#rest(uid, chain);
      this.pump();
    });
  }

  async #attempt(chain: Chain, errand: Errand): Promise<'done' | 'retry' | 'outage'> {
    try {
      await errand.run();
      return 'done';
    } catch (error) {
      chain.failures += 1;
      if (!this.#options.mayRetry(error, chain.failures)) return 'done';
      return isOutage(error) ? 'outage' : 'retry';
    }
  }

  #suspend(uid: string): void {
    this.#outage.failed(this.#options.timing.now());
    this.#urgent.add(uid);
  }

  #proceed(uid: string, chain: Chain): void {
    chain.errands.shift();
    chain.failures = 0;
    const [next] = chain.errands;
    if (next === undefined) this.#chains.delete(uid);
    else if (chain.errands.every(({ patient }) => patient)) this.#patient.add(uid);
    else this.#urgent.add(uid);
  }

  #rest(uid: string, { failures }: Chain): void {
    const wait = backoff({ ...RETRY, failures, chance: this.#options.random() });
    this.#retries.set(uid, instant(this.#options.timing.now() + wait));
  }
}

function takeFirst(uids: Set<string>, may: boolean): string | null {
  if (!may) return null;
  for (const uid of uids) {
    uids.delete(uid);
    return uid;
  }
  return null;
}
