import type { Policy } from '../../policy/types.ts';
import type { ProviderChain } from '../../sources/chain/provider-chain.ts';
import type { SourceOf } from '../../service/signal-keeper.ts';

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
