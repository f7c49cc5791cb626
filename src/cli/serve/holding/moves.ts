import type { Logger } from 'pino';
import { isApiError, reasonOf } from '../../../kubernetes/errors.ts';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { supportsMoves } from '../../../kubernetes/moves-probe.ts';
import type { GatekeeperMetrics } from '../../../service/metrics/gatekeeper-metrics.ts';

interface MovesParts {
  readonly access: ApiAccess;
  /** Lowtide's own, in which the probe is made. */
  readonly namespace: string;
  readonly metrics: GatekeeperMetrics;
  readonly log: Logger;
}

/** Whether the cluster lets a paused Job go on elsewhere. */
export interface Moves {
  /** False until it is known. */
  supported(): boolean;
  /** Resolves when it has been asked once. */
  readonly asked: Promise<void>;
  stop(): void;
}

const SILENCE_MS = 5_000;
/** Where it could not be found out: an API server may have been busy, a permission may be given later. */
const AGAIN_MS = 10 * 60_000;

/** Finds out, by a probe, whether paused Jobs may be moved; until then, and where it cannot be told, they are not. */
export function openMoves(parts: MovesParts): Moves {
  const { metrics } = parts;
  const stopping = new AbortController();
  let supported = false;
  let again: NodeJS.Timeout | undefined;
  metrics.moves.set(0);
  const ask = async (): Promise<void> => {
    const answer = await asked(parts, stopping.signal);
    if (stopping.signal.aborted) return;
    supported = answer === true;
    metrics.moves.set(supported ? 1 : 0);
    if (answer === null) again = setTimeout(() => void ask(), AGAIN_MS).unref();
  };
  return {
    supported: () => supported,
    asked: ask(),
    stop: () => {
      stopping.abort();
      clearTimeout(again);
    },
  };
}

/** Null: not to be found out now. */
async function asked({ access, namespace, log }: MovesParts, stop: AbortSignal): Promise<boolean | null> {
  const patience = { signal: AbortSignal.any([stop, AbortSignal.timeout(SILENCE_MS)]), silence: SILENCE_MS };
  try {
    const moves = await supportsMoves(access, namespace, patience);
    if (moves) log.info('paused Jobs may be resumed in another region');
    else log.warn(REFUSED);
    return moves;
  } catch (error) {
    const code = isApiError(error) ? error.code : 'unexpected';
    if (!stop.aborted) log.warn({ code, err: reasonOf(error) }, UNKNOWN);
    return null;
  }
}

const REFUSED =
  'paused Jobs are resumed where they ran: this cluster changes no template of a Job that has run (Kubernetes before 1.36, or gate MutableSchedulingDirectivesForSuspendedJobs off)';
const UNKNOWN = 'not known whether paused Jobs may be resumed in another region: they are resumed where they ran';
