import { answerError, apiCall, JSON_PATCH } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { listMember, member } from './untyped.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const PLURALS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];
const ATTEMPTS = 6;

/** What became of the trust that the API servers have in us. */
export interface BundleOutcome {
  /** How many configurations of the name there are. */
  readonly found: number;
  /** Whether any of them had another bundle. */
  readonly changed: boolean;
}

/**
 * Makes the PEM bundle the one by which API servers verify all webhooks of the configurations of that name, mutating
 * and validating. Nothing else in them is touched. Throws ApiErrors.
 */
export async function writeCaBundle(
  access: ApiAccess,
  name: string,
  bundle: string,
  patience: Patience,
): Promise<BundleOutcome> {
  const caBundle = Buffer.from(bundle).toString('base64');
  const outcomes = [];
  for (const plural of PLURALS) {
    outcomes.push(await writeOne(access, `${GROUP}/${plural}/${encodeURIComponent(name)}`, caBundle, patience));
  }
  return {
    found: outcomes.filter((outcome) => outcome !== 'missing').length,
    changed: outcomes.includes('changed'),
  };
}

async function writeOne(
  access: ApiAccess,
  path: string,
  caBundle: string,
  patience: Patience,
): Promise<'missing' | 'changed' | 'same'> {
  for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
    const found = await apiCall(access, { method: 'GET', path, patience });
    if (found.status === 404) return 'missing';
    if (found.status !== 200) throw answerError(`read ${path}`, found);
    const body = bundlePatch(found.body, caBundle);
    if (body.length === 0) return 'same';
    const answer = await apiCall(access, { method: 'PATCH', path, body, contentType: JSON_PATCH, patience });
    if (answer.status === 200) return 'changed';
    // A test that fails is a 422: the list is another by now.
    if (![404, 409, 422].includes(answer.status)) throw answerError(`patch ${path}`, answer);
  }
  throw new KubernetesError('conflict', `${path} changed ${ATTEMPTS} times while its caBundle was being written`);
}

/** One test and one operation for each webhook with another bundle. */
function bundlePatch(configuration: unknown, caBundle: string): unknown[] {
  return listMember(configuration, 'webhooks').flatMap((webhook, index) => {
    if (member(member(webhook, 'clientConfig'), 'caBundle') === caBundle) return [];
    return [
      { op: 'test', path: `/webhooks/${index}/name`, value: member(webhook, 'name') },
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: caBundle },
    ];
  });
}
