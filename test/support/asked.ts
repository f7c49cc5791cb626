import assert from 'node:assert/strict';
import type { ZoneReport } from '../../src/carbon/report.ts';
import { zone } from '../../src/carbon/units.ts';
import type { Instant } from '../../src/carbon/units.ts';
import type { FailureReason } from '../../src/sources/failure.ts';
import { ProviderFailure } from '../../src/sources/failure.ts';
import type { Provider } from '../../src/sources/provider.ts';

/** What a provider answered, by the names that were asked for. */
export class Asked {
  readonly #answers: ReadonlyMap<string, ZoneReport | ProviderFailure>;

  private constructor(answers: ReadonlyMap<string, ZoneReport | ProviderFailure>) {
    this.#answers = answers;
  }

  /** Asks for zones by names that the Signal uses too. */
  static async of(provider: Provider, now: Instant, ...names: readonly string[]): Promise<Asked> {
    const zones = names.map((name) => ({ zone: zone(name), name }));
    return new Asked(await provider.report(zones, { now, signal: new AbortController().signal }));
  }

  report(name: string): ZoneReport {
    const answer = this.#answers.get(name);
    assert.ok(answer !== undefined, `nothing about ${name}`);
    assert.ok(!(answer instanceof ProviderFailure), answer instanceof ProviderFailure ? answer.message : '');
    return answer;
  }

  /** The zone's failure: its message. */
  failure(name: string, reason: FailureReason): string {
    const answer = this.#answers.get(name);
    assert.ok(answer instanceof ProviderFailure, `no failure of ${name}`);
    assert.equal(answer.reason, reason, answer.message);
    return answer.message;
  }
}

/** The failure of a whole exchange: its message. */
export async function failed(call: Promise<unknown>, reason: FailureReason): Promise<string> {
  const failure: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ProviderFailure, failure instanceof Error ? failure.message : 'no failure');
  assert.equal(failure.reason, reason, failure.message);
  return failure.message;
}
