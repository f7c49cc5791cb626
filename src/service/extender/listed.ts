import type { Place } from '../../placement/filter.ts';
import type { Refusal } from '../../placement/reasons.ts';

/** The nodes of one request, in either of the two forms, seen by place: decisions are made for places, not nodes. */
export interface Listed {
  readonly size: number;
  /** The distinct places in the list. */
  readonly places: readonly Place[];
  /** For each place, how many nodes of the list stand there. */
  readonly counts: readonly number[];
  /** ExtenderFilterResult; `verdicts` by place: null passes. */
  filterAnswer(verdicts: readonly (Refusal | null)[]): Buffer;
  /** HostPriorityList; `scores` by place: whole numbers, 0 to 10. */
  prioritizeAnswer(scores: readonly number[]): Buffer;
}

/**
 * ExtenderFilterResult around the JSON text of what is kept and refused. Written as text, so that no node name can
 * collide with a key of an object (`__proto__`). Refused nodes go to FailedAndUnresolvableNodes: evicting pods would
 * make no region cleaner, nearer or permitted.
 */
export function filterResult(nodes: string, names: Buffer | null, refused: Buffer): Buffer {
  const head = `{"Nodes":${nodes},"NodeNames":`;
  const list = names === null ? [Buffer.from(`${head}null`)] : [Buffer.from(`${head}[`), names, Buffer.from(']')];
  const failed = Buffer.from(',"FailedNodes":{},"FailedAndUnresolvableNodes":{');
  return Buffer.concat([...list, failed, refused, Buffer.from('},"Error":""}')]);
}
