import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS } from '../../../hack/lowtide/entry.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

describe('the flags of the process', () => {
  for (const file of ['src/main.ts', 'package.json', 'deploy/Dockerfile']) {
    it(`are the same in ${file} as where tests and benchmarks start it`, () => {
      const text = readFileSync(join(ROOT, file), 'utf8');

      for (const flag of NODE_FLAGS) assert.ok(text.includes(flag), flag);
    });
  }
});
