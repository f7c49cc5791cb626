/** Every 4xx that the extender can answer: status, what is wrong, what to do. docs/errors.md lists them; a test checks. */
export const EXTENDER_ERRORS = {
  'extender-not-json': { status: 400, message: 'the body is not valid JSON', fix: 'send one ExtenderArgs object' },
  'extender-no-pod': {
    status: 400,
    message: 'the body has no object `Pod`',
    fix: 'send ExtenderArgs as kube-scheduler does: Pod, Nodes, NodeNames',
  },
  'extender-no-nodes': {
    status: 400,
    message: 'the body has neither `NodeNames` (a list of strings) nor `Nodes` (a NodeList)',
    fix: 'set exactly one of them, as nodeCacheCapable says',
  },
  'extender-bad-node': {
    status: 400,
    message: 'an item of `Nodes` has no `metadata.name`',
    fix: 'send whole Node objects',
  },
  'extender-not-post': { status: 405, message: 'only POST is served here', fix: 'use POST' },
  'extender-wrong-type': {
    status: 415,
    message: 'the content type is not application/json in plain encoding',
    fix: 'send `Content-Type: application/json`',
  },
  'extender-too-large': {
    status: 413,
    message: 'the body is larger than the extender accepts',
    fix: 'set nodeCacheCapable: true in the scheduler, or raise extender.bodyLimit in --config',
  },
  'extender-incomplete': { status: 400, message: 'the body ended early', fix: 'send the whole body' },
  'extender-no-such-path': {
    status: 404,
    message: 'no such path',
    fix: 'use /extender/v1/filter or /extender/v1/prioritize',
  },
} as const satisfies Record<string, { status: number; message: string; fix: string }>;

/** A code of the catalogue. */
export type ExtenderErrorCode = keyof typeof EXTENDER_ERRORS;

/** A request that cannot be answered, for a reason of the caller's. */
export class ExtenderError extends Error {
  readonly code: ExtenderErrorCode;

  constructor(code: ExtenderErrorCode, cause?: unknown) {
    super(EXTENDER_ERRORS[code].message, { cause });
    this.name = 'ExtenderError';
    this.code = code;
  }
}
