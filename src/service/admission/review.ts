import { z } from 'zod';
import { AdmissionError } from './errors.ts';

/** What the API server asks: may this operation pass, and what is to be changed about it? */
export interface AdmissionRequest {
  readonly uid: string;
  /** CREATE, UPDATE, DELETE, CONNECT. */
  readonly operation: string;
  /** Plural, without its group: `pods`. */
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subResource: string;
  readonly namespace: string;
  /** Empty where the API server makes the name up. */
  readonly name: string;
  readonly dryRun: boolean;
  /** Who asks: the user of a controller, mostly. */
  readonly user: string;
  /** As it arrived, read-only: the patch is measured against it. */
  readonly object: unknown;
}

/** What is absent, null or mistyped counts as empty: only a request without a uid cannot be answered. */
const text = z.string().catch('');
const review = z.object({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  request: z.object({
    uid: z.string().min(1),
    operation: text,
    resource: z.object({ resource: text }).catch({ resource: '' }),
    subResource: text,
    namespace: text,
    name: text,
    dryRun: z.boolean().catch(false),
    userInfo: z.object({ username: text }).catch({ username: '' }),
    object: z.unknown().optional(),
  }),
});

/** @throws AdmissionError for what is no AdmissionReview. */
export function readReview(body: Buffer): AdmissionRequest {
  const parsed = review.safeParse(parseJson(body));
  if (!parsed.success) throw new AdmissionError('admission-no-request', parsed.error);
  const { resource, userInfo, object, ...request } = parsed.data.request;
  return { ...request, resource: resource.resource, user: userInfo.username, object };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AdmissionError('admission-not-json', error);
  }
}
