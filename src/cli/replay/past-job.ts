import { instant, millis } from '../../carbon/units.ts';
import type { Instant, Millis, Region } from '../../carbon/units.ts';
import { heldWork } from '../../kubernetes/held-work.ts';
import { listMember, member, text } from '../../kubernetes/untyped.ts';
import { parseDataSize } from '../../policy/amounts.ts';
import {
  CLASS,
  DATA_REGION,
  DATA_SIZE,
  DEADLINE,
  INTERRUPTIBLE,
  PREFIX,
  REGIONS,
  RELEASED_AT,
  RESIDENCY,
} from '../../policy/annotations.ts';
import { parseDuration } from '../../policy/duration.ts';
import { parseTime } from '../../policy/rfc3339.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import { energyOf } from './energy.ts';
import type { RunEnergy } from './energy.ts';
import { fixedRegion } from './home-region.ts';

/** One finished Job, as a row of jobs.csv tells it. */
export interface PastJob {
  /** `NAMESPACE/NAME`. */
  readonly id: string;
  readonly arrival: Instant;
  readonly workClass: string;
  readonly duration: Millis;
  readonly energy: RunEnergy;
  readonly residency: string;
  readonly home: Region | null;
  readonly interruptible: boolean;
  readonly deadline: Instant | null;
  readonly dataGb: number | null;
  readonly dataRegion: string | null;
  readonly remarks: readonly Remark[];
}

/** Why a Job is left out. */
export const SKIPPED = {
  'not-finished': 'still waiting, suspended or running',
  failed: 'failed: nobody knows what it would have used',
  'no-times': 'without times of start and end, or shorter than a second',
  'no-energy':
    'without requests of CPU or memory and without lowtide.dev/energy: give --default-power WATTS to keep them',
  'not-a-job': 'not a Job of an API server: without name, namespace, uid, resourceVersion or creation time',
} as const;

/** What a row cannot tell of a Job that is kept. */
export const REMARKS = {
  'was-suspended': 'suspended for a time: only the last run counts as running time',
  'regions-lost': 'with lowtide.dev/regions, which jobs.csv has no column for: residency alone binds them',
} as const;

export type SkipReason = keyof typeof SKIPPED;
export type Remark = keyof typeof REMARKS;

/** What is filled in where a Job itself says nothing. */
export interface PastJobRules {
  readonly workClass: string;
  readonly residency: string;
  /** kW; null: such a Job is left out. */
  readonly defaultPower: number | null;
  readonly regionLabel: string;
  /** Annotations of the Job's namespace: defaults of its own. */
  readonly ofNamespace: (namespace: string) => Readonly<Record<string, unknown>>;
  /** Where the Job's pods ran, by its uid; null: not known. */
  readonly ranIn: (uid: string) => Region | null;
}

/** Reads one Job as the API server keeps it; or why it is left out. */
export function pastJob(job: unknown, rules: PastJobRules): PastJob | SkipReason {
  const work = heldWork(job, 'job');
  if (work === null) return 'not-a-job';
  const unfinished = hindrance(job);
  if (unfinished !== null) return unfinished;
  const words = { ...defaultsOf(work, rules), ...work.annotations };
  const duration = durationOf(job, words);
  if (duration === null) return 'no-times';
  const energy = energyOf({ job, annotations: words, duration, defaultPower: rules.defaultPower });
  if (energy === null) return 'no-energy';
  return {
    id: `${work.namespace}/${work.name}`,
    arrival: work.created,
    workClass: words[CLASS] ?? rules.workClass,
    duration,
    energy,
    residency: words[RESIDENCY] ?? rules.residency,
    home: fixedRegion(work.scheduling, rules.regionLabel) ?? rules.ranIn(work.uid),
    interruptible: words[INTERRUPTIBLE] === 'true',
    deadline: parseTime(words[DEADLINE] ?? ''),
    ...dataOf(words),
    remarks: remarksOf(job, words),
  };
}

/** Written at a pause: how long it had run until then. */
const RAN = `${PREFIX}ran`;

type Words = Readonly<Record<string, string>>;

function defaultsOf({ namespace }: HeldWork, { ofNamespace }: PastJobRules): Words {
  const all = Object.entries(ofNamespace(namespace));
  return Object.fromEntries(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function hindrance(job: unknown): 'failed' | 'not-finished' | null {
  if (hasCondition(job, 'Failed', 'True')) return 'failed';
  return hasCondition(job, 'Complete', 'True') ? null : 'not-finished';
}

function hasCondition(job: unknown, type: string, status: string): boolean {
  return listMember(member(job, 'status'), 'conditions').some(
    (condition) => member(condition, 'type') === type && member(condition, 'status') === status,
  );
}

/** A resumed Job's start is that of its last run; what it ran before, Lowtide has written down. */
function durationOf(job: unknown, words: Words): Millis | null {
  const status = member(job, 'status');
  const start = Date.parse(text(member(status, 'startTime')) ?? '');
  const end = Date.parse(text(member(status, 'completionTime')) ?? '');
  const total = end - start + (parseDuration(words[RAN] ?? '') ?? 0);
  return total >= 1000 ? millis(total) : null;
}

function dataOf(words: Words): Pick<PastJob, 'dataGb' | 'dataRegion'> {
  const dataGb = parseDataSize(words[DATA_SIZE] ?? '');
  const dataRegion = words[DATA_REGION] ?? null;
  return dataGb === null || dataRegion === null ? { dataGb: null, dataRegion: null } : { dataGb, dataRegion };
}

function remarksOf(job: unknown, words: Words): readonly Remark[] {
  const suspended = hasCondition(job, 'Suspended', 'False') && words[RELEASED_AT] === undefined;
  return [
    ...(suspended ? (['was-suspended'] as const) : []),
    ...(words[REGIONS] === undefined ? [] : (['regions-lost'] as const)),
  ];
}

/** The moment as jobs.csv writes it. */
export function shownTime(at: Instant): string {
  return new Date(instant(at)).toISOString().replace('.000Z', 'Z');
}
