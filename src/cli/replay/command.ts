import { Command } from 'commander';
import { isApiError } from '../../kubernetes/errors.ts';
import { metadataText } from '../../kubernetes/untyped.ts';
import type { CommandIo } from '../io.ts';
import { openAccess } from '../serve/access.ts';
import { replayOptions } from './options.ts';
import type { ReplayFlags, ReplayOptions } from './options.ts';
import { pastJob } from './past-job.ts';
import type { PastJob, PastJobRules } from './past-job.ts';
import { namespacesOf, readJobs, regionsOfPods } from './read-cluster.ts';
import { readJobsFile } from './read-file.ts';
import { report } from './report.ts';
import { ReplaySummary } from './summary.ts';

interface CommandContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
}

/** Longest silence of the API server's. */
const SILENCE_MS = 30_000;

/** `lowtide replay`: a cluster's finished Jobs as a jobs.csv, to see what would have been saved. Changes nothing. */
export function replayCommand(context: CommandContext): Command {
  return new Command('replay')
    .description("write a cluster's finished Jobs as jobs.csv for lowtide simulate; changes nothing in the cluster")
    .option('--kubeconfig <file>', "cluster (default: the pod's own)")
    .option('--jobs-json <file>', 'in place of a cluster: what kubectl get jobs -A -o json printed')
    .option('-n, --namespace <name>', "namespace (default: the kubeconfig's; of a file: all)")
    .option('-A, --all-namespaces', 'Jobs of every namespace')
    .option('--class <name>', 'class of Jobs that name none', 'standard')
    .option('--residency <set>', 'residency of Jobs that name none', 'global')
    .option('--default-power <watts>', 'of Jobs that request neither CPU nor memory (default: they are left out)')
    .option('--region-label <key>', "label of nodes that names their region (default: Kubernetes' own)")
    .option('--out <file>', 'where to write; - is standard output', 'jobs.csv')
    .option('--json', 'print {jobs, energyKwh, energyFrom, withHomeRegion, skipped, notes, span, out, next}')
    .action((flags: ReplayFlags) => replay(replayOptions(flags), context));
}

async function replay(options: ReplayOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const summary = new ReplaySummary();
  const jobs: PastJob[] = [];
  const take = (job: unknown, rules: PastJobRules): void => {
    const read = pastJob(job, rules);
    if (typeof read === 'string') summary.skip(read);
    else {
      summary.keep(read);
      jobs.push(read);
    }
  };
  try {
    await (options.file === null ? fromCluster(options, context, take) : fromFile(options.file, options, take));
  } catch (error) {
    if (!isApiError(error)) throw error;
    io.err(`lowtide: ${error.code}: ${error.message}`);
    io.exit(1);
    return;
  }
  await report(jobs, summary, { options, io });
}

type Take = (job: unknown, rules: PastJobRules) => void;

async function fromFile(file: string, options: ReplayOptions, take: Take): Promise<void> {
  const { namespace } = options;
  const rules = { ...options, ofNamespace: () => ({}), ranIn: () => null };
  await readJobsFile(file, (job) => {
    if (namespace === null || metadataText(job, 'namespace') === namespace) take(job, rules);
  });
}

async function fromCluster(options: ReplayOptions, { env }: CommandContext, take: Take): Promise<void> {
  const { kubeconfig, namespace, everywhere, regionLabel } = options;
  const access = await openAccess({ cluster: kubeconfig === undefined ? {} : { kubeconfig } }, env, '--jobs-json FILE');
  if (access === null) return;
  try {
    const own = access.getContextObject(access.getCurrentContext())?.namespace ?? 'default';
    const patience = { signal: new AbortController().signal, silence: SILENCE_MS };
    const cluster = { access, namespace: everywhere ? null : (namespace ?? own), patience };
    const [namespaces, regions] = [await namespacesOf(cluster), await regionsOfPods(cluster, regionLabel)];
    const rules = {
      ...options,
      ofNamespace: (name: string) => namespaces.get(name)?.annotations ?? {},
      ranIn: (uid: string) => regions.get(uid) ?? null,
    };
    await readJobs(cluster, (job) => {
      take(job, rules);
    });
  } finally {
    await access.close();
  }
}
