import { at } from '../carbon/forecast/vectors.ts';
import { region } from '../carbon/units.ts';
import type { Region } from '../carbon/units.ts';
import type { PlacementIntent } from '../policy/intent.ts';
import type { StrategyName } from '../policy/strategies.ts';
import type { Policy, WorkClass } from '../policy/types.ts';
import { residencyRefusal } from '../residency/checks.ts';
import { entryAt, indexAt } from './columns.ts';
import type { ComparisonName, DurationsShown } from './input.ts';
import type { IntensityTable, JobKind, JobTable } from './types.ts';

/** Whatever may decide for a job. */
export type Decider = StrategyName | ComparisonName;

/** What the jobs of one kind have in common, resolved against policy and table. Regions are indices into the table's. */
export interface KindTerms {
  readonly kind: JobKind;
  /** Null: the policy has no such class; its jobs go by their deadlines. */
  readonly workClass: WorkClass | null;
  readonly decider: Decider;
  /** Whether its jobs are ever asked to stop: theirs to allow, and a strategy that does. */
  readonly mayPause: boolean;
  /** Where its data lies, else its home; -1: nowhere. */
  readonly home: number;
  /** The home of its baseline; -1: none is named. */
  readonly baselineHome: number;
  /** Where residency permits it, its home first. */
  readonly permitted: readonly number[];
  /** The same where its data may not move: its home alone, unless residency forbids that. */
  readonly stay: readonly number[];
  readonly forbidden: readonly number[];
  /** Mean duration of its class over the whole file, ms. */
  readonly usual: number;
}

/** All that terms are resolved from. */
export interface TermsInput {
  readonly jobs: JobTable;
  readonly truth: IntensityTable;
  readonly policy: Policy;
  readonly strategy: Decider | null;
}

/** One a kind, in the order of the table's kinds. */
export function termsOf({ jobs, truth, policy, strategy }: TermsInput): readonly KindTerms[] {
  const usual = usualDurations(jobs);
  return jobs.kinds.map((kind) => {
    const workClass = policy.classes.get(kind.workClass) ?? null;
    const decider = deciderOf(kind, workClass, strategy);
    const home = indexOf(truth, kind.dataRegion ?? kind.home);
    const permitted = permittedOf(kind, truth, policy);
    return {
      kind,
      workClass,
      decider,
      mayPause: kind.interruptible && PAUSING.has(decider),
      home,
      baselineHome: indexOf(truth, kind.home),
      permitted: homeFirst(permitted, home),
      stay: permitted.includes(home) ? [home] : permitted,
      forbidden: truth.regions.map((_, index) => index).filter((index) => !permitted.includes(index)),
      usual: usual.get(kind.workClass) ?? NaN,
    };
  });
}

/** Those that pause work; what may not be paused is planned in one piece. */
const PAUSING: ReadonlySet<Decider> = new Set<Decider>(['interruptible', 'online', 'ecovisor', 'wait-awhile']);

function deciderOf(kind: JobKind, workClass: WorkClass | null, asked: Decider | null): Decider {
  const own = asked ?? workClass?.strategy ?? 'window';
  if (!kind.interruptible) return PAUSING.has(own) ? 'window' : own;
  return asked === null && own === 'window' ? 'interruptible' : own;
}

function permittedOf(kind: JobKind, { regions }: IntensityTable, policy: Policy): readonly number[] {
  const intent = intentOf(kind, policy);
  return regions.map((_, index) => index).filter((index) => isPermitted(entryAt(regions, index), intent, policy));
}

function isPermitted(place: Region, intent: PlacementIntent, policy: Policy): boolean {
  return residencyRefusal({ place, intent, policy }) === null;
}

/** What a kind asks of residency. A set of one primary region takes the job's home for it: there are no tenants here. */
function intentOf(kind: JobKind, policy: Policy): PlacementIntent {
  const set = policy.residencySets.get(kind.residency);
  return {
    workClass: policy.classes.get(kind.workClass) ?? null,
    residency: set === undefined ? { state: 'unknown-set', name: kind.residency } : { state: 'set', set },
    regions: null,
    primaryRegion: kind.home === null ? null : region(kind.home),
    ceiling: null,
    latency: null,
    problems: [],
  };
}

/** Of equally clean regions the first is chosen: work then stays where it is. */
function homeFirst(permitted: readonly number[], home: number): readonly number[] {
  return permitted.includes(home) ? [home, ...permitted.filter((index) => index !== home)] : permitted;
}

function indexOf({ regions }: IntensityTable, place: Region | null): number {
  return place === null ? -1 : regions.indexOf(place);
}

function usualDurations({ kinds, kind, duration, count }: JobTable): ReadonlyMap<string, number> {
  const sums = new Float64Array(kinds.length);
  const counts = new Float64Array(kinds.length);
  for (let job = 0; job < count; job += 1) {
    const index = indexAt(kind, job);
    sums[index] = at(sums, index) + at(duration, job);
    counts[index] = at(counts, index) + 1;
  }
  const classes = new Map<string, { sum: number; count: number }>();
  for (const [index, { workClass }] of kinds.entries()) {
    const total = classes.get(workClass) ?? { sum: 0, count: 0 };
    total.sum += at(sums, index);
    total.count += at(counts, index);
    classes.set(workClass, total);
  }
  return new Map([...classes].map(([name, total]) => [name, total.sum / total.count]));
}

/** A job's terms. */
export function termsAt(terms: readonly KindTerms[], { kind }: JobTable, job: number): KindTerms {
  return entryAt(terms, indexAt(kind, job));
}

/** What jobs of one kind are told of durations is the same for all of them, but for methods that presuppose the truth. */
export function shownTo(decider: Decider, shown: DurationsShown): DurationsShown {
  return decider === 'wait-awhile' ? 'known' : shown;
}
