import { region } from '../carbon/units.ts';
import type { Region } from '../carbon/units.ts';
import { boundAmounts } from './amount-limits.ts';
import { parseDataSize, parseEnergy, parsePower } from './amounts.ts';
import { DATA_REGION, DATA_SIZE, ENERGY, EXPECTED_DURATION, POWER } from './annotations.ts';
import { parseDuration } from './duration.ts';
import type { HoldIntent } from './hold-intent.ts';
import { holdIntent } from './hold-words.ts';
import { placementIntent } from './intent.ts';
import type { Annotations, IntentProblem, PlacementIntent } from './intent.ts';
import type { NamespaceFacts } from './namespace.ts';
import { boundPlace } from './place-limits.ts';
import type { Policy } from './types.ts';
import { dropMisunderstood } from './understood.ts';
import { gatherWords } from './words.ts';

/** All that an intent is resolved from. */
export interface WorkloadWords {
  /** The workload's own annotations (of a Job: its own over its template's). */
  readonly annotations: Annotations;
  /** Null: nothing is known of the namespace; it then sets no default and no ceiling. */
  readonly namespace: NamespaceFacts | null;
  readonly policy: Policy;
}

/** Data that work needs: how much, GB, and where it lies. */
export interface DataIntent {
  readonly gb: number;
  readonly region: Region;
}

/** What one workload wants, resolved: policy < namespace < workload, nothing wider than what stands above it. */
export interface Intent {
  readonly placement: PlacementIntent;
  readonly hold: HoldIntent;
  /** By a class (its own, or the default of a managed namespace) or a hold of its own: only then may it be held. */
  readonly optedIn: boolean;
  /** Data that has to be where it runs; null: none that it names. */
  readonly data: DataIntent | null;
  /** Of the whole of it, kWh: as it says itself, or its power times its duration; null: not known. */
  readonly energyKwh: number | null;
  /** Lowtide's annotations as they are in force: the workload's own over the namespace's defaults, clamped. */
  readonly effective: Readonly<Record<string, string>>;
  /** Everything malformed or forbidden; a value with a problem has fallen back to what stands above it. */
  readonly problems: readonly IntentProblem[];
}

/**
 * Resolves a workload's annotations against its namespace and the policy. Never throws. Admission refuses where there are
 * problems; who cannot refuse any more goes by what is in force. `effective`, resolved again, alone or in the same
 * namespace, gives the same intent.
 */
export function resolveIntent({ annotations, namespace, policy }: WorkloadWords): Intent {
  const draft = gatherWords(annotations, { namespace, policy });
  dropMisunderstood(draft);
  boundAmounts(draft);
  boundPlace(draft);
  const effective = Object.fromEntries([...draft.words].map(([name, { text }]) => [name, text]));
  const placement = placementIntent(effective, policy);
  const hold = holdIntent(effective, placement);
  const optedIn = placement.workClass !== null || hold.choice === 'opted-in';
  const { problems } = draft;
  return { placement, hold, optedIn, data: dataOf(effective), energyKwh: energyOf(effective), effective, problems };
}

function dataOf({ [DATA_SIZE]: size, [DATA_REGION]: where }: Readonly<Record<string, string>>): DataIntent | null {
  return where === undefined ? null : { gb: parseDataSize(size ?? '0') ?? 0, region: region(where) };
}

function energyOf(effective: Readonly<Record<string, string>>): number | null {
  const own = parseEnergy(effective[ENERGY] ?? '');
  const power = parsePower(effective[POWER] ?? '');
  const duration = parseDuration(effective[EXPECTED_DURATION] ?? '');
  if (own !== null || power === null || duration === null) return own;
  return duration === 0 ? null : (power * duration) / HOUR_MS;
}

const HOUR_MS = 3_600_000;
