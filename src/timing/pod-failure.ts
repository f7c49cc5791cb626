/** What an exit code rule of a `podFailurePolicy` asks of a container. */
export interface ExitCodeRequirement {
  /** Null: any container. */
  readonly container: string | null;
  readonly operator: 'In' | 'NotIn';
  readonly values: readonly number[];
}

/** One rule of a Job's `podFailurePolicy`, as far as it asks for exit codes; the first that matches a failed pod acts. */
export interface FailureRule {
  readonly action: string;
  readonly exitCodes: ExitCodeRequirement;
}

/** What containers end with that are told to stop: SIGTERM where they do not catch it, SIGKILL after the grace period. */
const STOPPED_BY = [143, 137];
/** They end the Job, or an index of it, for good; Ignore and Count do not. */
const FATAL: ReadonlySet<string> = new Set(['FailJob', 'FailIndex']);

/**
 * Whether a pod that is stopped could fail its Job for good. Each container is looked at as the only one that ends with
 * such a code: further ones could only bring an earlier rule to bear. Rules on conditions are none of it, since a
 * suspension sets no DisruptionTarget. https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export function stopCouldFail(rules: readonly FailureRule[], containers: readonly string[]): boolean {
  return containers.some((container) =>
    STOPPED_BY.some((code) => {
      const first = rules.find(({ exitCodes }) => matches(exitCodes, container, code));
      return first !== undefined && FATAL.has(first.action);
    }),
  );
}

function matches({ container, operator, values }: ExitCodeRequirement, name: string, code: number): boolean {
  if (container !== null && container !== name) return false;
  return values.includes(code) === (operator === 'In');
}
