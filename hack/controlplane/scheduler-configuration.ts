import { z } from 'zod';

const API_VERSION = 'kubescheduler.config.k8s.io/v1';
const KIND = 'KubeSchedulerConfiguration';
/** Above kube-scheduler's default of 50 a second, which would hide every other limit. */
const CLIENT_RATE = { qps: 1000, burst: 2000 };

const configurationSchema = z.looseObject({
  apiVersion: z.literal(API_VERSION).default(API_VERSION),
  kind: z.literal(KIND).default(KIND),
  leaderElection: z.looseObject({}).default({}),
  clientConnection: z.looseObject({}).default({}),
});

/**
 * A scheduler configuration made to run here: our kubeconfig, no leader election, and a client rate that does not
 * hide other limits unless the configuration names its own. Everything else is left to kube-scheduler's own strict
 * reading. Throws one line when it is no scheduler configuration at all.
 */
export function runnableConfiguration(configuration: unknown, kubeconfig: string): Record<string, unknown> {
  const parsed = configurationSchema.safeParse(configuration);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`);
    throw new Error(`not a ${KIND} (${API_VERSION}): ${issues.join('; ')}`);
  }
  const { leaderElection, clientConnection } = parsed.data;
  return {
    ...parsed.data,
    leaderElection: { ...leaderElection, leaderElect: false },
    clientConnection: { ...CLIENT_RATE, ...clientConnection, kubeconfig },
  };
}
