import type { Millis } from '../../carbon/units.ts';
import { formatDuration } from '../../policy/duration.ts';
import type { PlacementIntent } from '../../policy/intent.ts';
import { strategyOf } from '../../timing/decide.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import type { ExplainedIntent } from './types.ts';

/** What the work wants, as it is in force. */
export function explainedIntent({ intent, pausable = false }: HoldSituation): ExplainedIntent {
  const { placement, hold, data, energyKwh, problems } = intent;
  return {
    class: placement.workClass?.name ?? null,
    strategy: strategyOf(intent, pausable),
    residency: residencyName(placement),
    permittedRegions: placement.regions,
    maxDelay: length(hold.maxDelay),
    deadline: hold.deadline === null ? null : rfc3339(hold.deadline),
    expectedDuration: length(hold.expectedDuration),
    threshold: hold.threshold,
    thresholdOf: hold.threshold === null ? null : hold.thresholdOf,
    interruptible: hold.interruptible,
    energyKwh,
    data,
    problems: problems.map(({ annotation, value, accepted }) => ({ annotation, value, accepted })),
  };
}

function residencyName({ residency }: PlacementIntent): string | null {
  if (residency.state === 'none') return null;
  return residency.state === 'set' ? residency.set.name : residency.name;
}

/** Endless: the deadline alone bounds it. */
function length(duration: Millis | null): string | null {
  return duration === null || duration === Infinity ? null : formatDuration(duration);
}
