import { Command } from 'commander';
import { isApiError, reasonOf } from '../../kubernetes/errors.ts';
import type { NamespaceFacts } from '../../policy/namespace.ts';
import { SYSTEM_CLOCK } from '../../service/clock.ts';
import type { Clock } from '../../service/clock.ts';
import type { HeldWork } from '../../timing/held-work.ts';
import type { CommandIo } from '../io.ts';
import { openAccess } from '../serve/access.ts';
import { policyIn } from '../policy-file.ts';
import { findHeld, findNamed, findNamespaces } from './find.ts';
import type { Place } from './find.ts';
import { releaseOptions } from './options.ts';
import type { ReleaseFlags, ReleaseOptions, WorkName } from './options.ts';
import { releaseEach } from './release-each.ts';
import { ReleaseReport } from './report.ts';

interface CommandContext {
  readonly io: CommandIo;
  readonly env: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

/** Longest silence of the API server's. */
const SILENCE_MS = 30_000;

/** `lowtide release`: the kill switch. It lets held work go by itself, whether the service runs or not. */
export function releaseCommand(context: CommandContext): Command {
  return new Command('release')
    .description('let held work go, whether the service runs or not; exit 1 if any could not be released')
    .argument('[work...]', 'job/NAME or pod/NAME')
    .option('--all', 'everything that is held')
    .option('-n, --namespace <name>', "namespace (default: the kubeconfig's)")
    .option('-A, --all-namespaces', 'with --all: in every namespace')
    .option('--overdue', 'only what is past its maximum delay, deadline or limit')
    .option('--grace <duration>', 'with --overdue: past it by more than this (default: 60s)')
    .option('--policy <file>', 'policy document (default: the one that ships with lowtide)')
    .option('--kubeconfig <file>', "cluster (default: the pod's own)")
    .option('--region-label <key>', "label of nodes that names their region (default: Kubernetes' own)")
    .option('--dry-run', 'say what would be released, and change nothing')
    .option('--json', 'print {released, planned, kept, not-held, failed, works}')
    .action(async (names: readonly string[], flags: ReleaseFlags) => {
      await release(releaseOptions(names, flags), context);
    });
}

async function release(options: ReleaseOptions, { io, env, clock = SYSTEM_CLOCK }: CommandContext): Promise<void> {
  const policy = await policyIn(options.policy);
  const { kubeconfig } = options;
  const access = await openAccess({ cluster: kubeconfig === undefined ? {} : { kubeconfig } }, env, null);
  if (access === null) return;
  const report = new ReleaseReport(io, options.json);
  try {
    const { namespace, everywhere, regionLabel, overdueBy, dryRun } = options;
    const own = access.getContextObject(access.getCurrentContext())?.namespace ?? 'default';
    const patience = { signal: new AbortController().signal, silence: SILENCE_MS };
    const place = { access, namespace: everywhere ? null : (namespace ?? own), patience };
    const rules = { policy, namespaces: await namespacesOf(options, place), regionLabel, overdueBy };
    const works = await worksOf(options, place, report);
    await releaseEach(works, { access, patience, rules, clock, dryRun, tell: report.tell });
    report.end();
  } catch (error) {
    if (!isApiError(error)) throw error;
    io.err(`lowtide: ${error.code}: ${error.message}`);
    io.exit(1);
  } finally {
    await access.close();
  }
}

/**
 * Who may release in a namespace may not be allowed to read it. Its defaults stand on what was admitted there, so that a
 * release does without; when work is overdue cannot be told without.
 */
async function namespacesOf({ overdueBy }: ReleaseOptions, place: Place): Promise<ReadonlyMap<string, NamespaceFacts>> {
  try {
    return await findNamespaces(place);
  } catch (error) {
    if (overdueBy === null && isApiError(error) && error.code === 'forbidden') return new Map();
    throw error;
  }
}

async function worksOf({ targets }: ReleaseOptions, place: Place, report: ReleaseReport): Promise<readonly HeldWork[]> {
  if (targets === 'all') return findHeld(place);
  const found: HeldWork[] = [];
  for (const name of targets) {
    const work = await named(name, place, report);
    if (work !== null) found.push(work);
  }
  return found;
}

/** Null: there is nothing to release, which the report knows. */
async function named(name: WorkName, place: Place, report: ReleaseReport): Promise<HeldWork | null> {
  const namespace = place.namespace ?? '';
  const work = { ...name, namespace };
  try {
    const found = await findNamed(name, { ...place, namespace });
    if (found !== 'not-held') return found;
    report.tell({ work, outcome: 'not-held', reason: null, trouble: null });
  } catch (error) {
    if (!isApiError(error)) throw error;
    report.tell({ work, outcome: 'failed', reason: null, trouble: reasonOf(error) });
  }
  return null;
}
