import type { Instant } from '../../carbon/units.ts';
import type { ChainState, SourceState } from '../../sources/chain/state.ts';
import { encodeSources } from './codec.ts';
import type { StateCodec } from './codec.ts';
import type { ShareObserver } from './observer.ts';
import type { Meters, SharedChain } from './ports.ts';
import { withoutContents, writtenAt } from './published-set.ts';
import type { Opened, Published, PublishedSet } from './published-set.ts';
import { sane } from './sane.ts';
import { planned, setAside } from './set-aside.ts';
import type { AsidePlan } from './set-aside.ts';

interface PublisherOptions {
  readonly chain: SharedChain;
  readonly meters: Meters;
  readonly set: PublishedSet;
  readonly codec: StateCodec;
  readonly now: () => Instant;
  readonly observer: ShareObserver;
}

/** Where circuits and budgets stand in the head: small, for people to read, and safe where the payload is not. */
export const SOURCES_KEY = 'sources.json';
/** Versions of our own that a watch may still tell us of. */
const MOST_OWN = 32;

/** What was written and not answered: whether it came through is seen in what stands there. */
interface Attempt {
  readonly sources: string;
  readonly plan: AsidePlan;
}

/**
 * What a leader publishes of the chain, over what it has read: each version follows the one before it, so that what two
 * leaders set aside adds up, whatever either believes of the Lease.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #own: string[] = [];
  /** Since what was read last: at most one of them came through, all follow the same version. */
  #attempts: readonly Attempt[] = [];
  #before: Published | null = null;
  /** Whether what stands there can be read whole, so that it may stay. */
  #intact = false;
  #swept = false;
  #at: Instant | null = null;
  /** Of sources that another configuration has: kept for the replica that comes back to it. */
  #others: readonly SourceState[] = [];

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** When it was last published; null: nothing is. */
  get at(): Instant | null {
    return this.#at;
  }

  /** Whether what is published lacks, or is not ours and not read by us: another version, null: gone. */
  isNews(version: string | null): boolean {
    return version === null ? this.#before !== null : !this.#own.includes(version);
  }

  /** Goes on from what is published. True: all of it could be read. Throws ApiErrors. */
  async inherit(signal: AbortSignal): Promise<boolean> {
    const opened = await this.#options.set.read(signal);
    const own = this.#attempts.find((attempt) => opened !== null && this.#wrote(attempt, opened));
    this.#attempts = [];
    this.#before = withoutContents(opened);
    this.#at = opened && writtenAt(opened);
    this.#intact = false;
    if (opened === null) return false;
    this.#know(opened);
    if (own === undefined || opened.problem !== null) return this.#adopt(opened);
    // It tells nothing that is not known here; adopted, it would cost what it sets aside.
    setAside(own.plan, this.#options.meters);
    this.#intact = true;
    return true;
  }

  async #adopt(opened: Opened): Promise<boolean> {
    const { chain, now, observer, meters, codec } = this.#options;
    const decoded = await codec.decode({ payload: opened.payload, sources: opened.notes[SOURCES_KEY] ?? null });
    const { state } = decoded;
    const problem = opened.problem ?? decoded.problem;
    this.#intact = problem === null;
    if (problem !== null) observer.onTrouble('unreadable', problem);
    if (state === null) return false;
    const known = sane(state, now());
    this.#others = known.sources.filter(({ id }) => !meters.has(id));
    chain.adopt(known);
    return this.#intact;
  }

  /**
   * Publishes the state, with `afresh` its reports too, and then sets aside what was planned. False: somebody else has
   * published meanwhile, nothing is set aside. Throws ApiErrors: whether it came through is then not known.
   */
  async publish(plan: AsidePlan, afresh: boolean, signal: AbortSignal): Promise<boolean> {
    const { chain, meters, set, codec, now, observer } = this.#options;
    const state = chain.state();
    const sources = [...planned(state.sources, plan), ...this.#others];
    const payload = afresh || !this.#intact ? await codec.encode(state) : null;
    const notes = { [SOURCES_KEY]: encodeSources(sources) };
    const swept = this.#swept;
    // An attempt that fails may leave parts behind.
    this.#swept = false;
    const earlier = this.#attempts;
    this.#attempts = [...earlier, { sources: notes[SOURCES_KEY], plan }];
    const written = await set.write({ payload, notes }, this.#before, signal);
    this.#attempts = written === null ? earlier : [];
    if (written === null) return false;
    this.#swept = swept;
    setAside(plan, meters);
    this.#know(written);
    this.#before = written;
    this.#intact = true;
    this.#at = now();
    observer.onPublished(state.reports.length, payload?.length ?? 0);
    await this.#sweep(written, signal);
    return true;
  }

  /** Once, and after each attempt that failed: what was left behind. */
  async #sweep(written: Published, signal: AbortSignal): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    try {
      await this.#options.set.sweep(written, signal);
    } catch (error) {
      this.#options.observer.onTrouble('not-published', `old parts stay: ${String(error)}`);
    }
  }

  #wrote({ sources }: Attempt, { manifest, notes }: Opened): boolean {
    return manifest?.writer === this.#options.set.writer && notes[SOURCES_KEY] === sources;
  }

  #know({ head }: Published): void {
    this.#own.push(head.resourceVersion);
    if (this.#own.length > MOST_OWN) this.#own.shift();
  }
}

/** Whether a state tells of anything that was asked for. */
export function tells({ reports, failures }: ChainState): boolean {
  return reports.length > 0 || failures.length > 0;
}
