import type { Zone } from '../../carbon/units.ts';
import type { ChainSource } from '../../sources/chain/source.ts';
import { ProviderFailure } from '../../sources/failure.ts';
import type { FailureReason } from '../../sources/failure.ts';
import type { ZoneFailure } from '../../sources/chain/state.ts';
import type { Provider } from '../../sources/provider.ts';

/** Why a source did not give a zone, in its own words. */
export interface Trouble {
  readonly zone: Zone;
  readonly source: string;
  readonly reason: FailureReason;
  /** Without credentials: whoever made it saw to it. Empty where the source was not asked. */
  readonly message: string;
}

/** Remembers what providers last said of why they failed: the chain keeps the reason alone. */
export class Failures {
  readonly #last = new Map<string, ProviderFailure>();

  /** The same source, whose failures are remembered. */
  listenTo(source: ChainSource): ChainSource {
    const { provider } = source;
    const report: Provider['report'] = async (zones, asking) => {
      try {
        const answers = await provider.report(zones, asking);
        for (const [zone, answer] of answers) this.#note(provider.id, zone, answer);
        return answers;
      } catch (error) {
        for (const { zone } of zones) this.#note(provider.id, zone, error);
        throw error;
      }
    };
    return { ...source, provider: { ...provider, id: provider.id, report } };
  }

  /** What the chain says failed, in the words of the sources. */
  explain(failures: readonly ZoneFailure[]): readonly Trouble[] {
    return failures.map(({ zone, source, reason }) => {
      const last = this.#last.get(keyOf(source, zone));
      return { zone, source, reason, message: last?.reason === reason ? last.message : '' };
    });
  }

  #note(source: string, zone: Zone, answer: unknown): void {
    if (answer instanceof ProviderFailure) this.#last.set(keyOf(source, zone), answer);
  }
}

function keyOf(source: string, zone: Zone): string {
  return `${source}\n${zone}`;
}
