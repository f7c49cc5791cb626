/** How a start is found within the time that work may wait; docs/policy.md explains each. */
export const STRATEGIES = ['immediate', 'threshold', 'window', 'interruptible', 'online'] as const;

export type StrategyName = (typeof STRATEGIES)[number];
