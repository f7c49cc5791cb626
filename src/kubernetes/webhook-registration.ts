import { answerError, apiCall } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { KubernetesError } from './errors.ts';
import { listMember, member, metadataText, text } from './untyped.ts';

/** What of a kind there is to register: all are of admissionregistration.k8s.io/v1, and of no namespace. */
const PLURALS: ReadonlyMap<unknown, string> = new Map([
  ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'],
  ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'],
  ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
  ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
]);
const ATTEMPTS = 6;

/** What to register, and where API servers find it. */
export interface Registration {
  /** Parsed documents of deploy/admission. */
  readonly documents: readonly unknown[];
  /** `https://HOST:PORT`, in place of the Service that the documents name. */
  readonly url: string;
  /** PEM. */
  readonly caBundle: string;
}

/**
 * Makes or replaces the webhook configurations and admission policies, with webhooks served at the URL. For a process
 * outside the cluster. Throws ApiErrors, and an `unexpected` for a document of another kind, before anything is written.
 */
export async function registerWebhooks(
  access: ApiAccess,
  registration: Registration,
  patience: Patience,
): Promise<void> {
  const objects = registration.documents.map((document) => {
    collectionOf(document);
    return served(document, registration);
  });
  for (const object of objects) await put(access, object, patience);
}

/** Deletes what was registered; what is gone already counts as deleted. Tries all before it throws the first ApiError. */
export async function unregisterWebhooks(
  access: ApiAccess,
  documents: readonly unknown[],
  patience: Patience,
): Promise<void> {
  const errors: unknown[] = [];
  for (const document of documents) {
    try {
      const path = objectPath(document);
      const answer = await apiCall(access, { method: 'DELETE', path, patience });
      if (answer.status !== 200 && answer.status !== 404) throw answerError(`delete ${path}`, answer);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

async function put(access: ApiAccess, object: object, patience: Patience): Promise<void> {
  const [all, one] = [collectionOf(object), objectPath(object)];
  for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
    const created = await apiCall(access, { method: 'POST', path: all, body: object, patience });
    if (created.status === 201) return;
    if (created.status !== 409) throw answerError(`create ${one}`, created);
    const found = await apiCall(access, { method: 'GET', path: one, patience });
    const body = { ...object, metadata: withVersion(object, metadataText(found.body, 'resourceVersion')) };
    const replaced = await apiCall(access, { method: 'PUT', path: one, body, patience });
    if (replaced.status === 200) return;
    if (replaced.status !== 409 && replaced.status !== 404) throw answerError(`replace ${one}`, replaced);
  }
  throw new KubernetesError('conflict', `${one} changed ${ATTEMPTS} times while it was being written`);
}

function withVersion(object: object, resourceVersion: string | null): object {
  return { ...(member(object, 'metadata') as object), ...(resourceVersion !== null && { resourceVersion }) };
}

function collectionOf(document: unknown): string {
  const plural = PLURALS.get(member(document, 'kind'));
  if (plural !== undefined && metadataText(document, 'name') !== null) {
    return `/apis/admissionregistration.k8s.io/v1/${plural}`;
  }
  const shown = `${String(member(document, 'kind'))} ${metadataText(document, 'name') ?? 'without a name'}`;
  throw new KubernetesError(
    'unexpected',
    `${shown}: only webhook configurations and admission policies are registered`,
  );
}

function objectPath(document: unknown): string {
  return `${collectionOf(document)}/${encodeURIComponent(metadataText(document, 'name') ?? '')}`;
}

/** The document with its webhooks at the URL; a policy as it is. */
function served(document: unknown, { url, caBundle }: Registration): object {
  const object = document as object;
  if (!Object.hasOwn(object, 'webhooks')) return object;
  const webhooks = listMember(object, 'webhooks').map((webhook) => {
    const path = text(member(member(member(webhook, 'clientConfig'), 'service'), 'path')) ?? '';
    const clientConfig = { url: url.replace(/\/+$/, '') + path, caBundle: Buffer.from(caBundle).toString('base64') };
    return { ...(webhook as object), clientConfig };
  });
  return { ...object, webhooks };
}
