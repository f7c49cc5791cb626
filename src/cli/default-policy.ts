import { fileURLToPath } from 'node:url';

/** The policy that ships with Lowtide, from a checkout and from `dist/` alike. */
export const DEFAULT_POLICY = fileURLToPath(new URL('../../config/policy.yaml', import.meta.url));
