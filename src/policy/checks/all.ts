import { bandsDisordered } from './bands-disordered.ts';
import { marksIdle } from './marks-idle.ts';
import { namesMalformed } from './names-malformed.ts';
import { latenciesElsewhere, regionsUnlisted } from './regions-unlisted.ts';
import { tenantSetsUnknown } from './tenant-sets-unknown.ts';
import { weightsAllZero } from './weights-all-zero.ts';
import type { Check } from './types.ts';

/** Faults between keys: reported together with those of single fields; any of them refuses the document. */
export const ERROR_CHECKS: readonly Check[] = [
  namesMalformed,
  bandsDisordered,
  regionsUnlisted,
  tenantSetsUnknown,
  weightsAllZero,
];

/** What is worth a look and refuses nothing. */
export const WARNING_CHECKS: readonly Check[] = [latenciesElsewhere, marksIdle];
