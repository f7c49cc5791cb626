import type { Region } from '../carbon/units.ts';
import { entryAt } from './columns.ts';
import { termsOf } from './terms.ts';
import type { KindTerms, TermsInput } from './terms.ts';

/** An input that cannot be simulated: one line for a person, with the first job that shows it. */
export interface SimulationProblem {
  readonly code:
    | 'unknown-class'
    | 'unknown-residency'
    | 'unknown-region'
    | 'region-without-intensity'
    | 'no-permitted-region'
    | 'home-missing';
  /** Id of the first job concerned; null: it is about the intensity. */
  readonly job: string | null;
  readonly value: string;
  readonly message: string;
}

/** Which baseline everything is measured against. */
export type BaselineKind = 'random' | 'home';

/** Everything that makes an input unfit, each value once; empty: it can be simulated. */
export function problemsOf(input: Omit<TermsInput, 'strategy'>, baseline: BaselineKind): readonly SimulationProblem[] {
  const terms = termsOf({ ...input, strategy: null });
  const found = [
    ...unlistedColumns(input),
    ...terms.flatMap((each, kind) => kindProblems({ input, terms: each, kind, baseline })),
  ];
  const seen = new Set<string>();
  return found.filter(({ code, value }) => {
    const key = `${code} ${value}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

interface KindQuestion {
  readonly input: Omit<TermsInput, 'strategy'>;
  readonly terms: KindTerms;
  readonly kind: number;
  readonly baseline: BaselineKind;
}

function kindProblems(question: KindQuestion): readonly SimulationProblem[] {
  const { input, terms } = question;
  const first = firstJob(question, () => true);
  if (first === null) return [];
  const late = terms.workClass === null ? firstJob(question, (job) => Number.isNaN(input.jobs.deadline[job])) : null;
  return [
    ...(late === null ? [] : [classProblem(late, terms, input)]),
    ...residencyProblems(question, first),
    ...[terms.kind.home, terms.kind.dataRegion].flatMap((place) => regionProblem(place, input, first)),
    ...(question.baseline === 'home' && terms.kind.home === null ? [homeMissing(first)] : []),
  ];
}

/** Id of the first job of the kind that fits; null: there is none. */
function firstJob({ input: { jobs }, kind }: KindQuestion, fits: (job: number) => boolean): string | null {
  for (let job = 0; job < jobs.count; job += 1) {
    if (jobs.kind[job] === kind && fits(job)) return entryAt(jobs.ids, job);
  }
  return null;
}

function classProblem(job: string, { kind }: KindTerms, { policy }: KindQuestion['input']): SimulationProblem {
  const accepted = [...policy.classes.keys()].join(', ');
  const message = `job ${job}: class ${kind.workClass} is not in the policy (${accepted}), and it has no deadline`;
  return { code: 'unknown-class', job, value: kind.workClass, message };
}

function residencyProblems({ input, terms }: KindQuestion, job: string): readonly SimulationProblem[] {
  const value = terms.kind.residency;
  const { residencySets } = input.policy;
  if (!residencySets.has(value)) {
    const message = `job ${job}: residency ${value} is not a set of the policy (${[...residencySets.keys()].join(', ')})`;
    return [{ code: 'unknown-residency', job, value, message }];
  }
  if (terms.permitted.length > 0) return [];
  const homeless = residencySets.get(value)?.primaryRegionOnly === true && terms.kind.home === null;
  const message = homeless
    ? `job ${job}: residency ${value} permits the job's home_region alone, and the job names none`
    : `job ${job}: residency ${value} permits none of the regions that the intensity names`;
  return [{ code: 'no-permitted-region', job, value, message }];
}

function regionProblem(
  place: Region | null,
  { policy, truth }: KindQuestion['input'],
  job: string,
): readonly SimulationProblem[] {
  if (place === null || truth.regions.includes(place)) return [];
  const known = policy.regions.has(place);
  const message = known
    ? `job ${job}: the intensity has no column for region ${place}`
    : `job ${job}: region ${place} is not in the policy's regions`;
  return [{ code: known ? 'region-without-intensity' : 'unknown-region', job, value: place, message }];
}

function homeMissing(job: string): SimulationProblem {
  const message = `job ${job}: the baseline home needs a home_region for every job`;
  return { code: 'home-missing', job, value: 'home', message };
}

/** Without jurisdiction and cost nothing could be said of a region. */
function unlistedColumns({ truth, policy }: KindQuestion['input']): readonly SimulationProblem[] {
  return truth.regions
    .filter((place) => !policy.regions.has(place))
    .map((place) => {
      const message = `intensity: region ${place} is not in the policy's regions`;
      return { code: 'unknown-region', job: null, value: place, message };
    });
}
