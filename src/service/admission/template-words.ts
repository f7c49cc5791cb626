import { textMembers } from '../../kubernetes/untyped.ts';
import { LATENCY_BUDGET, LATENCY_ORIGIN, READ, REGIONS, RESIDENCY, TENANT } from '../../policy/annotations.ts';
import { annotationsOf } from './candidate.ts';
import { at } from './edit.ts';

type Texts = Readonly<Record<string, string>>;

/** A Job's own annotations and those of its pod template. */
export interface JobWords {
  readonly own: Texts;
  readonly template: Texts;
  /** The Job's own over its template's. */
  readonly both: Texts;
}

/** Words that bind each pod wherever it is admitted: here the Job must win on the template too. */
const BINDING: readonly string[] = [RESIDENCY, REGIONS, TENANT, LATENCY_BUDGET, LATENCY_ORIGIN];

/** Reads what a stripped Job says of itself and of its pods. */
export function jobWords(job: unknown): JobWords {
  const own = annotationsOf(job);
  const template = textMembers(at(job, ['spec', 'template', 'metadata', 'annotations']));
  return { own, template, both: { ...template, ...own } };
}

/**
 * What is copied onto the template, since a pod's admission cannot see its Job: words that the template lacks. A word
 * that it has stays, so that its manifest can be applied again: such a word of when is the Job's to decide, and asks
 * nothing of its pods. But where a Job contradicts its template about where its pods may run, the Job's word is written
 * over the template's: residency before convenience.
 */
export function copiedWords({ template }: JobWords, inForce: Texts): Texts {
  const copied = READ.flatMap((name): [string, string][] => {
    const value = inForce[name];
    if (value === undefined || template[name] === value) return [];
    return template[name] === undefined || BINDING.includes(name) ? [[name, value]] : [];
  });
  return Object.fromEntries(copied);
}

/** Names of the words that are written over the template's own. */
export function contradictedWords({ own, template }: JobWords): readonly string[] {
  return BINDING.filter((name) => {
    const value = own[name];
    return value !== undefined && template[name] !== undefined && template[name] !== value;
  });
}
