import { z } from 'zod';
import { policyDocument } from './document.ts';

/** The JSON Schema of the policy document as an operator writes it; config/policy.schema.json is its text. */
export function policyJsonSchema(): object {
  const schema = z.toJSONSchema(policyDocument, { io: 'input' });
  return { ...schema, title: 'Lowtide policy', description: 'What the operator of Lowtide wants; see docs/policy.md.' };
}

/** The committed text. */
export function policyJsonSchemaText(): string {
  return `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
}
