import type { Instant } from '../../carbon/units.ts';
import type { Policy } from '../../policy/types.ts';
import type { SourceOf } from '../../service/signal-keeper.ts';
import type { ProviderChain } from '../../sources/chain/provider-chain.ts';
import { openSources } from '../serve/sources.ts';
import { isProvider } from './config.ts';
import type { SourceConfig } from './config.ts';

/** Traces and declared values, before and after the providers. */
export interface ReadOnce {
  readonly before: readonly SourceOf[];
  readonly after: readonly SourceOf[];
}

/**
 * Opens what is read once; `start` is the wall time at which traces begin.
 * @throws UsageError where a trace cannot be used, or its columns contradict one another.
 */
export async function openReadOnce(
  configs: readonly SourceConfig[],
  policy: Policy,
  start: Instant,
): Promise<ReadOnce> {
  const first = configs.findIndex(isProvider);
  const at = first < 0 ? configs.length : first;
  const [before, after] = [configs.slice(0, at), configs.slice(at)];
  return { before: await openSources(before, policy, start), after: await openSources(after, policy, start) };
}

/** The chain of providers as one source of the Signal: it serves the zones of the policy's regions. */
export function chainSource(chain: ProviderChain): SourceOf {
  return ({ regions, scheduler }: Policy) => {
    chain.useZones([...new Set(Array.from(regions.values(), ({ zone }) => zone))]);
    chain.wanted({ kind: scheduler.signal, factor: scheduler.emissionFactor });
    return {
      readingsAt: (now) => chain.readingsAt(now),
      nextChange: (now) => chain.nextChange(now),
    };
  };
}
