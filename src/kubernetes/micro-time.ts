import type { Instant } from '../carbon/units.ts';

/** A moment as Kubernetes' MicroTime: exactly six digits after the point, or the API server answers 400. */
export function microTime(moment: Instant): string {
  return new Date(moment).toISOString().replace('Z', '000Z');
}
