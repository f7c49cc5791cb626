/** Names of annotations, labels and gates that Lowtide reads or writes. Public names: docs/annotations.md. */
export const PREFIX = 'lowtide.dev/';
/** On a namespace: before an annotation's bare name it makes a ceiling of it. */
export const LIMIT_PREFIX = `${PREFIX}limit-`;

export const CLASS = `${PREFIX}class`;
export const MAX_INTENSITY = `${PREFIX}max-intensity`;
export const MAX_DELAY = `${PREFIX}max-delay`;
export const DEADLINE = `${PREFIX}deadline`;
export const EXPECTED_DURATION = `${PREFIX}expected-duration`;
export const RESIDENCY = `${PREFIX}residency`;
export const REGIONS = `${PREFIX}regions`;
export const TENANT = `${PREFIX}tenant`;
export const LATENCY_BUDGET = `${PREFIX}latency-budget`;
export const LATENCY_ORIGIN = `${PREFIX}latency-origin`;
export const HOLD = `${PREFIX}hold`;
export const INTERRUPTIBLE = `${PREFIX}interruptible`;
export const ENERGY = `${PREFIX}energy`;
export const POWER = `${PREFIX}power`;
export const DATA_SIZE = `${PREFIX}data-size`;
export const DATA_REGION = `${PREFIX}data-region`;

/** What a person writes and Lowtide reads; a namespace may set a default for each. */
export const READ = [
  CLASS,
  MAX_INTENSITY,
  MAX_DELAY,
  DEADLINE,
  EXPECTED_DURATION,
  RESIDENCY,
  REGIONS,
  TENANT,
  LATENCY_BUDGET,
  LATENCY_ORIGIN,
  HOLD,
  INTERRUPTIBLE,
  ENERGY,
  POWER,
  DATA_SIZE,
  DATA_REGION,
] as const;

/** On a namespace, `"true"` opts all its workloads in. */
export const MANAGED_LABEL = `${PREFIX}managed`;
/** On a namespace, `"true"` enforces residency and holds there; it opts in as well. */
export const ENFORCE_LABEL = `${PREFIX}enforce`;

/** Annotation: since when the object is held, RFC 3339. */
export const HELD_SINCE = `${PREFIX}held-since`;
/** Annotation: the latest decision, compact JSON. */
export const DECISION = `${PREFIX}decision`;
/** Annotation: when the object was released, RFC 3339. */
export const RELEASED_AT = `${PREFIX}released-at`;
/**
 * Annotation, a duration: something other than policy and annotations bounds this hold, counted like maxDelay (a
 * CronJob's next schedule, activeDeadlineSeconds, progressDeadlineSeconds). On the template of a Job that was decided as
 * a Job it reads "0s": its pods are not held again.
 */
export const HOLD_LIMIT = `${PREFIX}hold-limit`;
/** Label `"true"` while held. */
export const HELD_LABEL = `${PREFIX}held`;
/** Label `"true"` after release: by it a new leader finds what a predecessor released and may not have told of. */
export const RELEASED_LABEL = `${PREFIX}released`;
/** Annotation on a released Job that is suspended once more, to be rid of its required region. */
export const UNPINNING = `${PREFIX}unpinning`;
/** Label `"true"` on a released Job whose region was written as required (policy `pin: required`). */
export const PINNED_LABEL = `${PREFIX}pinned`;
/** Label `"true"` on a Job that may be paused once it runs. */
export const INTERRUPTIBLE_LABEL = `${PREFIX}interruptible`;
/** Annotation, a duration: the sum of all holds and pauses before `held-since`. */
export const WAITED = `${PREFIX}waited`;
/** Annotation, a duration: how long a paused Job has run so far, all runs together. */
export const RAN = `${PREFIX}ran`;
/** Annotation: how often the Job was paused. */
export const PAUSES = `${PREFIX}pauses`;
/** Annotation `"true"`: the node affinity of the Job's template is Lowtide's, which may replace it. */
export const PLACED = `${PREFIX}placed`;
/** Annotation: the region in which the Job runs, or ran last, as far as it is known. */
export const RAN_IN = `${PREFIX}ran-in`;
/** Name of the scheduling gate. */
export const GATE = `${PREFIX}carbon`;
/** Extended resource that marks a pod for the extender. */
export const PLACEMENT_RESOURCE = `${PREFIX}placement`;

/** Annotations that Lowtide alone writes: stripped when they arrive with a new object. */
export const WRITTEN_ANNOTATIONS = [
  HELD_SINCE,
  DECISION,
  RELEASED_AT,
  HOLD_LIMIT,
  UNPINNING,
  WAITED,
  RAN,
  PAUSES,
  PLACED,
  RAN_IN,
] as const;
/** Labels that Lowtide alone writes. */
export const WRITTEN_LABELS = [HELD_LABEL, RELEASED_LABEL, PINNED_LABEL, INTERRUPTIBLE_LABEL] as const;
