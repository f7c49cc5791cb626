import { DATA_ACCEPTED, ENERGY_ACCEPTED, parseDataSize, parseEnergy, parsePower, POWER_ACCEPTED } from './amounts.ts';
import {
  CLASS,
  DATA_REGION,
  DATA_SIZE,
  DEADLINE,
  ENERGY,
  EXPECTED_DURATION,
  HOLD,
  INTERRUPTIBLE,
  LATENCY_BUDGET,
  LATENCY_ORIGIN,
  MAX_DELAY,
  MAX_INTENSITY,
  POWER,
  REGIONS,
  RESIDENCY,
} from './annotations.ts';
import { parseDuration } from './duration.ts';
import { INTENSITY_ACCEPTED, parseIntensity, splitRegions } from './intent.ts';
import { NAME_PATTERN } from './names.ts';
import { parseTime } from './rfc3339.ts';
import type { Policy } from './types.ts';
import { blame, namespaceText, textOf } from './words.ts';
import type { Draft } from './words.ts';

/** What a duration looks like, for a person. */
export const DURATION_ACCEPTED = 'a duration, e.g. "6h" or "1h30m"';
/** What a list of regions looks like, for a person. */
export const REGIONS_ACCEPTED = 'regions as nodes are labelled with them, comma-separated, at most 256';

/** The sets that there are, for a person. */
export function setsAccepted({ residencySets }: Policy): string {
  return `a set: ${[...residencySets.keys()].join(', ')}`;
}

/** How one annotation is read. */
interface Reader {
  readonly name: string;
  readonly reads: (text: string, policy: Policy) => boolean;
  readonly accepted: (policy: Policy) => string;
  /** What cannot be read stays, and permits nothing. */
  readonly closed?: true;
}

const READERS: readonly Reader[] = [
  {
    name: CLASS,
    reads: (text, { classes }) => classes.has(text),
    accepted: ({ classes }) => `a class: ${[...classes.keys()].join(', ')}`,
  },
  { name: MAX_INTENSITY, reads: (text) => parseIntensity(text) !== null, accepted: () => INTENSITY_ACCEPTED },
  { name: MAX_DELAY, reads: isDuration, accepted: () => DURATION_ACCEPTED },
  { name: EXPECTED_DURATION, reads: isDuration, accepted: () => DURATION_ACCEPTED },
  {
    name: DEADLINE,
    reads: (text) => parseTime(text) !== null,
    accepted: () => 'RFC 3339 with an offset, e.g. "2026-03-02T06:00:00Z"',
  },
  {
    name: RESIDENCY,
    reads: (text, { residencySets }) => residencySets.has(text),
    accepted: setsAccepted,
    closed: true,
  },
  { name: REGIONS, reads: isRegionList, accepted: () => REGIONS_ACCEPTED, closed: true },
  {
    name: LATENCY_ORIGIN,
    reads: (text) => text === '' || NAME_PATTERN.test(text),
    accepted: () => 'a region, e.g. "eu-west-1"',
  },
  { name: LATENCY_BUDGET, reads: isDuration, accepted: () => 'a duration, e.g. "60ms"' },
  { name: HOLD, reads: isFlag, accepted: () => '"true" or "false"' },
  { name: INTERRUPTIBLE, reads: isFlag, accepted: () => '"true" or "false"' },
  { name: ENERGY, reads: (text) => parseEnergy(text) !== null, accepted: () => ENERGY_ACCEPTED },
  { name: POWER, reads: (text) => parsePower(text) !== null, accepted: () => POWER_ACCEPTED },
  { name: DATA_SIZE, reads: (text) => parseDataSize(text) !== null, accepted: () => DATA_ACCEPTED },
  {
    name: DATA_REGION,
    reads: (text) => NAME_PATTERN.test(text),
    accepted: () => 'a region, e.g. "eu-west-1"',
  },
];

function isFlag(text: string): boolean {
  return text === 'true' || text === 'false';
}

function isDuration(text: string): boolean {
  return parseDuration(text) !== null;
}

