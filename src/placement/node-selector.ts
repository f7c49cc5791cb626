import type { NodeFacts, NodeRequirement, NodeSelectorTerm, PodScheduling, Taint, Toleration } from './types.ts';

/**
 * Whether a node satisfies a list of node selector terms, as kube-scheduler reads them: terms are ORed, a term's
 * requirements ANDed; an empty list and an empty term match nothing, and so does a term that kube-scheduler could not
 * parse.
 */
export function nodeMatches(node: Pick<NodeFacts, 'name' | 'labels'>, terms: readonly NodeSelectorTerm[]): boolean {
  return terms.some((term) => termMatches(node, term));
}

/** Whether the pod itself lets the node have it: nodeSelector, required node affinity, tolerations. */
export function nodeSuits(node: NodeFacts, { nodeSelector, nodeAffinity, tolerations }: PodScheduling): boolean {
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    selectorRequirements(nodeSelector).every((requirement) => labelMatches(node.labels, requirement)) &&
    (required === undefined || nodeMatches(node, required.nodeSelectorTerms)) &&
    node.taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))
  );
}

/** A nodeSelector map, written as requirements: each label must have exactly that value. */
export function selectorRequirements(nodeSelector: Readonly<Record<string, string>>): readonly NodeRequirement[] {
  return Object.entries(nodeSelector).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
}

/** Whether a term names no requirement at all: such a term matches nothing. */
export function isEmptyTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  return matchExpressions.length === 0 && matchFields.length === 0;
}

function termMatches({ name, labels }: Pick<NodeFacts, 'name' | 'labels'>, term: NodeSelectorTerm): boolean {
  if (isEmptyTerm(term)) return false;
  const { matchExpressions = [], matchFields = [] } = term;
  return (
    matchExpressions.every((requirement) => labelMatches(labels, requirement)) &&
    matchFields.every((requirement) => fieldMatches(name, requirement))
  );
}

/** Whether labels satisfy one requirement; NotIn and DoesNotExist also where the label is absent. */
export function labelMatches(
  labels: Readonly<Record<string, string>>,
  { key, operator, values = [] }: NodeRequirement,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return OPERATORS.get(operator)?.(value, values) ?? false;
}

type Operator = (value: string | undefined, values: readonly string[]) => boolean;

/** An operator that is not listed, or has values of the wrong number, is a parse error: its term matches nothing. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['In', (value, values) => value !== undefined && values.includes(value)],
  ['NotIn', (value, values) => values.length > 0 && (value === undefined || !values.includes(value))],
  ['Exists', (value, values) => values.length === 0 && value !== undefined],
  ['DoesNotExist', (value, values) => values.length === 0 && value === undefined],
  ['Gt', (value, values) => compares(value, values, (own, bound) => own > bound)],
  ['Lt', (value, values) => compares(value, values, (own, bound) => own < bound)],
]);

/** The only field is metadata.name, with one value. */
function fieldMatches(name: string, { key, operator, values = [] }: NodeRequirement): boolean {
  if (key !== 'metadata.name' || values.length !== 1) return false;
  if (operator === 'In') return values[0] === name;
  return operator === 'NotIn' && values[0] !== name;
}

function compares(
  value: string | undefined,
  values: readonly string[],
  holds: (own: bigint, bound: bigint) => boolean,
): boolean {
  const own = wholeNumber(value);
  const bound = values.length === 1 ? wholeNumber(values[0]) : null;
  return own !== null && bound !== null && holds(own, bound);
}

/** Go's `strconv.ParseInt(text, 10, 64)`. */
function wholeNumber(text: string | undefined): bigint | null {
  if (text === undefined || !/^[+-]?\d{1,64}$/.test(text)) return null;
  const parsed = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, parsed) === parsed ? parsed : null;
}

/** An empty key (with Exists) tolerates every key, an empty effect every effect. */
function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
  if (given(effect) && effect !== taint.effect) return false;
  if (given(key) && key !== taint.key) return false;
  if (given(operator) && operator !== 'Equal') return operator === 'Exists';
  return (value ?? '') === taint.value;
}

function given(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
