/**
 * Why a region is refused for residency: the code for metrics and logs, the message for people (kube-scheduler counts
 * equal messages, so they carry no names). docs/reasons.md lists the same codes; a test keeps the two in step.
 */
export const RESIDENCY_REFUSALS = {
  'residency-unknown-set': "the pod's residency names no set of the policy",
  'residency-node-unknown': 'node is not in the catalogue yet, and the pod has residency',
  'residency-no-region': 'node has no region label, and the pod has residency',
  'residency-region-unlisted': "region is not in the policy's table, and the pod has residency",
  'residency-jurisdiction': "region's jurisdiction is outside the pod's residency",
  'residency-region-not-in-set': "region is outside the pod's residency",
  'residency-no-primary-region': "the pod's residency needs a primary region, and none is named",
  'residency-not-primary-region': "region is not the primary region that the pod's residency requires",
  'residency-regions': "region is not among the pod's own regions",
} as const;

/** A reason of residency's closed set. */
export type ResidencyRefusal = keyof typeof RESIDENCY_REFUSALS;
