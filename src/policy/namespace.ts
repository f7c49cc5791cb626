import type { Annotations } from './intent.ts';

/** What a namespace says of the workloads in it. */
export interface NamespaceFacts {
  readonly name: string;
  /** Its annotations with Lowtide's prefix: defaults (`lowtide.dev/X`) and ceilings (`lowtide.dev/limit-X`). */
  readonly annotations: Annotations;
  /** Label `lowtide.dev/managed: "true"`: every workload in it is opted in. Enforced namespaces are managed too. */
  readonly managed: boolean;
  /** Label `lowtide.dev/enforce: "true"`: residency and holds are enforced. */
  readonly enforced: boolean;
}
