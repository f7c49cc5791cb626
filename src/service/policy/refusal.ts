import type { PolicyNotice } from '../../policy/types.ts';

/** What kind of refusal; a metric's label. */
export type RefusalReason = 'unreadable' | 'invalid';

/** The first policy could not be used, so there is none to fall back to. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused';
  readonly code = 'POLICY_REFUSED';
  readonly file: string;
  readonly reason: RefusalReason;
  readonly notices: readonly PolicyNotice[];

  constructor(file: string, reason: RefusalReason, notices: readonly PolicyNotice[]) {
    super(noticeLines(file, notices).join('\n'));
    this.file = file;
    this.reason = reason;
    this.notices = notices;
  }
}

/** One line for each error: where, what, and what to do. */
export function noticeLines(file: string, notices: readonly PolicyNotice[]): readonly string[] {
  return notices.map(({ path, message, hint }) =>
    [file, ...(path === '' ? [] : [path]), `${message}; ${hint}`].join(': '),
  );
}
