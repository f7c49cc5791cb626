import type { SecureContextOptions } from 'node:tls';
import type { Listening } from '../../../service/http-server.ts';
import { followTls, openListener, REQUEST_GRACE_MS } from '../listeners.ts';
import type { ServeOptions } from '../options.ts';
import type { ServeParts } from '../run.ts';
import { NO_CLUSTER, openAdmission } from './admission.ts';
import { openGatekeeper } from './gatekeeper.ts';
import { ownNamespace } from './own-namespace.ts';
import { openWatches } from './watches.ts';
import type { ClusterWatches } from './watches.ts';
import { openWebhooks, ownCertificate } from './webhooks.ts';

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
  return {
    ready,
    problems: () => (known ? [] : ['namespaces, CronJobs, volumes and held work are not all known yet']),
    degraded: () => watches?.degraded() ?? [],
    admit: (tls) => admit(options, { ...parts, watches, namespace, tls }),
    keepTheGate: async () => {
      if (access === null || watches === null || !options.gatekeeper.enabled) return;
      closing.add(await openGatekeeper(options, { ...parts, access, watches, namespace }));
    },
  };
}

interface AdmitParts extends ServeParts {
  readonly watches: ClusterWatches | null;
  readonly namespace: string;
  readonly tls: SecureContextOptions | null;
}

async function admit(options: ServeOptions, parts: AdmitParts): Promise<Listening> {
  const { watches, inputs, closing, clock, log } = parts;
  const { webhookUrl, admission } = options;
  const own = webhookUrl === null ? null : await ownCertificate(webhookUrl, clock.now());
  const tls = own?.tls ?? parts.tls;
  const app = openAdmission(options, { ...parts, state: watches?.state ?? NO_CLUSTER });
  const listening = await openListener({ name: 'admission', address: admission.address, app, tls });
  closing.add(() => listening.close(REQUEST_GRACE_MS));
  closing.add(followTls({ listening, files: admission.tls, tls, log }));
  if (webhookUrl !== null && own !== null && inputs.access !== null) {
    // Added last, so removed first: while it is registered, it is answered.
    closing.add(await openWebhooks({ access: inputs.access, url: webhookUrl, caBundle: own.caBundle, log }));
  }
  return listening;
}
