import { filterPlaces } from '../../placement/filter.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import { requiredRegions } from '../../placement/required-regions.ts';
import type { RequiredRegions } from '../../placement/required-regions.ts';
import {
  LATENCY_BUDGET,
  LATENCY_ORIGIN,
  LIMIT_PREFIX,
  PREFIX,
  REGIONS,
  RESIDENCY,
  TENANT,
} from '../../policy/annotations.ts';
import type { IntentProblem } from '../../policy/intent.ts';
import { problemMessage } from '../../policy/problem-message.ts';
import type { Intent } from '../../policy/workload-intent.ts';
import type { Controller } from '../../timing/types.ts';
import { residencyRefusal } from '../../residency/checks.ts';
import type { Refusal } from './answer.ts';
import type { Scene } from './scene.ts';

/** Annotations that say where work may run; the others say when. */
const PLACE_WORDS = [RESIDENCY, REGIONS, TENANT, LATENCY_BUDGET, LATENCY_ORIGIN];

/** Characters of a value that a message shows. */
const SHOWN = 100;

/** Every annotation that is malformed or goes beyond its limit, all at once; null: none. */
function refusedAnnotations(problems: readonly IntentProblem[]): Refusal | null {
  if (problems.length === 0) return null;
  const message = problems.map(problemMessage).join('; ');
  const subjects = [...new Set(problems.map(nameOf))];
  const beyondLimits = problems.every(({ limit }) => limit !== undefined);
  return beyondLimits
    ? { code: 403, reason: 'Forbidden', message, subjects }
    : { code: 422, reason: 'Invalid', message, subjects };
}

/** What of an intent's problems refuses the object, and what is only told. */
export interface Judged {
  readonly refusal: Refusal | null;
  readonly notes: readonly string[];
}

/**
 * Refuses what a person made for any problem. What a controller made is refused for problems with where it may run
 * alone: a policy that was changed, or a namespace's typo, must not keep a service from replacing its pods, a CronJob
 * from running, a released Job from starting. What is wrong about when falls back to what stands above it.
 */
export function judgeProblems({ problems }: Intent, controller: Controller): Judged {
  if (controller === 'none') return { refusal: refusedAnnotations(problems), notes: [] };
  const ofPlace = problems.filter((problem) => PLACE_NAMES.includes(nameOf(problem)));
  const others = problems.filter((problem) => !ofPlace.includes(problem));
  return {
    refusal: refusedAnnotations(ofPlace),
    notes: others.map((problem) => `${problemMessage(problem)}; not in force`),
  };
}

/** Each may stand on a namespace as a limit, too. */
const PLACE_NAMES = PLACE_WORDS.flatMap((name) => [name, LIMIT_PREFIX + name.slice(PREFIX.length)]);

/** That of a namespace goes on with the namespace's name. */
function nameOf({ annotation }: IntentProblem): string {
  return annotation.split(' ')[0] ?? '';
}

/** Where the work may run; a refusal where it may run nowhere. */
export function permittedOrRefused(intent: Intent, scene: Scene): RequiredRegions | Refusal {
  const { world } = scene;
  const permitted = requiredRegions(intent.placement, world.policy);
  if (typeof permitted === 'string' || permitted.length > 0) return permitted;
  const verdicts = filterPlaces(world.policy.regions.keys(), intent.placement, world);
  const reasons = new Set([...verdicts.values()].flatMap((refusal) => (refusal === null ? [] : [REFUSALS[refusal]])));
  const subjects = PLACE_WORDS.filter((name) => intent.effective[name] !== undefined);
  const words = subjects.map((name) => `${name} ${JSON.stringify(intent.effective[name]?.slice(0, SHOWN))}`);
  const message = `no region of the policy is permitted by ${words.join(', ')}: ${[...reasons].join('; ')}`;
  return { code: 422, reason: 'Invalid', message, subjects };
}

/** Whether what stands where regions may stand is a refusal. */
export function isRefusal(permitted: RequiredRegions | Refusal): permitted is Refusal {
  return typeof permitted === 'object' && 'code' in permitted;
}

/** A node named by the object itself, or by a binding, where the work may not run; null: it may run there. */
export function refusedNode(node: string, intent: Intent, { world, regionOfNode }: Scene): Refusal | null {
  const place = regionOfNode(node);
  const refusal = residencyRefusal({ place, intent: intent.placement, policy: world.policy });
  if (refusal === null) return null;
  const where = typeof place === 'string' ? ` in region ${place}` : '';
  const message = `node ${node}${where} is not permitted: ${REFUSALS[refusal]}`;
  return { code: 403, reason: 'Forbidden', message, subjects: ['spec.nodeName'] };
}

/** A namespace that Lowtide has not seen yet, or not as one that enforces, asked about where nothing may slip through. */
export function namespaceUnknown(namespace: string): Refusal {
  const message = `Lowtide does not know namespace ${namespace} yet as one that enforces; try again in a second`;
  return { code: 503, reason: 'ServiceUnavailable', message, subjects: ['metadata.namespace'] };
}
