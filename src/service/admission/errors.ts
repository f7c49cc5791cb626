/** Every 4xx that admission can answer: status, what is wrong, what to do. docs/errors.md lists them; a test checks. */
export const ADMISSION_ERRORS = {
  'admission-not-json': { status: 400, message: 'the body is not valid JSON', fix: 'send one AdmissionReview object' },
  'admission-no-request': {
    status: 400,
    message: 'the body is no AdmissionReview of admission.k8s.io/v1 with a `request` that has a `uid`',
    fix: 'name v1 in admissionReviewVersions of the webhook',
  },
  'admission-not-post': { status: 405, message: 'only POST is served here', fix: 'use POST' },
  'admission-wrong-type': {
    status: 415,
    message: 'the content type is not application/json in plain encoding',
    fix: 'send `Content-Type: application/json`',
  },
  'admission-too-large': {
    status: 413,
    message: 'the body is larger than admission accepts',
    fix: 'raise admission.bodyLimit in --config',
  },
  'admission-incomplete': { status: 400, message: 'the body ended early', fix: 'send the whole body' },
  'admission-no-such-path': {
    status: 404,
    message: 'no such path',
    fix: 'use a path of deploy/admission, e.g. /admission/v1/pods or /admission/v1/jobs',
  },
} as const satisfies Record<string, { status: number; message: string; fix: string }>;

/** A code of the catalogue. */
export type AdmissionErrorCode = keyof typeof ADMISSION_ERRORS;

/** A request that cannot be answered, for a reason of the caller's. */
export class AdmissionError extends Error {
  readonly code: AdmissionErrorCode;

  constructor(code: AdmissionErrorCode, cause?: unknown) {
    super(ADMISSION_ERRORS[code].message, { cause });
    this.name = 'AdmissionError';
    this.code = code;
  }
}
