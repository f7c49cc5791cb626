import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { millis } from '../../carbon/units.ts';
import type { Millis } from '../../carbon/units.ts';
import { parseDuration } from '../../policy/duration.ts';
import type { Address } from '../../service/http-server.ts';
import { DEFAULT_POLICY } from '../default-policy.ts';
import { UsageError } from '../usage-error.ts';
import { ServeConfig } from './config.ts';
import type { SourceConfig } from '../sources/config.ts';

/** The command line's flags, as typed. */
export interface ServeFlags {
  readonly config?: string;
  readonly policy?: string;
  readonly trace?: string;
  readonly traceSpeed?: string;
  readonly traceStart?: string;
  readonly nodes?: string;
  readonly kubeconfig?: string;
  readonly extender?: string;
  readonly admission?: string;
  readonly webhookUrl?: string;
  readonly operations?: string;
  readonly logLevel?: string;
}

/** Settings that are taken apart further. */
type Parsed = 'policy' | 'extender' | 'admission' | 'operations' | 'gatekeeper' | 'signal';

/** What `serve` works with: the configuration with the flags above it, addresses taken apart. */
export interface ServeOptions extends Omit<ServeConfig, Parsed> {
  readonly policy: string;
  readonly admission: Omit<ServeConfig['admission'], 'address'> & { readonly address: Address };
  /** Under which the API server reaches the admission listener; registers the webhooks. Null: they are there already. */
  readonly webhookUrl: URL | null;
  readonly extender: Omit<ServeConfig['extender'], 'address'> & { readonly address: Address };
  readonly operations: { readonly address: Address };
  readonly gatekeeper: Omit<ServeConfig['gatekeeper'], 'lease'> & { readonly lease: LeaseOptions };
  readonly signal: Omit<ServeConfig['signal'], 'lease'> & { readonly lease: LeaseOptions };
}

/** Which Lease decides who acts, and how fast it changes hands. */
export interface LeaseOptions {
  readonly name: string;
  readonly duration: Millis;
  readonly renewDeadline: Millis;
  readonly retryPeriod: Millis;
}

export const DEFAULT_EXTENDER = '127.0.0.1:9480';
export const DEFAULT_ADMISSION = '127.0.0.1:9482';
export const DEFAULT_OPERATIONS = '127.0.0.1:9481';
/** Stands in for a file's name where a setting came from the command line. */
const FLAGS = 'flags';
const FLAG_OF: Readonly<Record<string, string>> = {
  'extender.address': '--extender',
  'admission.address': '--admission',
  'operations.address': '--operations',
  'sources.0.trace.file': '--trace',
  'sources.0.trace.speed': '--trace-speed',
  'sources.0.trace.start': '--trace-start',
  logLevel: '--log-level',
};

/**
 * Puts flags above the configuration file.
 * @throws UsageError with a line for every setting that is not accepted.
 */
export async function serveOptions(flags: ServeFlags): Promise<ServeOptions> {
  const fromFile = flags.config === undefined ? {} : await readConfig(flags.config);
  const merged = withFlags(parsed(fromFile, flags.config ?? 'config'), flags);
  const config = parsed(merged, FLAGS);
  return {
    ...config,
    policy: config.policy ?? DEFAULT_POLICY,
    extender: { ...config.extender, address: toAddress(config.extender.address ?? DEFAULT_EXTENDER) },
    admission: { ...config.admission, address: toAddress(config.admission.address ?? DEFAULT_ADMISSION) },
    webhookUrl: flags.webhookUrl === undefined ? null : webhookUrl(flags.webhookUrl, config),
    gatekeeper: { ...config.gatekeeper, lease: leaseOf(config.gatekeeper.lease) },
    signal: { ...config.signal, lease: leaseOf(config.signal.lease) },
    operations: { address: toAddress(config.operations.address ?? DEFAULT_OPERATIONS) },
  };
}

async function readConfig(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, 'utf8');
    return text.trim() === '' ? {} : load(text, { filename: file });
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      throw new UsageError([`${file}: cannot be read (${String(error.code)})`]);
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError([`${file}: cannot be read as YAML: ${(why.split('\n')[0] ?? '').trim()}`]);
  }
}

function parsed(document: unknown, name: string): ServeConfig {
  const result = ServeConfig.safeParse(document);
  if (result.success) return result.data;
  throw new UsageError(
    result.error.issues.map(({ path, message }) => {
      const key = path.join('.');
      return name === FLAGS ? `${FLAG_OF[key] ?? key}: ${message}` : [name, key, message].filter(Boolean).join(': ');
    }),
  );
}

function withFlags(config: ServeConfig, flags: ServeFlags): unknown {
  return {
    ...config,
    policy: flags.policy ?? config.policy,
    logLevel: flags.logLevel ?? config.logLevel,
    extender: { ...config.extender, address: flags.extender ?? config.extender.address },
    admission: { ...config.admission, address: flags.admission ?? config.admission.address },
    operations: { address: flags.operations ?? config.operations.address },
    sources: flags.trace === undefined ? refuseTraceFlags(flags, config.sources) : [traceOf(flags, flags.trace)],
    cluster: clusterOf(flags, config),
  };
}

function traceOf(flags: ServeFlags, file: string): unknown {
  const speed = flags.traceSpeed === undefined ? undefined : Number(flags.traceSpeed);
  if (Number.isNaN(speed))
    throw new UsageError([`--trace-speed ${flags.traceSpeed ?? ''}: expected a number, e.g. 60`]);
  return { trace: { file, speed, start: flags.traceStart } };
}

function refuseTraceFlags(flags: ServeFlags, sources: readonly SourceConfig[]): readonly SourceConfig[] {
  if (flags.traceSpeed === undefined && flags.traceStart === undefined) return sources;
  throw new UsageError(['--trace-speed and --trace-start go with --trace FILE']);
}

/** A flag that names one place for the nodes stands above the other in the file. */
function clusterOf(flags: ServeFlags, { cluster }: ServeConfig): ServeConfig['cluster'] {
  const named = flags.nodes !== undefined || flags.kubeconfig !== undefined;
  const chosen = named ? { nodes: flags.nodes, kubeconfig: flags.kubeconfig } : cluster;
  if (chosen.nodes !== undefined && chosen.kubeconfig !== undefined) {
    throw new UsageError(['nodes come from one place: name --nodes FILE or --kubeconfig FILE, not both']);
  }
  return chosen;
}

/** The API server takes nothing but https, without user, query or fragment. */
function webhookUrl(text: string, { admission, cluster }: ServeConfig): URL {
  const wrong = (what: string): never => {
    throw new UsageError([`--webhook-url ${text}: ${what}`]);
  };
  if (admission.tls !== undefined || admission.selfManaged !== undefined) {
    wrong('brings a certificate of its own; leave admission.tls and admission.selfManaged out of --config');
  }
  if (cluster.nodes !== undefined) wrong('there is no cluster to register with: give --kubeconfig in place of --nodes');
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    return wrong('expected https://HOST:PORT, as the API server reaches --admission');
  }
  return url;
}

function leaseOf({ name, duration, renewDeadline, retryPeriod }: ServeConfig['gatekeeper']['lease']): LeaseOptions {
  // The schema has checked that each is a duration.
  const length = (text: string): Millis => parseDuration(text) ?? millis(0);
  return {
    name,
    duration: length(duration),
    renewDeadline: length(renewDeadline),
    retryPeriod: length(retryPeriod),
  };
}

function toAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(text.slice(colon + 1));
  if (port > 65_535) throw new UsageError([`${text}: the port is above 65535`]);
  return { host, port };
}
