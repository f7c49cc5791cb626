import { answerError, apiCall } from '../../../kubernetes/api-call.ts';
import type { ApiAccess, Patience } from '../../../kubernetes/api-get.ts';
import { nodesOfJob } from '../../../kubernetes/job-nodes.ts';
import { workPath } from '../../../kubernetes/work-path.ts';
import { Explainer } from '../../../service/explain/explainer.ts';
import type { Asked } from '../../../service/explain/explainer.ts';
import { ReadOnlyCapacity } from '../../../service/explain/read-only-capacity.ts';
import { Decisions } from '../../../service/gatekeeper/decisions.ts';
import { occupantsOf } from '../../../service/gatekeeper/occupants.ts';
import type { ClassDurations } from '../../../timing/class-durations.ts';
import type { Inputs } from '../inputs.ts';
import type { ServeOptions } from '../options.ts';
import type { ClusterWatches } from './watches.ts';

interface ExplainerParts {
  readonly inputs: Inputs;
  /** Null: there is no cluster. */
  readonly watches: ClusterWatches | null;
  readonly durations: ClassDurations;
  readonly namespace: string;
  /** Null: not known. */
  readonly moves: () => boolean | null;
}

/** Longest silence of the API server's: a person waits. */
const SILENCE_MS = 10_000;

/**
 * What explains work of the cluster, by any replica: it decides as the gatekeeper does, and changes nothing. Null: there is
 * no cluster.
 */
export function openExplainer({ regionLabel }: ServeOptions, parts: ExplainerParts): Explainer | null {
  const { inputs, watches, durations, namespace, moves } = parts;
  const { access } = inputs;
  if (access === null || watches === null) return null;
  const { held, state } = watches;
  return new Explainer({
    held,
    state,
    read: (asked) => readOne(access, asked),
    regionsOf: async (job) => {
      const nodes = await nodesOfJob(access, job, patience());
      return nodes.map((node) => inputs.regionOf(node) ?? null);
    },
    decisions: new Decisions({
      capacity: new ReadOnlyCapacity({
        occupants: () => occupantsOf([watches.released.all(), watches.interruptible.all()]),
        isHeld: () => false,
      }),
      state,
      regionLabel,
      moves: () => moves() ?? false,
      usual: (workClass) => durations.usual(workClass)?.mean ?? null,
    }),
    gather: () => inputs.gather(),
    moves,
    ownNamespace: namespace,
  });
}

async function readOne(access: ApiAccess, asked: Asked): Promise<unknown> {
  const answer = await apiCall(access, { method: 'GET', path: workPath(asked), patience: patience() });
  if (answer.status === 404) return null;
  if (answer.status !== 200) throw answerError(`read ${asked.kind}/${asked.namespace}/${asked.name}`, answer);
  return answer.body;
}

function patience(): Patience {
  return { signal: AbortSignal.timeout(SILENCE_MS), silence: SILENCE_MS };
}