/** More than all clouds have; each is written into every term of a pod's affinity. */
const MOST_REGIONS = 256;

/**
 * Whether a text lists regions by names that a node's label can carry. The API server refuses pods with any other in
 * their affinity: a Job would wait its time, and then never get a pod.
 */
export function isRegionList(text: string): boolean {
  const listed = splitRegions(text);
  return listed.length > 0 && listed.length <= MOST_REGIONS && listed.every((name) => NAME_PATTERN.test(name));
}

/** Takes out every word that cannot be read, or that lacks the one it needs beside it. */
export function dropMisunderstood(draft: Draft): void {
  for (const reader of READERS) dropUnreadable(draft, reader);
  dropInheritedOptIn(draft);
  dropDeadlineAlone(draft);
  dropBudgetAlone(draft);
  dropSizeAlone(draft);
}

function dropUnreadable(draft: Draft, reader: Reader): void {
  const { name, reads, accepted, closed } = reader;
  const word = draft.words.get(name);
  if (word === undefined || reads(word.text, draft.policy)) return;
  blame(draft, name, { accepted: accepted(draft.policy) });
  if (closed) return;
  draft.words.delete(name);
  if (name === CLASS) dropOwnOptIn(draft);
  else if (word.from === 'workload' && fallsBack(draft, name)) dropUnreadable(draft, reader);
}

/** The namespace's default takes the place of what could not be read; false: it has none. */
function fallsBack(draft: Draft, name: string): boolean {
  const text = namespaceText(draft, name);
  if (text === null) return false;
  draft.words.set(name, { text, from: 'namespace' });
  return true;
}

/** Without its class nothing bounds the delay from above: a hold of its own does not make up for it. */
function dropOwnOptIn(draft: Draft): void {
  if (textOf(draft, HOLD) === 'true') draft.words.delete(HOLD);
}

/** `hold: "true"` lets even pods be held that a controller owns: each workload says so itself. */
function dropInheritedOptIn(draft: Draft): void {
  const word = draft.words.get(HOLD);
  if (word?.from !== 'namespace' || word.text !== 'true') return;
  blame(draft, HOLD, { accepted: '"false"; only a workload itself may say "true"' });
  draft.words.delete(HOLD);
}

/** A deadline that only the namespace names waits for a workload that names its duration. */
function dropDeadlineAlone(draft: Draft): void {
  const word = draft.words.get(DEADLINE);
  if (word === undefined || draft.words.has(EXPECTED_DURATION)) return;
  const reported = draft.problems.some(({ annotation }) => annotation.startsWith(EXPECTED_DURATION));
  if (word.from === 'workload' && !reported) {
    blame(draft, DEADLINE, { accepted: `a time, with ${EXPECTED_DURATION} beside it` });
  }
  draft.words.delete(DEADLINE);
}

/** Data that is nowhere cannot be moved; a size that only the namespace names waits for a workload that names a region. */
function dropSizeAlone(draft: Draft): void {
  const word = draft.words.get(DATA_SIZE);
  if (word === undefined || draft.words.has(DATA_REGION)) return;
  const reported = draft.problems.some(({ annotation }) => annotation.startsWith(DATA_REGION));
  if (word.from === 'workload' && !reported) {
    blame(draft, DATA_SIZE, { accepted: `bytes, with ${DATA_REGION} beside it` });
  }
  draft.words.delete(DATA_SIZE);
}

/** A budget that only the namespace names waits for a workload that names an origin. */
function dropBudgetAlone(draft: Draft): void {
  const word = draft.words.get(LATENCY_BUDGET);
  if (word === undefined || (textOf(draft, LATENCY_ORIGIN) ?? '') !== '') return;
  const reported = draft.problems.some(({ annotation }) => annotation.startsWith(LATENCY_ORIGIN));
  if (word.from === 'workload' && !reported) {
    blame(draft, LATENCY_ORIGIN, { accepted: 'a region, beside latency-budget' });
  }
  draft.words.delete(LATENCY_BUDGET);
}
