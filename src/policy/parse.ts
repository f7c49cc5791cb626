import { buildPolicy } from './build.ts';
import { ERROR_CHECKS, WARNING_CHECKS } from './checks/all.ts';
import { fieldErrors } from './field-errors.ts';
import { notYetWarnings } from './not-yet.ts';
import { isTable, shown } from './raw.ts';
import { policyDocument } from './schema/document.ts';
import type { PolicyResult } from './types.ts';

/**
 * Reads a policy document that is already decoded from YAML or JSON. Never throws: a document that cannot be used
 * yields every error at once, each with path and hint; a usable one yields the policy, defaults filled in, and one
 * warning for each key that does not act yet.
 */
export function parsePolicy(document: unknown): PolicyResult {
  if (!isTable(document)) {
    const hint = 'start with apiVersion, kind and regions; config/policy.yaml is an example';
    return { ok: false, errors: [{ path: '', message: `the policy is ${shown(document)}, not a table`, hint }] };
  }
  const parsed = policyDocument.safeParse(document);
  const fields = parsed.success ? [] : parsed.error.issues.flatMap((issue) => fieldErrors(document, issue));
  const errors = [...fields, ...ERROR_CHECKS.flatMap((check) => check(document))];
  if (!parsed.success || errors.length > 0) return { ok: false, errors };
  const warnings = [...WARNING_CHECKS.flatMap((check) => check(document)), ...notYetWarnings(document)];
  return { ok: true, policy: buildPolicy(parsed.data), warnings };
}
