import assert from 'node:assert/strict';
import { problemLines } from '../../../../src/sources/csv-trace/problems.ts';
import { parseTrace } from '../../../../src/sources/csv-trace/schema.ts';

function rows(...lines: string[]): string {
  return ['time,DE,ES', ...lines, ''].join('\n');
}

describe('parseTrace', () => {
  const accepted: Record<string, { text: string; wantDe: (number | null)[] }> = {
    'plain rows': { text: rows('2026-03-02T00:00:00Z,1,2', '2026-03-02T01:00:00Z,3.5,4'), wantDe: [1, 3.5] },
    'a byte order mark, CRLF and blank lines': {
      text: '\ufefftime,DE\r\n2026-03-02T00:00:00Z,1\r\n\r\n2026-03-02T01:00:00Z,2\r\n',
      wantDe: [1, 2],
    },
    'quoted cells and spaces around cells': {
      text: '"time", "DE"\n"2026-03-02T00:00:00Z", 1 \n2026-03-02T01:00:00Z,"2"',
      wantDe: [1, 2],
    },
    'empty cells, as no value': {
      text: rows('2026-03-02T00:00:00Z,,2', '2026-03-02T01:00:00Z,3,'),
      wantDe: [null, 3],
    },
    'zero, fractions and exponents': {
      text: rows('2026-03-02T00:00:00Z,0,2', '2026-03-02T01:00:00Z,.5,2', '2026-03-02T02:00:00Z,1e2,2'),
      wantDe: [0, 0.5, 100],
    },
    'other spellings of UTC': {
      text: rows('2026-03-02T00:00:00+00:00,1,2', '2026-03-02t01:00:00.000z,3,4', '2026-03-02 02:00:00Z,5,6'),
      wantDe: [1, 3, 5],
    },
  };

  for (const [name, { text, wantDe }] of Object.entries(accepted)) {
    it(`accepts ${name}`, () => {
      const result = parseTrace(text);

      assert.ok(result.ok, JSON.stringify(result));
      const { columns, start, step, count } = result.trace;
      assert.equal(columns[0]?.name, 'DE');
      assert.deepEqual(columns[0].values, wantDe);
      assert.deepEqual([start, step, count], [Date.parse('2026-03-02T00:00:00Z'), 3_600_000, wantDe.length]);
    });
  }

  const first = '2026-03-02T00:00:00Z,1,2';
  const second = '2026-03-02T01:00:00Z,1,2';
  const refused: Record<string, { text: string; want: RegExp[] }> = {
    'an empty file': { text: '', want: [/^1: the file is empty.*time,<column>/] },
    'a file of blank lines': { text: '\n\n', want: [/^1: the file is empty/] },
    'a header without rows': { text: 'time,DE\n', want: [/^1: no rows: give at least two/] },
    'a single row, which has no step': { text: rows(first), want: [/^2: one row only: give at least two/] },
    'a header that does not begin with time': {
      text: `date,DE,ES\n${first}\n${second}\n`,
      want: [/^1: the header begins with "date"/],
    },
    'a header without columns': {
      text: 'time\n2026-03-02T00:00:00Z\n2026-03-02T01:00:00Z\n',
      want: [/^1: the header names no column/],
    },
    'a column without a name': { text: `time,DE,\n${first}\n${second}\n`, want: [/^1: column 3 has no name/] },
    'a column that appears twice': {
      text: `time,DE,DE\n${first}\n${second}\n`,
      want: [/^1: column "DE" appears twice/],
    },
    'a word in place of a number': {
      text: rows(first, '2026-03-02T01:00:00Z,n/a,2'),
      want: [/^3: column "DE": "n\/a" is not an intensity: a number of gCO2eq\/kWh from 0 up, or an empty cell/],
    },
    'numbers that are none': {
      text: rows('2026-03-02T00:00:00Z,-1,NaN', '2026-03-02T01:00:00Z,0x10,1e999'),
      want: [/^2: column "DE": "-1"/, /^2: column "ES": "NaN"/, /^3: column "DE": "0x10"/, /^3: column "ES": "1e999"/],
    },
    'too few cells and too many': {
      text: rows('2026-03-02T00:00:00Z,1', '2026-03-02T01:00:00Z,1,2,3'),
      want: [/^2: 2 cells, where the header has 3/, /^3: 4 cells/],
    },
    'a time without an offset, and one that is not UTC': {
      text: rows('2026-03-02T00:00:00,1,2', '2026-03-02T01:00:00+01:00,1,2'),
      want: [/^2: time .* is not RFC 3339 in UTC, such as 2026/, /^3: time .* is not UTC: write it with Z/],
    },
    'a day and an hour that do not exist': {
      text: rows('2026-02-30T00:00:00Z,1,2', '2026-03-02T25:00:00Z,1,2'),
      want: [/^2: time "2026-02-30T00:00:00Z" does not exist/, /^3: time "2026-03-02T25:00:00Z" does not exist/],
    },
    'a gap, told once': {
      text: rows(first, second, '2026-03-02T03:00:00Z,1,2', '2026-03-02T04:00:00Z,1,2'),
      want: [
        /^4: .* comes 7200 s after the row before, the step is 3600 s: expected 2026-03-02T02:00:00.000Z; .* empty/,
      ],
    },
    'a time that appears twice': { text: rows(first, second, second), want: [/^4: .* already stands on line 3/] },
    'rows that go back': {
      text: rows(second, first, '2026-03-02T02:00:00Z,1,2'),
      want: [/^3: .* is earlier than the row before: rows must ascend/],
    },
    'two rows of one time': { text: rows(first, first), want: [/^3: .* already stands on line 2/] },
    'a quote that does not close': { text: 'time,DE\n2026-03-02T00:00:00Z,"1\n', want: [/^2: this is not CSV/] },
    'the right line after blank lines': { text: rows(first, '', '', second, 'x,1,2'), want: [/^6: time "x"/] },
    'a long cell, cut': {
      text: rows(first, `2026-03-02T01:00:00Z,${'9x'.repeat(40)},2`),
      want: [/^3: column "DE": "9x(?:9x){19}…" is not/],
    },
  };

  for (const [name, { text, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      const result = parseTrace(text);

      assert.ok(!result.ok);
      const lines = result.problems.map(({ line, message }) => `${String(line)}: ${message}`);
      assert.equal(lines.length, want.length, lines.join('\n'));
      want.forEach((pattern, index) => {
        assert.match(lines[index] ?? '', pattern);
      });
    });
  }

  it('tells the first twenty errors and counts the rest', () => {
    const bad = Array.from({ length: 23 }, (_, hour) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z,x,2`);
    const result = parseTrace(rows(...bad));

    assert.ok(!result.ok);
    const lines = problemLines('grid.csv', result);
    assert.equal(lines.length, 21);
    assert.match(lines[0] ?? '', /^grid\.csv:2: column "DE": "x" is not an intensity/);
    assert.equal(lines[20], 'grid.csv: and 3 more');
  });
});
