import type { Millis } from '../../carbon/units.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { WorkKind } from '../../timing/types.ts';
import { DEFAULT_POLICY } from '../default-policy.ts';
import { UsageError } from '../usage-error.ts';

/** The command line's flags, as typed. */
export interface ReleaseFlags {
  readonly all?: boolean;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly overdue?: boolean;
  readonly grace?: string;
  readonly policy?: string;
  readonly kubeconfig?: string;
  readonly regionLabel?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** One object, as a person names it. */
export interface WorkName {
  readonly kind: WorkKind;
  readonly name: string;
}

/** What is to be released: objects by name, or all that is held. */
export type ReleaseTargets = readonly WorkName[] | 'all';

/** What `lowtide release` works with. */
export interface ReleaseOptions {
  readonly targets: ReleaseTargets;
  /** Null: the kubeconfig's own. */
  readonly namespace: string | null;
  /** In all namespaces. */
  readonly everywhere: boolean;
  /** Only what is so much past its end; null: whatever its end. */
  readonly overdueBy: Millis | null;
  readonly policy: string;
  readonly kubeconfig: string | undefined;
  readonly regionLabel: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const DEFAULT_REGION_LABEL = 'topology.kubernetes.io/region';
const DEFAULT_GRACE = '60s';

/**
 * Reads names and flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function releaseOptions(names: readonly string[], flags: ReleaseFlags): ReleaseOptions {
  const { grace = DEFAULT_GRACE, policy = DEFAULT_POLICY, regionLabel = DEFAULT_REGION_LABEL } = flags;
  const overdueBy = parseDuration(grace);
  const problems = [...contradictions(names, flags), ...names.flatMap(malformed)];
  if (overdueBy === null) problems.push(`--grace ${grace}: expected a duration, e.g. 60s`);
  if (problems.length > 0) throw new UsageError(problems);
  return {
    targets: flags.all === true ? 'all' : names.flatMap(toName),
    namespace: flags.namespace ?? null,
    everywhere: flags.allNamespaces === true,
    overdueBy: flags.overdue === true ? overdueBy : null,
    policy,
    kubeconfig: flags.kubeconfig,
    regionLabel,
    dryRun: flags.dryRun === true,
    json: flags.json === true,
  };
}

function contradictions(names: readonly string[], flags: ReleaseFlags): string[] {
  const { all = false, allNamespaces = false, namespace, overdue = false, grace } = flags;
  const found: readonly (readonly [boolean, string])[] = [
    [names.length === 0 && !all, 'nothing named: give job/NAME or pod/NAME, or --all'],
    [names.length > 0 && all, '--all releases everything: name objects or give --all, not both'],
    [allNamespaces && !all, '--all-namespaces goes with --all'],
    [allNamespaces && namespace !== undefined, 'give --namespace or --all-namespaces, not both'],
    [grace !== undefined && !overdue, '--grace goes with --overdue'],
  ];
  return found.flatMap(([wrong, line]) => (wrong ? [line] : []));
}

const NAME = /^(?<kind>job|pod)\/(?<name>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/;

function malformed(text: string): readonly string[] {
  return NAME.test(text) ? [] : [`${text}: expected job/NAME or pod/NAME`];
}

function toName(text: string): readonly WorkName[] {
  const { kind = '', name = '' } = NAME.exec(text)?.groups ?? {};
  return kind === 'job' || kind === 'pod' ? [{ kind, name }] : [];
}
