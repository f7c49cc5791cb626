import type { WorkKind } from '../../timing/types.ts';
import { UsageError } from '../usage-error.ts';

/** The command line's flags, as typed. */
export interface ExplainFlags {
  readonly namespace?: string;
  readonly server?: string;
  readonly kubeconfig?: string;
  readonly service: string;
  readonly serviceNamespace: string;
  readonly json?: boolean;
}

/** Where Lowtide is asked. */
export type Where =
  | { readonly by: 'server'; readonly url: URL }
  | {
      readonly by: 'api-server';
      readonly kubeconfig: string | undefined;
      /** The Service, and the name or number of its port. */
      readonly service: string;
      readonly port: string;
      readonly namespace: string;
    };

/** What `lowtide explain` works with. */
export interface ExplainOptions {
  readonly kind: WorkKind;
  readonly name: string;
  /** Null: the kubeconfig's own, else `default`. */
  readonly namespace: string | null;
  readonly where: Where;
  readonly json: boolean;
}

const NAME = /^(?<kind>job|pod)\/(?<name>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)$/;
const SERVICE = /^(?<service>[a-z0-9-]+):(?<port>[a-z0-9-]+)$/;

/**
 * Reads name and flags.
 * @throws UsageError with a line for everything that is not accepted.
 */
export function explainOptions(text: string, flags: ExplainFlags): ExplainOptions {
  const problems: string[] = [];
  const work = workOf(text);
  if (work === null) problems.push(`${text}: expected job/NAME or pod/NAME`);
  const where = whereOf(flags, problems);
  if (work === null || where === null || problems.length > 0) throw new UsageError(problems);
  const { namespace = null, json = false } = flags;
  return { ...work, namespace, where, json };
}

function workOf(text: string): Pick<ExplainOptions, 'kind' | 'name'> | null {
  const { kind, name = '' } = NAME.exec(text)?.groups ?? {};
  return kind === 'job' || kind === 'pod' ? { kind, name } : null;
}

function whereOf({ server, kubeconfig, service, serviceNamespace }: ExplainFlags, problems: string[]): Where | null {
  if (server === undefined) {
    const named = SERVICE.exec(service)?.groups;
    if (named === undefined)
      problems.push(`--service ${service}: expected NAME:PORT, e.g. lowtide-extender:operations`);
    const { service: name = '', port = '' } = named ?? {};
    return { by: 'api-server', kubeconfig, service: name, port, namespace: serviceNamespace };
  }
  const url = URL.parse(server);
  if (url !== null && /^https?:$/.test(url.protocol)) return { by: 'server', url };
  problems.push(`--server ${server}: expected http://HOST:PORT of the operations listener`);
  return null;
}
