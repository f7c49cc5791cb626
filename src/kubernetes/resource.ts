/** What is kept of one object, and by what it is known. */
export interface Keyed<Value> {
  readonly key: string;
  readonly value: Value;
}

/** A kind of object that is listed and watched. */
export interface Resource<Value> {
  /** What errors and metrics call it: `nodes`. */
  readonly name: string;
  /** Where all of its objects are listed: `/api/v1/nodes`. */
  readonly path: string;
  readonly selector?: Selector;
  /**
   * What is kept of one object; null where that is nothing. It keeps no part of the object by reference: the facts of
   * thousands of objects stay, their JSON must not. Of an object that goes only the key counts.
   */
  readonly read: (object: unknown) => Keyed<Value> | null;
}

/** Which objects of a kind, as the API server writes selectors. */
export interface Selector {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What takes in the objects, as they are now. */
export interface ResourceSink<Value> {
  /** These are all, in one synchronous step: no reader ever sees it half done. */
  replace(all: readonly Keyed<Value>[]): void;
  /** One is new, or has changed. */
  put(key: string, value: Value): void;
  /** One went, or no longer matches the selector; it need not be known. */
  remove(key: string): void;
}

/** The address of a list or watch of a resource. */
export function resourcePath(resource: Resource<unknown>, query: Readonly<Record<string, string>>): string {
  return `${resource.path}?${new URLSearchParams({ ...query, ...resource.selector }).toString()}`;
}
