import type { SecureContextOptions } from 'node:tls';
import { temporaryCertificates } from '../../../service/certificates/temporary.ts';
import { ClassDurations } from '../../../timing/class-durations.ts';
import type { ExplainBackend } from '../../../service/api/explain.ts';
import type { Listening } from '../../../service/http-server.ts';
import { followTls, openListener, REQUEST_GRACE_MS } from '../listeners.ts';
import type { ServeOptions } from '../options.ts';
import { ownNamespace } from '../own-namespace.ts';
import type { ServeParts } from '../run.ts';
import { NO_CLUSTER, openAdmission } from './admission.ts';
import { FinishedJobs } from '../../../service/gatekeeper/finished-jobs.ts';
import { openExplainer } from './explain.ts';
import { openGatekeeper } from './gatekeeper.ts';
import { openMoves } from './moves.ts';
import type { Moves } from './moves.ts';
import { openSelfManaged } from './self-managed.ts';
import { openWatches } from './watches.ts';
import type { ClusterWatches } from './watches.ts';
import { namesOf, openWebhooks } from './webhooks.ts';

/** Admission and gatekeeper: the half of the service that holds work and lets it go. */
export interface Holding {
  /** Resolves when what admission and gatekeeper rest on is known. */
  readonly ready: Promise<void>;
  /** What keeps it from its work. */
  problems(): readonly string[];
  /** What it does without meanwhile. */
  degraded(): readonly string[];
  /** Opens the admission listener, with the certificate that was read for it. */
  admit(tls: SecureContextOptions | null): Promise<Listening>;
  /** Whether paused Jobs may be resumed in another region; false until that is known. */
  moves(): boolean;
  /** What explains work of the cluster. */
  explains(): ExplainBackend;
  /** Takes part in the election of the replica that releases; without a cluster there is nothing to release. */
  keepTheGate(): Promise<void>;
}

/** Opens the watches; the rest follows when they are complete. */
export function openHolding(options: ServeOptions, parts: ServeParts): Holding {
  const { inputs, closing, metrics, log } = parts;
  const { access } = inputs;
  const watches = access === null ? null : openWatches(access, { metrics, log });
  if (watches !== null) closing.add(() => watches.close());
  let known = watches === null;
  const ready = Promise.resolve(watches?.ready).then(() => {
    known = true;
  });
  const namespace = ownNamespace(options, parts.env);
  const durations = new ClassDurations();
  const finished = new FinishedJobs((workClass, ran) => {
    durations.add(workClass, ran);
  });
  if (watches !== null) for (const index of [watches.interruptible, watches.released]) finished.follow(index);
  let moves: Moves | null = null;
  const asks = { inputs, watches, durations, namespace, moves: () => moves?.supported() ?? null };
  const explainer = openExplainer(options, asks);
  return {
    ready,
    explains: () => (known ? (explainer ?? 'explain-no-cluster') : 'explain-not-ready'),
    moves: () => moves?.supported() ?? false,
    problems: () => (known ? [] : ['namespaces, CronJobs, volumes and held work are not all known yet']),
    degraded: () => watches?.degraded() ?? [],
    admit: (tls) => admit(options, { ...parts, watches, namespace, durations, tls }),
    keepTheGate: async () => {
      if (access === null || watches === null || !options.gatekeeper.enabled) return;
      const probe = openMoves({ access, namespace, metrics, log });
      moves = probe;
      closing.add(() => {
        probe.stop();
      });
      await probe.asked;
      closing.add(await openGatekeeper(options, { ...parts, access, watches, namespace, durations, moves }));
    },
  };
}

interface AdmitParts extends ServeParts {
  readonly watches: ClusterWatches | null;
  readonly namespace: string;
  readonly durations: ClassDurations;
  readonly tls: SecureContextOptions | null;
}

async function admit(options: ServeOptions, parts: AdmitParts): Promise<Listening> {
  const { watches, closing, log } = parts;
  const { address, tls: files } = options.admission;
  const certificate = await certificateOf(options, parts);
  const app = openAdmission(options, { ...parts, state: watches?.state ?? NO_CLUSTER });
  const listening = await openListener({ name: 'admission', address, app, tls: certificate.tls });
  closing.add(() => listening.close(REQUEST_GRACE_MS));
  closing.add(followTls({ listening, files, tls: parts.tls, log }));
  await certificate.onListening(listening);
  return listening;
}

/** The listener's certificate, and what is to be done once it listens. */
interface Certificate {
  readonly tls: SecureContextOptions | null;
  onListening(listening: Listening): Promise<void> | void;
}

/** From files; or of this run, with webhooks that trust it; or one that the replicas share; or none: plain HTTP. */
async function certificateOf(options: ServeOptions, parts: AdmitParts): Promise<Certificate> {
  const { inputs, closing, clock, log } = parts;
  const { access } = inputs;
  const { webhookUrl: url, admission } = options;
  if (access !== null && url !== null) {
    const { tls, caBundle } = await temporaryCertificates(namesOf(url), clock.now());
    const onListening = async (): Promise<void> => {
      // Closed before the listener is: while webhooks are registered, they are answered.
      closing.add(await openWebhooks({ access, url, caBundle, log }));
    };
    return { tls, onListening };
  }
  if (access === null || admission.selfManaged === undefined) return { tls: parts.tls, onListening: () => undefined };
  const managed = await openSelfManaged(admission.selfManaged, { ...parts, access });
  closing.add(() => managed.stop());
  return {
    tls: managed.tls,
    onListening: (listening) => {
      managed.follow(listening);
    },
  };
}
