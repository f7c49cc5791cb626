import type { ObservedStep } from '../../carbon/report.ts';
import { millis } from '../../carbon/units.ts';
import type { FailureReason } from '../failure.ts';
import { ProviderFailure } from '../failure.ts';
import { chunksOf } from '../mix-report.ts';
import { inOrder, notFromTheFuture } from '../plausible.ts';
import type { Asking, Span } from '../provider.ts';
import type { ElectricityMapsApi } from './api.ts';
import { Past, observations } from './schema.ts';
import type { Asked } from './schema.ts';

const DAY = 86_400_000;
/** The longest range that one request may span. */
const CHUNK = millis(10 * DAY);
/** What a plan without ranges answers. */
const NOT_IN_PLAN: readonly FailureReason[] = ['unauthorized', 'forbidden', 'unknown-zone', 'refused'];

interface When {
  readonly span: Span;
  readonly asking: Asking;
}

/**
 * The past of a zone: by ranges, or the last 24 hours where they suffice or the plan has no more.
 * @throws ProviderFailure
 */
export async function pastSteps(api: ElectricityMapsApi, asked: Asked, when: When): Promise<readonly ObservedStep[]> {
  const { span, asking } = when;
  const recent = span.from >= asking.now - DAY;
  const steps = recent ? await lastDay(api, asked, asking) : await ranges(api, asked, when);
  notFromTheFuture(steps, asking.now);
  return inOrder(steps).filter(({ start, end }) => end > span.from && start < span.to);
}

async function ranges(api: ElectricityMapsApi, asked: Asked, { span, asking }: When): Promise<readonly ObservedStep[]> {
  const steps: ObservedStep[] = [];
  try {
    for (const { from, to } of chunksOf(span, CHUNK)) {
      const query = { start: new Date(from).toISOString(), end: new Date(to).toISOString() };
      steps.push(...(await past(api, asked, { path: 'carbon-intensity/past-range', query, asking })));
    }
    return steps;
  } catch (error) {
    const lacking = error instanceof ProviderFailure && NOT_IN_PLAN.includes(error.reason);
    if (!lacking || steps.length > 0) throw error;
    return lastDay(api, asked, asking);
  }
}

function lastDay(api: ElectricityMapsApi, asked: Asked, asking: Asking): Promise<readonly ObservedStep[]> {
  return past(api, asked, { path: 'carbon-intensity/history', query: {}, asking });
}

interface Request {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly asking: Asking;
}

async function past(api: ElectricityMapsApi, asked: Asked, request: Request): Promise<readonly ObservedStep[]> {
  const { told } = await api.ask('history', { ...request, zone: asked.zone, schema: Past });
  try {
    return observations(told, asked).steps;
  } catch (error) {
    if (error instanceof ProviderFailure && error.reason === 'no-data') return [];
    throw error;
  }
}
