import type { Annotations } from '../../policy/intent.ts';
import { ExtenderError } from './errors.ts';

/** What the extender needs of a pod. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Annotations;
}

/** A whole Node object, as it arrived, with the name it must have. */
export interface RawNode {
  readonly name: string;
  readonly node: Readonly<Record<string, unknown>>;
}

/**
 * One call of kube-scheduler. With `nodeCacheCapable: true` it sends names, kept here as the JSON text between the
 * brackets of `NodeNames`; else whole nodes.
 */
export type ExtenderRequest =
  | { readonly form: 'names'; readonly pod: PodFacts; readonly names: Buffer }
  | { readonly form: 'nodes'; readonly pod: PodFacts; readonly nodes: readonly RawNode[] };

/** Where kube-scheduler's encoder ends the pod and begins the names. Inside a JSON string each quote would be escaped. */
const SEPARATOR = Buffer.from(',"Nodes":null,"NodeNames":[');
const END = Buffer.from(']}');
const BRACKET = 0x5d;

/**
 * Reads ExtenderArgs. The fast way cuts the names off unparsed, so that a list seen before costs one comparison of
 * bytes; whatever does not look exactly like kube-scheduler's own encoding is parsed whole.
 * @throws ExtenderError for what is not ExtenderArgs.
 */
export function readRequest(body: Buffer): ExtenderRequest {
  return cutNames(body) ?? readWhole(body);
}

function cutNames(body: Buffer): ExtenderRequest | null {
  const cut = body.lastIndexOf(SEPARATOR);
  if (cut < 0 || !body.subarray(-END.length).equals(END)) return null;
  // Another bracket means that more follows the names than we know of.
  if (body.indexOf(BRACKET, cut + SEPARATOR.length) !== body.length - END.length) return null;
  const head = tryParse(`${body.toString('utf8', 0, cut)}}`);
  if (!isRecord(head) || !isRecord(head['Pod'])) return null;
  return { form: 'names', pod: podFacts(head['Pod']), names: body.subarray(cut + SEPARATOR.length, -END.length) };
}

function readWhole(body: Buffer): ExtenderRequest {
  const args = tryParse(body.toString('utf8'));
  if (args === undefined) throw new ExtenderError('extender-not-json');
  if (!isRecord(args) || !isRecord(args['Pod'])) throw new ExtenderError('extender-no-pod');
  const pod = podFacts(args['Pod']);
  const { NodeNames: names, Nodes: nodes } = args;
  if (isNameList(names)) return { form: 'names', pod, names: Buffer.from(JSON.stringify(names).slice(1, -1)) };
  if (isRecord(nodes) && Array.isArray(nodes['items'])) {
    return { form: 'nodes', pod, nodes: nodes['items'].map(rawNode) };
  }
  throw new ExtenderError('extender-no-nodes');
}

function podFacts(pod: Record<string, unknown>): PodFacts {
  const metadata = isRecord(pod['metadata']) ? pod['metadata'] : {};
  const { namespace, name, annotations } = metadata;
  return {
    namespace: typeof namespace === 'string' ? namespace : '',
    name: typeof name === 'string' ? name : '',
    annotations: isRecord(annotations) ? annotations : {},
  };
}

function rawNode(node: unknown): RawNode {
  const metadata = isRecord(node) ? node['metadata'] : null;
  const name = isRecord(metadata) ? metadata['name'] : null;
  if (!isRecord(node) || typeof name !== 'string') throw new ExtenderError('extender-bad-node');
  return { name, node };
}

/** The parsed value; undefined, which JSON has not, where it is no JSON. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether the value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a list of strings. */
export function isNameList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
