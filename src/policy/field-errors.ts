import type { z } from 'zod';
import { knownNamesHint } from './names.ts';
import { dotted, ownAt, shown } from './raw.ts';
import { acceptedBy } from './schema/accepts.ts';
import { policyDocument } from './schema/document.ts';
import { knownKeys, schemaAt } from './schema/walk.ts';
import type { PolicyNotice } from './types.ts';

type Issue = z.core.$ZodIssue;

/** Says of one refused key or value what stands there and what is accepted. */
export function fieldErrors(document: unknown, issue: Issue): readonly PolicyNotice[] {
  const schema = schemaAt(policyDocument, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema);
    return issue.keys.map((key) => ({
      path: dotted([...issue.path, key]),
      message: 'is not a known key',
      hint: knownNamesHint(key, known),
    }));
  }
  const value = ownAt(document, issue.path);
  const message = value === undefined ? 'is required' : `${shown(value)} is not accepted`;
  return [{ path: dotted(issue.path), message, hint: `accepted: ${acceptedBy(schema)}` }];
}
