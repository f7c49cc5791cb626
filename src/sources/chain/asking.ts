import type { ZoneReport } from '../../carbon/report.ts';
import { millis } from '../../carbon/units.ts';
import type { Instant, Millis, Zone } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import type { Provider, ZoneName } from '../provider.ts';
import { settledBy } from './settled-by.ts';
import { Slots } from './slots.ts';
import type { SourceLink } from './source-link.ts';

/** What asking needs of the world. */
export interface AskingContext {
  readonly now: () => Instant;
  /** Aborts after so long: the machine's AbortSignal.timeout, or a test's. */
  readonly timeout: (after: Millis) => AbortSignal;
}

const AT_A_TIME = 4;
const PATIENCE = millis(30_000);

/** Asks one source for zones: a few at a time, all at once where it serves all, one by one while it is in doubt. */
export class Asking {
  readonly #link: SourceLink;
  readonly #context: AskingContext;
  readonly #slots = new Slots(AT_A_TIME);
  readonly #underWay = new Set<Promise<void>>();
  #all: Promise<void> | null = null;

  constructor(link: SourceLink, context: AskingContext) {
    this.#link = link;
    this.#context = context;
  }

  /** Asks for a zone that is due; what came of it is in the link. Never throws. */
  ask(zone: Zone, due: () => readonly Zone[], round: AbortSignal): Promise<void> {
    if (this.#link.source.provider.serves === 'one') return this.#slots.run(() => this.#whenAllowed([zone], round));
    return (this.#all ??= this.#whenAllowed(due(), round).finally(() => {
      this.#all = null;
    }));
  }

  async #whenAllowed(zones: readonly Zone[], round: AbortSignal): Promise<void> {
    while (this.#mustWait()) await Promise.race(this.#underWay);
    if (round.aborted) return;
    // In this order: ready at once is a moment of the clock's, which may tick between the two.
    const ready = this.#link.readyAt();
    const now = this.#context.now();
    if (now < ready) {
      for (const zone of zones) this.#link.heldBack(zone, now);
      return;
    }
    this.#link.asking(now);
    const sending = this.#send(zones, round).finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
    await sending;
  }

  /** For what is under way: it decides about a provider that has just failed, or may need what the meter has left. */
  #mustWait(): boolean {
    const { size } = this.#underWay;
    return size > 0 && (this.#link.isDoubtful(this.#context.now()) || !this.#link.affords(size + 1));
  }

  async #send(zones: readonly Zone[], round: AbortSignal): Promise<void> {
    const { provider, patience = PATIENCE } = this.#link.source;
    const asked = this.#context.now();
    const limit = AbortSignal.any([round, this.#context.timeout(patience)]);
    try {
      const report = provider.report(this.#named(zones), { now: asked, signal: limit });
      this.#take(zones, await settledBy(report, limit), asked);
    } catch (error) {
      // Given up by ourselves: nobody failed.
      if (round.aborted) return;
      const failure = asFailure(error, limit);
      this.#link.failed(failure, asked);
      for (const zone of zones) this.#link.zoneFailed(zone, failure, asked);
    }
  }

  #take(zones: readonly Zone[], answers: Answers, asked: Instant): void {
    const { provider } = this.#link.source;
    const only = provider.serves === 'one' && zones[0] !== undefined ? answers.get(zones[0]) : undefined;
    if (only instanceof ProviderFailure) this.#link.failed(only, asked);
    else this.#link.answered();
    for (const zone of zones) {
      const answer = checked(zone, answers.get(zone), provider);
      if (answer instanceof ProviderFailure) this.#link.zoneFailed(zone, answer, asked);
      else this.#link.reported(answer, asked);
    }
  }

  #named(zones: readonly Zone[]): readonly ZoneName[] {
    return zones.flatMap((zone) => {
      const name = this.#link.source.nameOf(zone);
      return name === null ? [] : [{ zone, name }];
    });
  }
}

type Answers = Awaited<ReturnType<Provider['report']>>;

/** The last look before a value is counted with: of the zone that was asked for, of the kind that was declared. */
function checked(
  zone: Zone,
  answer: ZoneReport | ProviderFailure | undefined,
  provider: Provider,
): ZoneReport | ProviderFailure {
  if (answer === undefined) return new ProviderFailure('no-data', `${provider.id}: no answer for zone ${zone}`);
  if (answer instanceof ProviderFailure) return answer;
  if (answer.zone !== zone) {
    return new ProviderFailure('wrong-zone', `${provider.id}: an answer for ${answer.zone} in place of ${zone}`);
  }
  if (answer.kind !== provider.kind || answer.factor !== provider.factor) {
    const told = `${answer.kind}, ${answer.factor} in place of ${provider.kind}, ${provider.factor}`;
    return new ProviderFailure('malformed', `${provider.id}: zone ${zone}: ${told}`);
  }
  return answer;
}

/** A provider throws nothing but ProviderFailure; if it does, its answer was more than it could read. */
function asFailure(error: unknown, limit: AbortSignal): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (limit.aborted) return new ProviderFailure('timeout', 'no whole answer in time');
  return new ProviderFailure('malformed', error instanceof Error ? error.message : 'something was thrown');
}
