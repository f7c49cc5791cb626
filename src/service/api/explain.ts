import type { Request, RequestHandler } from 'express';
import type { WorkKind } from '../../timing/types.ts';
import { isApiError } from '../../kubernetes/errors.ts';
import type { Asked } from '../explain/explainer.ts';
import type { Explanation } from '../explain/types.ts';
import { ApiRequestError } from './errors.ts';

/** Whoever explains; null: there is no such object. Throws ApiErrors. */
export interface Explains {
  explain(asked: Asked): Promise<Explanation | null>;
}

/** Who answers, or why nobody can. */
export type ExplainBackend = Explains | 'explain-not-ready' | 'explain-no-cluster';

/** Objects looked up at once: more would only wait for one another, and for the API server. */
const MOST_AT_ONCE = 8;

/** `GET /api/v1/explain?kind=&namespace=&name=`: what is decided about one object, and why. */
export function explainHandler(backend: () => ExplainBackend): RequestHandler {
  let running = 0;
  return async (request, response) => {
    const asked = askedOf(request);
    if (asked === null) throw new ApiRequestError('explain-malformed');
    const explains = backend();
    if (typeof explains === 'string') throw new ApiRequestError(explains);
    if (running >= MOST_AT_ONCE) throw new ApiRequestError('explain-busy');
    running += 1;
    try {
      response.json(await answer(explains, asked));
    } finally {
      running -= 1;
    }
  };
}

async function answer(explains: Explains, asked: Asked): Promise<Explanation> {
  try {
    const explanation = await explains.explain(asked);
    if (explanation !== null) return explanation;
  } catch (cause) {
    if (isApiError(cause)) throw new ApiRequestError('explain-unreadable', { cause });
    throw cause;
  }
  throw new ApiRequestError('explain-not-found');
}

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function askedOf({ query }: Request): Asked | null {
  const { kind, namespace, name } = query;
  if (!isKind(kind) || typeof namespace !== 'string' || typeof name !== 'string') return null;
  return NAMESPACE.test(namespace) && NAME.test(name) ? { kind, namespace, name } : null;
}

function isKind(kind: unknown): kind is WorkKind {
  return kind === 'job' || kind === 'pod';
}
