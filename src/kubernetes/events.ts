import { createHash } from 'node:crypto';
import type { Instant } from '../carbon/units.ts';
import type { WorkKind } from '../timing/types.ts';
import { answerError, apiCall } from './api-call.ts';
import type { ApiAnswer } from './api-call.ts';
import type { ApiAccess, Patience } from './api-get.ts';
import { microTime } from './micro-time.ts';
import { listMember, member, text } from './untyped.ts';
import type { WorkRef } from './work-path.ts';

/** What a user is told about one piece of work, in `kubectl describe`. */
export interface WorkEvent {
  readonly work: WorkRef;
  /** What was done, e.g. `Released`; at most 128 characters. */
  readonly action: string;
  /** A reason code of docs/reasons.md. */
  readonly reason: string;
  /** For a person; cut off after 1024 bytes. */
  readonly note: string;
  readonly type: 'Normal' | 'Warning';
  readonly at: Instant;
  /** Which replica says so, e.g. its pod's name. */
  readonly reportingInstance: string;
  /** Tells events apart that are otherwise the same, e.g. one of each change of plan; without it they are one. */
  readonly occasion?: string;
}

/** `written`: it is there now, or was already; `dropped`: its namespace is gone or goes, and the work with it. */
export type EventOutcome = 'written' | 'dropped';

const CONTROLLER = 'lowtide.dev/lowtide';
const LONGEST_NOTE = 1024;
const LONGEST_FIELD = 128;
/** Of an object's name, a DNS subdomain. */
const LONGEST_NAME = 253;
const SHOWN_REFERENCE: Readonly<Record<WorkKind, { readonly apiVersion: string; readonly kind: string }>> = {
  job: { apiVersion: 'batch/v1', kind: 'Job' },
  pod: { apiVersion: 'v1', kind: 'Pod' },
};

/**
 * Writes an Event. Its name follows from work, action, reason and occasion, so that writing it again, after a failure
 * or by another replica, makes no second one. Throws ApiErrors, to be tried again later.
 */
export async function createEvent(access: ApiAccess, event: WorkEvent, patience: Patience): Promise<EventOutcome> {
  const path = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(event.work.namespace)}/events`;
  const answer = await apiCall(access, { method: 'POST', path, body: eventObject(event), unread: true, patience });
  // A quota whose count is being changed answers 409 as well, and then there is none yet.
  if (answer.status === 201 || (answer.status === 409 && member(answer.body, 'reason') !== 'Conflict'))
    return 'written';
  if (answer.status === 404 || (answer.status === 403 && namespaceEnds(answer))) return 'dropped';
  throw answerError(`event ${event.reason} of ${event.work.kind}/${event.work.namespace}/${event.work.name}`, answer);
}

/** The Event as events.k8s.io/v1 wants it. */
export function eventObject(event: WorkEvent): unknown {
  const { kind, namespace, name, uid } = event.work;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: eventName(event), namespace },
    eventTime: microTime(event.at),
    reportingController: CONTROLLER,
    reportingInstance: event.reportingInstance.slice(0, LONGEST_FIELD),
    action: event.action,
    reason: event.reason,
    type: event.type,
    regarding: { ...SHOWN_REFERENCE[kind], namespace, name, uid },
    note: cut(event.note),
  };
}

function eventName({ work, action, reason, occasion = '' }: WorkEvent): string {
  const hash = createHash('sha256').update([work.uid, action, reason, occasion].join('\n')).digest('hex').slice(0, 16);
  // A cut name may end in what a name must not end in.
  const base = work.name.slice(0, LONGEST_NAME - hash.length - 1).replace(/[-.]+$/, '');
  return `${base}.${hash}`;
}

/** At most 1024 bytes, no character cut in two. */
function cut(note: string): string {
  const bytes = Buffer.from(note);
  if (bytes.length <= LONGEST_NOTE) return note;
  let end = LONGEST_NOTE;
  // Bytes within a character begin with the bits 10.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}

/** The namespace's admission plugin refuses new objects while the namespace is being deleted, and names the cause. */
function namespaceEnds({ body }: ApiAnswer): boolean {
  const causes = listMember(member(body, 'details'), 'causes');
  if (causes.some((cause) => member(cause, 'reason') === 'NamespaceTerminating')) return true;
  return text(member(body, 'message'))?.includes('is being terminated') === true;
}
