import assert from 'node:assert/strict';
import { concealed } from '../../../../src/sources/http/conceal.ts';

const PASSWORD = `a"b\\c<d>&e'f-123`;
const BASIC = { headers: { authorization: `Basic ${Buffer.from(`ada:${PASSWORD}`).toString('base64')}` } };

function inEntities(marks: Record<string, string>): string {
  return PASSWORD.replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}

describe('concealed', () => {
  const texts: Record<string, string> = {
    'as it is': PASSWORD,
    'in JSON': JSON.stringify({ error: { message: [`no ${PASSWORD}`] } }),
    'in JSON that escapes markup': JSON.stringify({ detail: PASSWORD }).replaceAll(/[<>&']/g, (mark) => {
      return `\\u00${mark.charCodeAt(0).toString(16)}`;
    }),
    'as a key of JSON': JSON.stringify({ 'hunter2-hunter2': 1 }),
    'in a query': `?p=${encodeURIComponent(PASSWORD)}`,
    'on a page': `<title>${inEntities({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })}</title>`,
    'on a page of another framework': inEntities({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`finds a credential ${name}`, () => {
      const shown = concealed(text, { ...BASIC, secretQuery: { key: 'hunter2-hunter2' } });

      assert.match(shown, /…/);
      assert.doesNotMatch(shown, /f-123|hunter2/);
    });
  }

  it('leaves everything else as it was', () => {
    assert.equal(concealed('{"error":"Invalid auth-token"}', BASIC), '{"error":"Invalid auth-token"}');
    assert.equal(concealed('<title>Down</title>', BASIC), '<title>Down</title>');
  });
});
