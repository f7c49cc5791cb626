import type { Policy } from '../policy/types.ts';
import { readBytes, readPolicy, unreadable } from '../service/policy/read-document.ts';
import { noticeLines } from '../service/policy/refusal.ts';
import { UsageError } from './usage-error.ts';

/**
 * The policy of a file.
 * @throws UsageError with a line for everything that is wrong in the file.
 */
export async function policyIn(file: string): Promise<Policy> {
  const read = await readBytes(file);
  const result = read.ok ? readPolicy(read.bytes) : ({ ok: false, errors: [unreadable(read.code)] } as const);
  if (!result.ok) throw new UsageError(noticeLines(file, result.errors));
  return result.policy;
}
