import { CLASS, HOLD, LIMIT_PREFIX, PREFIX, READ } from './annotations.ts';
import { ownText } from './intent.ts';
import type { Annotations, IntentProblem } from './intent.ts';
import type { NamespaceFacts } from './namespace.ts';
import type { Policy } from './types.ts';

/** An annotation's text, and whose it is. */
export interface Word {
  readonly text: string;
  readonly from: 'workload' | 'namespace';
}

/** An intent on its way: the words that stand so far, and what was found wrong with them. */
export interface Draft {
  readonly words: Map<string, Word>;
  readonly problems: IntentProblem[];
  /** Null: none known, or it has nothing to say, since neither it nor the workload opted in. */
  readonly namespace: NamespaceFacts | null;
  readonly policy: Policy;
}

/** The workload's own words over its namespace's defaults. */
export function gatherWords(
  annotations: Annotations,
  { namespace, policy }: { readonly namespace: NamespaceFacts | null; readonly policy: Policy },
): Draft {
  const words = new Map<string, Word>();
  for (const name of READ) {
    const text = ownText(annotations, name);
    if (text !== null) words.set(name, { text, from: 'workload' });
  }
  const heard = namespace !== null && (words.size > 0 || isManaged(namespace)) ? namespace : null;
  if (heard !== null) addDefaults(words, heard);
  return { words, problems: [], namespace: heard, policy };
}

function addDefaults(words: Map<string, Word>, namespace: NamespaceFacts): void {
  // A class opts in to being held: as a default it does so only where the namespace, or the workload itself, opted in.
  const mayOptIn = isManaged(namespace) || words.get(HOLD)?.text === 'true';
  for (const name of READ) {
    const text = words.has(name) || (name === CLASS && !mayOptIn) ? null : ownText(namespace.annotations, name);
    if (text !== null) words.set(name, { text, from: 'namespace' });
  }
}

function isManaged({ managed, enforced }: NamespaceFacts): boolean {
  return managed || enforced;
}

/** The text that stands for an annotation; null: none. */
export function textOf({ words }: Draft, name: string): string | null {
  return words.get(name)?.text ?? null;
}

/** The text of the namespace's own annotation of that very name; null: none. */
export function namespaceText({ namespace }: Draft, name: string): string | null {
  return namespace === null ? null : ownText(namespace.annotations, name);
}

/** What the namespace calls the ceiling of an annotation: `lowtide.dev/limit-max-delay` for `lowtide.dev/max-delay`. */
export function limitName(name: string): string {
  return LIMIT_PREFIX + name.slice(PREFIX.length);
}

/** How a message names an annotation of the namespace. */
export function ofNamespace({ namespace }: Draft, name: string): string {
  return `${name} of namespace ${namespace?.name ?? ''}`;
}

/** What is accepted in place of a value, and who set the limit that it breaks. */
export type Wrong = Pick<IntentProblem, 'accepted' | 'limit'>;

/** Notes what is wrong with an annotation of the namespace's own, once. */
export function blameNamespace(draft: Draft, name: string, wrong: Wrong): void {
  const annotation = ofNamespace(draft, name);
  if (draft.problems.some((problem) => problem.annotation === annotation)) return;
  const value = shortened(namespaceText(draft, name) ?? '');
  draft.problems.push({ annotation, value, ...wrong });
}

/** Notes what is wrong with a word, in the name of whoever wrote it. */
export function blame(draft: Draft, name: string, wrong: Wrong): void {
  const word = draft.words.get(name);
  if (word?.from === 'namespace') blameNamespace(draft, name, wrong);
  else draft.problems.push({ annotation: name, value: shortened(word?.text ?? ''), ...wrong });
}

const MAX_SHOWN = 100;

/** An annotation may be as long as 256 KiB, a message may not. */
function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
