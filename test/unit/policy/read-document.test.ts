import assert from 'node:assert/strict';
import type { PolicyNotice } from '../../../src/policy/types.ts';
import { readBytes, readPolicy, unreadable } from '../../../src/service/policy/read-document.ts';
import { WHOLE_DOCUMENT } from './whole-document.ts';

function errorOf(text: string | Uint8Array): PolicyNotice {
  const result = readPolicy(typeof text === 'string' ? Buffer.from(text) : text);
  const errors = result.ok ? [] : result.errors;
  assert.equal(errors.length, 1, JSON.stringify(result));
  return errors[0] ?? assert.fail();
}

describe('readPolicy', () => {
  it('reads a YAML document', () => {
    assert.ok(readPolicy(Buffer.from(WHOLE_DOCUMENT)).ok);
  });

  it('reads JSON, and a byte order mark before it', () => {
    const json = '{"apiVersion":"lowtide.dev/v1alpha1","kind":"Policy","regions":{"a":{"zone":"DE"}}}';

    assert.ok(readPolicy(Buffer.from(`\ufeff${json}`)).ok);
  });

  const refusals: Record<string, { text: string | Uint8Array; message: RegExp; hint: RegExp }> = {
    'an empty file': { text: '', message: /input is empty/, hint: /write apiVersion, kind and regions/ },
    'a file of comments': { text: '# later\n', message: /input is empty/, hint: /write apiVersion/ },
    'broken YAML, and where it breaks': {
      text: 'kind: Policy\nregions: [1',
      message: /^is not a YAML document at line 2, column 12: unexpected end/,
      hint: /mend the YAML/,
    },
    'a key that stands twice': { text: 'kind: Policy\nkind: Policy\n', message: /line 2.*duplicated/, hint: /mend/ },
    'several documents': { text: 'a: 1\n---\nb: 2\n', message: /found more/, hint: /one document/ },
    'a ConfigMap around the policy': {
      text: 'apiVersion: v1\nkind: ConfigMap\ndata: {}\n',
      message: /a ConfigMap, not the policy in it/,
      hint: /mount it/,
    },
    'bytes that are no text': { text: Uint8Array.of(0xff, 0xfe, 0x00), message: /not UTF-8/, hint: /UTF-8/ },
    'more aliases than a person writes': {
      text: `a: &a [x]\nb: [${'*a,'.repeat(200)}]\n`,
      message: /alias/,
      hint: /mend/,
    },
  };
  for (const [sentence, { text, message, hint }] of Object.entries(refusals)) {
    it(`refuses ${sentence}`, () => {
      const error = errorOf(text);

      assert.match(error.message, message);
      assert.match(error.hint, hint);
      assert.ok(!error.message.includes('\n'));
    });
  }
});

describe('readBytes', () => {
  it('gives the code of a file that is not there', async () => {
    assert.deepEqual(await readBytes('/nowhere/policy.yaml'), { ok: false, code: 'ENOENT' });
  });

  it('gives the code of a directory', async () => {
    assert.deepEqual(await readBytes('/'), { ok: false, code: 'EISDIR' });
  });
});

describe('unreadable', () => {
  it('hints at the mount for a missing file, and has a hint for any code', () => {
    assert.match(unreadable('ENOENT').hint, /ConfigMap is mounted/);
    assert.match(unreadable('EIO').hint, /a file that can be read/);
  });
});
