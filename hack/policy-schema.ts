import { readFileSync, writeFileSync } from 'node:fs';
import { policyJsonSchemaText } from '../src/policy/schema/json-schema.ts';

/** `node hack/policy-schema.ts` writes config/policy.schema.json; `--check` fails if it is out of date. */
const target = new URL('../config/policy.schema.json', import.meta.url);
const text = policyJsonSchemaText();

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('config/policy.schema.json is out of date: run node hack/policy-schema.ts\n');
  process.exitCode = 1;
}
