import assert from 'node:assert/strict';
import { readIntensity } from '../../../../src/cli/simulate/input/intensity.ts';
import { linesOfError, ownFolder } from '../../../support/simulate-files.ts';

const ROWS = ['time,us-east-1,eu-west-1', '2026-01-01T00:00:00Z,400,200', '2026-01-01T00:30:00Z,410.5,210'];

describe('readIntensity', () => {
  const folder = ownFolder();

  for (const [form, text] of Object.entries({
    'as it is documented': ROWS.join('\n'),
    'with a byte order mark, line ends of Windows and quotes': `\uFEFF${ROWS.join('\r\n').replace('us-east-1', '"us-east-1"')}\r\n`,
  })) {
    it(`reads a table ${form}`, async () => {
      const table = await readIntensity(await folder.write('intensity.csv', text));

      assert.deepEqual(table, {
        start: Date.parse('2026-01-01T00:00:00Z'),
        step: 1_800_000,
        count: 2,
        regions: ['us-east-1', 'eu-west-1'],
        columns: [Float64Array.of(400, 410.5), Float64Array.of(200, 210)],
      });
    });
  }

  const [header = '', first = '', second = ''] = ROWS;
  const refused: Record<string, { rows: readonly string[]; want: string }> = {
    'an empty file': { rows: [], want: '1: the file is empty: the first line is the header time,<column>[,<column>…]' },
    'an empty cell': {
      rows: [header, first, second.replace('410.5', '')],
      want: '3: column "us-east-1" is empty: every row needs a value, gCO2eq/kWh from 0 up',
    },
    'a negative value': {
      rows: [header, first.replace('400', '-1'), second],
      want: '2: column "us-east-1": "-1" is not an intensity: a number of gCO2eq/kWh from 0 up, or an empty cell',
    },
    'a value that is no number': {
      rows: [header, first.replace('400', 'NaN'), second],
      want: '2: column "us-east-1": "NaN" is not an intensity: a number of gCO2eq/kWh from 0 up, or an empty cell',
    },
    'a step that is left out': {
      rows: [header, first, second, '2026-01-01T02:00:00Z,1,2'],
      want:
        '4: time "2026-01-01T02:00:00Z" comes 5400 s after the row before, the step is 1800 s: ' +
        'expected 2026-01-01T01:00:00.000Z; a step without values is a row with empty cells',
    },
    'a time that is not UTC': {
      rows: [header, first, second.replace('Z', '+02:00')],
      want: '3: time "2026-01-01T00:30:00+02:00" is not UTC: write it with Z, such as 2026-03-02T00:00:00Z',
    },
  };
  for (const [fault, { rows, want }] of Object.entries(refused)) {
    it(`refuses ${fault}`, async () => {
      const file = await folder.write('intensity.csv', rows.join('\n'));

      assert.deepEqual(await linesOfError(() => readIntensity(file)), [`${file}:${want}`]);
    });
  }
});
