import { DEFAULT_REGION_LABEL } from '../../kubernetes/node-facts.ts';
import { parsePower } from '../../policy/amounts.ts';
import { UsageError } from '../usage-error.ts';

/** The command line's flags, as typed. */
export interface ReplayFlags {
  readonly kubeconfig?: string;
  readonly jobsJson?: string;
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly class: string;
  readonly residency: string;
  readonly defaultPower?: string;
  readonly regionLabel?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** What `lowtide replay` works with. */
export interface ReplayOptions {
  /** A file of Jobs; null: the cluster. */
  readonly file: string | null;
  readonly kubeconfig: string | undefined;
  /** Null: the kubeconfig's own. */
  readonly namespace: string | null;
  readonly everywhere: boolean;
  readonly workClass: string;
  readonly residency: string;
  /** kW of Jobs that say nothing; null: they are left out. */
  readonly defaultPower: number | null;
  readonly regionLabel: string;
  /** Where to write; `-`: standard output. */
  readonly out: string;
  readonly json: boolean;
}

/**
 * Reads the flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function replayOptions(flags: ReplayFlags): ReplayOptions {
  const { defaultPower: power } = flags;
  const defaultPower = power === undefined ? null : (parsePower(power) ?? parsePower(`${power}W`));
  const problems = contradictions(flags);
  if (power !== undefined && defaultPower === null)
    problems.push(`--default-power ${power}: expected watts, e.g. 250 or 250W`);
  if (problems.length > 0) throw new UsageError(problems);
  return {
    file: flags.jobsJson ?? null,
    kubeconfig: flags.kubeconfig,
    namespace: flags.namespace ?? null,
    everywhere: flags.allNamespaces === true,
    workClass: flags.class,
    residency: flags.residency,
    defaultPower,
    regionLabel: flags.regionLabel ?? DEFAULT_REGION_LABEL,
    out: flags.out,
    json: flags.json === true,
  };
}

function contradictions(flags: ReplayFlags): string[] {
  const { kubeconfig, jobsJson, namespace, allNamespaces = false, json = false, out } = flags;
  const found: readonly (readonly [boolean, string])[] = [
    [jobsJson !== undefined && kubeconfig !== undefined, 'give --jobs-json or --kubeconfig, not both'],
    [allNamespaces && namespace !== undefined, 'give --namespace or --all-namespaces, not both'],
    [json && out === '-', '--json prints to standard output: name a file with --out'],
  ];
  return found.flatMap(([wrong, line]) => (wrong ? [line] : []));
}
