/** Why a plan runs work now. Explained in docs/reasons.md. */
export const RUN_REASONS = {
  'plan-starts-now': 'no later start within its time is expected to be enough cleaner',
  'gain-too-small': 'waiting is expected to save less than the least gain',
  'intensity-below-threshold': 'the best permitted region is at or below the threshold',
  'cheap-hour': 'this is one of the cleanest hours before its time is over',
  'in-clean-hours': 'no forecast, and the policy knows these hours to be clean',
  'online-accepts': 'without a forecast: clean enough against the bounds of the last days',
  'no-strategy': 'its class waits for nothing',
  'no-threshold': 'neither its class nor an annotation names an intensity to wait for',
  'runs-through': 'it runs, and its strategy pauses nothing',
  'min-run': 'it has not run long enough to be paused',
  'no-pauses-left': 'it was paused as often as it may be',
  'no-time-left': 'it may wait no longer',
} as const;

/** Why a plan waits, or pauses. */
export const HOLD_REASONS = {
  'cleaner-later': 'a later start is expected to be cleaner',
  'cleaner-hours': 'cleaner hours than this one suffice before its time is over',
  'intensity-above-threshold': 'the best permitted region is above the threshold',
  'clean-hours-ahead': 'no forecast, and the policy knows cleaner hours within its time',
  'online-declines': 'without a forecast: too dirty against the bounds of the last days',
  'regions-full': 'every permitted region has as much work as it may have',
  'no-value': 'no intensity is known of any permitted region',
  'no-permitted-region': 'no region is permitted that has nodes for it',
} as const;

/** Why another strategy decided than the one that was asked for. */
export const DEGRADATIONS = {
  'no-forecast': 'no permitted region has a forecast',
  'duration-unknown': 'its duration is not known, nor what its class usually takes',
  'duration-usual': 'its duration is not known; what its class usually takes stands in',
  'not-interruptible': 'it does not say that it may be paused',
  'no-trail': 'too little was seen of the last days',
} as const;

export type PlanReason = keyof typeof RUN_REASONS | keyof typeof HOLD_REASONS;
export type Degradation = keyof typeof DEGRADATIONS;
