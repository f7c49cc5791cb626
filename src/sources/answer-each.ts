import type { ZoneReport } from '../carbon/report.ts';
import type { Zone } from '../carbon/units.ts';
import { FAILURE_SCOPE, ProviderFailure } from './failure.ts';
import type { ZoneName } from './provider.ts';

/** What a provider tells of each zone that it was asked for. */
export type Answers = ReadonlyMap<Zone, ZoneReport | ProviderFailure>;

/**
 * Asks for zones one after the other: what is wrong with one of them is its answer.
 * @throws ProviderFailure where the provider as a whole fails.
 */
export async function answerEach(
  zones: readonly ZoneName[],
  ask: (zone: ZoneName) => Promise<ZoneReport>,
): Promise<Answers> {
  const answers = new Map<Zone, ZoneReport | ProviderFailure>();
  for (const named of zones) {
    try {
      answers.set(named.zone, await ask(named));
    } catch (error) {
      if (!(error instanceof ProviderFailure) || FAILURE_SCOPE[error.reason] !== 'zone') throw error;
      answers.set(named.zone, error);
    }
  }
  return answers;
}
