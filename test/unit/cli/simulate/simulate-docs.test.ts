import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { simulateCommand } from '../../../../src/cli/simulate/command.ts';
import { csvCell, timeText } from '../../../../src/cli/simulate/output/cells.ts';

const page = readFileSync(new URL('../../../../docs/simulate.md', import.meta.url), 'utf8');

describe('docs/simulate.md', () => {
  it('describes every flag, and the default that it has', () => {
    const io = { out: () => undefined, err: () => undefined, exit: () => undefined };
    const flags = simulateCommand({ io, draw: null }).options;

    assert.ok(flags.length > 14);
    for (const { long, defaultValue } of flags) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${String(long)}`)) ?? '';
      if (!['--jobs', '--intensity', '--policy', '--generate'].includes(String(long)))
        assert.ok(row !== '', long ?? '');
      if (typeof defaultValue === 'string') assert.ok(row.includes(defaultValue), `${String(long)}: ${row}`);
      assert.ok(page.includes(String(long)), long ?? '');
    }
  });
});

describe('cells of CSV', () => {
  const times: Record<string, number> = {
    '2026-01-01T00:00:00Z': Date.UTC(2026, 0, 1),
    '2026-02-28T23:59:59Z': Date.UTC(2026, 1, 28, 23, 59, 59),
    '2026-02-28T23:59:59.007Z': Date.UTC(2026, 1, 28, 23, 59, 59, 7),
    '1969-12-31T12:05:00Z': Date.UTC(1969, 11, 31, 12, 5),
  };
  for (const [text, at] of Object.entries(times)) {
    it(`spells ${text}`, () => {
      assert.equal(timeText(at), text);
    });
  }

  it('rounds a moment to its millisecond, even where that is the next day', () => {
    assert.equal(timeText(Date.UTC(2026, 0, 2) - 0.3), '2026-01-02T00:00:00Z');
  });

  const cells: Record<string, string> = {
    plain: 'plain',
    'a, b': '"a, b"',
    'a "b"': '"a ""b"""',
    ' a': '" a"',
    'a\nb': '"a\nb"',
  };
  for (const [text, want] of Object.entries(cells)) {
    it(`writes ${JSON.stringify(text)} so that it is read back`, () => {
      assert.equal(csvCell(text), want);
    });
  }
});
