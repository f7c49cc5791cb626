import type { Place } from '../../placement/filter.ts';
import { REFUSALS } from '../../placement/reasons.ts';
import type { Refusal } from '../../placement/reasons.ts';
import { nodeFacts } from '../../kubernetes/node-facts.ts';
import { filterResult } from './listed.ts';
import type { Listed } from './listed.ts';
import { PlaceIndex } from './place-index.ts';
import type { RawNode } from './request.ts';

/** Whole Node objects, each standing where its own label says; those that pass go back as they came. */
export class WholeNodes implements Listed {
  readonly places: readonly Place[];
  readonly counts: readonly number[];
  readonly #nodes: readonly RawNode[];
  readonly #placeOf: readonly number[];

  constructor(nodes: readonly RawNode[], regionLabel: string) {
    const index = new PlaceIndex();
    this.#nodes = nodes;
    this.#placeOf = nodes.map(({ node }) => index.add(nodeFacts(node, regionLabel)?.region ?? null));
    this.places = index.places;
    this.counts = index.counts;
  }

  get size(): number {
    return this.#nodes.length;
  }

  filterAnswer(verdicts: readonly (Refusal | null)[]): Buffer {
    const kept: unknown[] = [];
    const refused: string[] = [];
    for (const [at, { name, node }] of this.#nodes.entries()) {
      const refusal = verdicts[this.#placeOf[at] ?? 0] ?? null;
      if (refusal === null) kept.push(node);
      else refused.push(`${JSON.stringify(name)}:${JSON.stringify(REFUSALS[refusal])}`);
    }
    return filterResult(`{"metadata":{},"items":${JSON.stringify(kept)}}`, null, Buffer.from(refused.join()));
  }

  prioritizeAnswer(scores: readonly number[]): Buffer {
    const entries = this.#nodes.map(({ name }, at) => ({ Host: name, Score: scores[this.#placeOf[at] ?? 0] ?? 0 }));
    return Buffer.from(JSON.stringify(entries));
  }
}
