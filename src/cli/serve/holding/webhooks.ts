import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import type { Logger } from 'pino';
import type { ApiAccess } from '../../../kubernetes/api-get.ts';
import { reasonOf } from '../../../kubernetes/errors.ts';
import { registerWebhooks, unregisterWebhooks } from '../../../kubernetes/webhook-registration.ts';
import type { ServerNames } from '../../../service/certificates/issue.ts';
import { UsageError } from '../../usage-error.ts';

/** What is registered, from a checkout, from `dist/` and from the image alike. */
const DOCUMENTS = ['mutating-webhooks', 'validating-webhooks', 'validating-policies'].map((name) =>
  fileURLToPath(new URL(`../../../../deploy/admission/${name}.yaml`, import.meta.url)),
);
const SILENCE_MS = 10_000;

/** The names of a certificate for the URL's host. */
export function namesOf({ hostname }: URL): ServerNames {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? { dns: [host], ip: [] } : { dns: [], ip: [host] };
}

interface Registering {
  readonly access: ApiAccess;
  readonly url: URL;
  readonly caBundle: string;
  readonly log: Logger;
}

/**
 * Registers the webhooks and policies of deploy/admission with the URL; the returned function removes them.
 * @throws UsageError where the API server does not take them.
 */
export async function openWebhooks({ access, url, caBundle, log }: Registering): Promise<() => Promise<void>> {
  const documents = (await Promise.all(DOCUMENTS.map((file) => readFile(file, 'utf8')))).flatMap((text) =>
    loadAll(text),
  );
  try {
    await registerWebhooks(access, { documents, url: url.origin, caBundle }, patience());
  } catch (error) {
    await unregisterWebhooks(access, documents, patience()).catch(() => undefined);
    throw new UsageError([`--webhook-url ${url.origin}: webhooks cannot be registered: ${reasonOf(error)}`]);
  }
  log.info({ url: url.origin, objects: documents.length }, 'webhooks registered until the end of this process');
  return async () => {
    try {
      await unregisterWebhooks(access, documents, patience());
    } catch (error) {
      log.error({ err: reasonOf(error) }, 'webhooks could not be removed: delete the configurations named lowtide');
    }
  };
}

function patience() {
  return { signal: AbortSignal.timeout(SILENCE_MS), silence: SILENCE_MS };
}
