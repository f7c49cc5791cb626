import type { ObservedStep } from '../../carbon/report.ts';
import { millis } from '../../carbon/units.ts';
import { ProviderFailure } from '../failure.ts';
import { chunksOf } from '../mix-report.ts';
import { inOrder, notFromTheFuture } from '../plausible.ts';
import type { Asking, Span } from '../provider.ts';
import type { WattTimeApi } from './api.ts';
import { Data, stepsOf } from './schema.ts';
import type { Asked } from './schema.ts';

/** A window may span 32 days, its ends included. */
const CHUNK = millis(30 * 86_400_000);

/**
 * The past of a region, ascending; of several models only the last one's, since each has a level of its own.
 * @throws ProviderFailure
 */
export async function modelSteps(
  api: WattTimeApi,
  asked: Asked,
  { span, asking }: { readonly span: Span; readonly asking: Asking },
): Promise<readonly ObservedStep[]> {
  const parts: { readonly model: string; readonly steps: readonly ObservedStep[] }[] = [];
  for (const { from, to } of chunksOf(span, CHUNK)) {
    const times = { start: new Date(from).toISOString(), end: new Date(to - 1).toISOString() };
    const query = { region: asked.region, signal_type: asked.signal, ...times };
    const { told, clockSkew } = await api.ask('history', { path: 'historical', query, asking, schema: Data });
    const steps = valuesOrNone(() => stepsOf(told, asked));
    notFromTheFuture(steps, asking.now, clockSkew);
    if (steps.length > 0) parts.push({ model: told.meta.model?.date ?? '', steps });
  }
  const last = parts.at(-1)?.model;
  return inOrder(parts.filter(({ model }) => model === last).flatMap(({ steps }) => steps));
}

function valuesOrNone(read: () => readonly ObservedStep[]): readonly ObservedStep[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProviderFailure && error.reason === 'no-data') return [];
    throw error;
  }
}
