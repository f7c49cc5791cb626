import type { PolicyNotice } from '../types.ts';

/**
 * Looks for one kind of fault across the keys of a document that may be faulty in any other way too; hence `unknown`.
 * Values that a field's own schema refuses are none of its business.
 */
export type Check = (document: unknown) => readonly PolicyNotice[];
