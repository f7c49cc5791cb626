import type { Region } from '../../carbon/units.ts';
import { viewRegion } from '../../placement/facts.ts';
import type { RegionView } from '../../placement/facts.ts';
import { filterPlaces } from '../../placement/filter.ts';
import { rankPermitted } from '../../placement/permitted-ranking.ts';
import { decideHold } from '../../timing/decide.ts';
import type { HoldSituation } from '../../timing/decide.ts';
import { rfc3339 } from '../../timing/decision-note.ts';
import { refusalReason } from './reasons.ts';
import type { ExplainedRegion } from './types.ts';

/** More regions than anybody compares; each costs a plan of its own, and the same process answers kube-scheduler. */
const MOST_PLANNED = 24;

/** Every region that has nodes for the work: the permitted ones, best placed first, then the refused. */
export function explainedRegions(situation: HoldSituation, plans: boolean): readonly ExplainedRegion[] {
  const { candidates, intent, world } = situation;
  const { permitted } = rankPermitted(candidates, intent.placement, world);
  const named = new Set(permitted.map(({ region }) => region));
  const verdicts = filterPlaces(candidates, intent.placement, world);
  const refused = candidates.flatMap((region) => {
    const refusal = verdicts.get(region) ?? null;
    if (refusal === null || named.has(region)) return [];
    const view = viewRegion(region, intent.placement, world);
    return [{ ...shown(view, situation), refused: refusalReason(refusal), start: null, mean: null }];
  });
  return [
    ...permitted.map(({ view }, index) => ({
      ...shown(view, situation),
      refused: null,
      ...(plans && index < MOST_PLANNED ? plannedAt(view.region, situation) : NO_PLAN),
    })),
    ...refused,
  ];
}

const NO_PLAN = { start: null, mean: null } as const;

function shown({ region, reading }: RegionView, { intent }: HoldSituation) {
  const intensity = reading.state === 'known' ? reading.value : null;
  const { threshold } = intent.hold;
  return {
    region: region ?? '',
    intensity,
    aboveThreshold: intensity !== null && threshold !== null && intensity > threshold,
  };
}

/** The same decision, were this the only region. */
function plannedAt(region: Region | null, situation: HoldSituation): Pick<ExplainedRegion, 'start' | 'mean'> {
  if (region === null) return NO_PLAN;
  const { plan } = decideHold({ ...situation, candidates: [region] });
  const [first] = plan?.runs ?? [];
  return { start: first === undefined ? null : rfc3339(first.start), mean: plan?.mean ?? null };
}

/** Regions of the policy that have no nodes for the work. */
export function withoutNodes({ candidates, world }: HoldSituation): readonly string[] {
  const known = new Set(candidates);
  return [...world.policy.regions.keys()].filter((region) => !known.has(region));
}
