import assert from 'node:assert/strict';
import { readJobs } from '../../../../src/cli/simulate/input/jobs.ts';
import { linesOfError, ownFolder } from '../../../support/simulate-files.ts';

const HEADER = 'id,arrival,class,duration_min,energy_kwh,residency';
const A = 'a,2026-01-01T00:30:00Z,standard,90,0.3,global';
const B = 'b,2026-01-01T01:00:00Z,deferrable,12.5,1e-1,eu-strict';
const at = (time: string): number => Date.parse(time);

describe('readJobs', () => {
  const folder = ownFolder();

  it('reads every column, of which those that may be missing have none', async () => {
    const { jobs, lines } = readJobs(await folder.write('jobs.csv', [HEADER, A, B, ''].join('\n')));

    assert.deepEqual(jobs.ids, ['a', 'b']);
    assert.deepEqual([...jobs.arrival], [at('2026-01-01T00:30:00Z'), at('2026-01-01T01:00:00Z')]);
    assert.deepEqual([...jobs.duration], [90 * 60_000, 750_000]);
    assert.deepEqual([...jobs.energy], [0.3, 0.1]);
    assert.deepEqual([...jobs.deadline], [NaN, NaN]);
    assert.deepEqual([...jobs.dataGb], [0, 0]);
    assert.deepEqual([...jobs.kind], [0, 1]);
    const rest = { home: null, interruptible: false, dataRegion: null };
    assert.deepEqual(jobs.kinds, [
      { workClass: 'standard', residency: 'global', ...rest },
      { workClass: 'deferrable', residency: 'eu-strict', ...rest },
    ]);
    assert.deepEqual([...lines], [2, 3]);
  });

  it('reads columns in any order, others among them, and what an empty cell leaves open', async () => {
    const header =
      'note,residency,energy_kwh,duration_min,class,arrival,id,data_region,data_gb,deadline,interruptible,home_region';
    const rows = [
      'x,global,0,1,urgent,2026-01-01T00:00:00Z,a,us-east-1,2.5,2026-01-02T00:00:00+01:00,TRUE,eu-west-1',
      ',global,0,1,urgent,2026-01-01T00:00:00.250Z,b,,,,false,',
    ];
    const { jobs } = readJobs(await folder.write('jobs.csv', [header, ...rows].join('\n')));

    const kind = { workClass: 'urgent', residency: 'global' };
    assert.deepEqual(jobs.kinds, [
      { ...kind, home: 'eu-west-1', interruptible: true, dataRegion: 'us-east-1' },
      { ...kind, home: null, interruptible: false, dataRegion: null },
    ]);
    assert.deepEqual([...jobs.deadline], [at('2026-01-01T23:00:00Z'), NaN]);
    assert.deepEqual([...jobs.dataGb], [2.5, 0]);
    assert.equal(jobs.arrival[1], at('2026-01-01T00:00:00.250Z'));
  });

  const forms: Record<string, string> = {
    'a byte order mark': `\uFEFF${HEADER}\n${A}\n${B}\n`,
    'line ends of Windows': `${HEADER}\r\n${A}\r\n${B}\r\n`,
    'no line end after the last row': `${HEADER}\n${A}\n${B}`,
    'blanks around cells': `${HEADER.replaceAll(',', ' , ')}\n${A.replaceAll(',', '\t, ')}\n ${B}\n`,
    'cells in quotes': `"${HEADER.replaceAll(',', '","')}"\n"${A.replaceAll(',', '","')}"\r\n${B}\n`,
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`takes ${form}`, async () => {
      const { jobs, lines } = readJobs(await folder.write('jobs.csv', text));

      assert.deepEqual(jobs.ids, ['a', 'b']);
      assert.deepEqual([...jobs.duration], [90 * 60_000, 750_000]);
      assert.deepEqual(
        jobs.kinds.map(({ residency }) => residency),
        ['global', 'eu-strict'],
      );
      assert.deepEqual([...lines], [2, 3]);
    });
  }

  it('passes over blank lines, and still counts them', async () => {
    const { lines } = readJobs(await folder.write('jobs.csv', [HEADER, '', A, '  ', B, ''].join('\n')));

    assert.deepEqual([...lines], [3, 5]);
  });

  it('reads commas, quotes and line ends in quotes, and counts the lines that they take', async () => {
    const odd = A.replace('a,', '"a, ""the\nfirst""",');
    const { jobs, lines } = readJobs(await folder.write('jobs.csv', [HEADER, odd, B, ''].join('\n')));

    assert.deepEqual(jobs.ids, ['a, "the\nfirst"', 'b']);
    assert.equal(lines[1], 4);
  });

  it('reads rows and quotes beyond the first piece of the file, letters of any alphabet among them', async () => {
    const count = 40_000;
    const name = (i: number): string => (i === 39_000 ? '"æ, ø"' : `größe-${String(i).padStart(6, '0')}`);
    const rows = Array.from({ length: count }, (_, i) => A.replace('a,', `${name(i)},`));
    const { jobs, lines } = readJobs(await folder.write('jobs.csv', [HEADER, ...rows].join('\n')));

    assert.equal(jobs.count, count);
    assert.equal(jobs.ids[39_000], 'æ, ø');
    assert.equal(jobs.ids[count - 1], 'größe-039999');
    assert.deepEqual([lines[39_500], lines[count - 1]], [39_502, count + 1]);
    assert.equal(jobs.kinds.length, 1);
  });

  const row = (cells: Readonly<Record<string, string>>): string => Object.values({ ...ORDINARY, ...cells }).join(',');
  const ORDINARY = {
    ...{ id: 'a', arrival: '2026-01-01T00:30:00Z', class: 'standard', duration_min: '90', energy_kwh: '0.3' },
    ...{ residency: 'global', home_region: '', interruptible: '', deadline: '', data_gb: '', data_region: '' },
  };
  const TIME = 'an RFC 3339 time with its offset, such as 2026-03-02T06:00:00Z';
  const cells: Record<string, { cells: Readonly<Record<string, string>>; want: string }> = {
    'an id that is missing': { cells: { id: '' }, want: 'column id is empty: every job has an id of its own' },
    'an arrival that is no time': {
      cells: { arrival: 'noon' },
      want: `column arrival: "noon" is not accepted: give ${TIME}`,
    },
    'an arrival on a day that does not exist': {
      cells: { arrival: '2026-02-30T00:00:00Z' },
      want: `column arrival: "2026-02-30T00:00:00Z" is not accepted: give ${TIME}`,
    },
    'an arrival at an hour that does not exist': {
      cells: { arrival: '2026-02-03T24:00:00Z' },
      want: `column arrival: "2026-02-03T24:00:00Z" is not accepted: give ${TIME}`,
    },
    'an arrival without an offset': {
      cells: { arrival: '2026-01-01T00:30:00' },
      want: `column arrival: "2026-01-01T00:30:00" is not accepted: give ${TIME}`,
    },
    'a class that is missing': {
      cells: { class: '' },
      want: 'column class: "" is not accepted: give the name of a class',
    },
    'a residency that is missing': {
      cells: { residency: '' },
      want: 'column residency: "" is not accepted: give the name of a residency set',
    },
    'a duration of nothing': {
      cells: { duration_min: '0' },
      want: 'column duration_min: "0" is not accepted: give minutes above 0, such as 90',
    },
    'a negative duration': {
      cells: { duration_min: '-5' },
      want: 'column duration_min: "-5" is not accepted: give minutes above 0, such as 90',
    },
    'a duration without end': {
      cells: { duration_min: '1e400' },
      want: 'column duration_min: "1e400" is not accepted: give minutes above 0, such as 90',
    },
    'energy that is no number': {
      cells: { energy_kwh: 'NaN' },
      want: 'column energy_kwh: "NaN" is not accepted: give kWh from 0 up, such as 0.3',
    },
    'energy that is missing': {
      cells: { energy_kwh: '' },
      want: 'column energy_kwh: "" is not accepted: give kWh from 0 up, such as 0.3',
    },
    'energy with two points': {
      cells: { energy_kwh: '1.2.3' },
      want: 'column energy_kwh: "1.2.3" is not accepted: give kWh from 0 up, such as 0.3',
    },
    'a deadline that is no time': {
      cells: { deadline: 'soon' },
      want: `column deadline: "soon" is not accepted: give ${TIME}, or nothing`,
    },
    'a deadline before the arrival': {
      cells: { deadline: '2025-12-31T00:00:00Z' },
      want: 'deadline "2025-12-31T00:00:00Z" is before the arrival: give a later one',
    },
    'an interruptible that is neither': {
      cells: { interruptible: 'maybe' },
      want: 'column interruptible: "maybe" is not accepted: give true, false or nothing',
    },
    'negative data': {
      cells: { data_gb: '-1', data_region: 'eu-west-1' },
      want: 'column data_gb: "-1" is not accepted: give GB from 0 up, or nothing',
    },
    'data that is nowhere': {
      cells: { data_gb: '5' },
      want: 'data_gb "5" without data_region: name the region where the data lies',
    },
  };
  for (const [fault, { cells: changed, want }] of Object.entries(cells)) {
    it(`refuses ${fault}`, async () => {
      const file = await folder.write('jobs.csv', [Object.keys(ORDINARY).join(','), row(changed)].join('\n'));

      assert.deepEqual(await linesOfError(() => readJobs(file)), [`${file}:2: ${want}`]);
    });
  }

  const files: Record<string, { text: string | Uint8Array; want: readonly string[] }> = {
    'an empty file': { text: '', want: [`1: the file is empty: the first line is the header ${HEADER}`] },
    'a header alone': { text: `${HEADER}\n`, want: ['1: there is no job below the header: give at least one'] },
    'a header without its columns, and no row of it': {
      text: 'id,arrival,class\nx,y,z\n',
      want: [
        `1: the header "id,arrival,class" lacks duration_min, energy_kwh, residency: it must have ${HEADER} ` +
          'and may have home_region,interruptible,deadline,data_gb,data_region',
      ],
    },
    'a column that appears twice': {
      text: `${HEADER},class\n${A},x\n`,
      want: ['1: column "class" appears twice: each name stands once'],
    },
    'rows that are too short or too long': {
      text: [HEADER, 'a,b', `${A},x`].join('\n'),
      want: [
        '2: 2 cells, where the header has 6: give each column a cell',
        '3: 7 cells, where the header has 6: give each column a cell',
      ],
    },
    'an id that appears twice': {
      text: [HEADER, A, B, A].join('\n'),
      want: ['4: id "a" already stands on line 2: every job has an id of its own'],
    },
    'several faults at once': {
      text: [HEADER, A.replace('90', 'x').replace('0.3', 'y'), B.replace('2026', '26')].join('\n'),
      want: [
        '2: column duration_min: "x" is not accepted: give minutes above 0, such as 90',
        '2: column energy_kwh: "y" is not accepted: give kWh from 0 up, such as 0.3',
        `3: column arrival: "26-01-01T01:00:00Z" is not accepted: give ${TIME}`,
      ],
    },
    'a quote in the middle of a cell': {
      text: [HEADER, A.replace('a,', 'a "1",'), B].join('\n'),
      want: [
        '2: this is not CSV (a quote stands within a cell that does not begin with one): ' +
          'cells with commas or quotes stand in double quotes, quotes in them twice',
      ],
    },
    'letters after a closing quote': {
      text: [HEADER, A, B.replace('b,', '"b"c,')].join('\n'),
      want: [
        '3: this is not CSV (something follows a closing quote): ' +
          'cells with commas or quotes stand in double quotes, quotes in them twice',
      ],
    },
    'a quote that does not end': {
      text: [HEADER, A, B.replace('b,', '"b,'), A].join('\n'),
      want: [
        '3: this is not CSV (a quote is opened and not closed): ' +
          'cells with commas or quotes stand in double quotes, quotes in them twice',
      ],
    },
  };
  for (const [fault, { text, want }] of Object.entries(files)) {
    it(`refuses ${fault}`, async () => {
      const file = await folder.write('jobs.csv', text);

      assert.deepEqual(
        await linesOfError(() => readJobs(file)),
        want.map((line) => `${file}:${line}`),
      );
    });
  }

  it('shows the first twenty of many faults, and counts the others', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => A.replace('a,', `a${i},`).replace(',90,', ',x,'));
    const lines = await linesOfError(async () =>
      readJobs(await folder.write('jobs.csv', [HEADER, ...rows].join('\n'))),
    );

    assert.equal(lines.length, 21);
    assert.match(lines[20] ?? '', /jobs\.csv: and 49980 more$/);
  });

  it('refuses a file that is not there, and a folder', async () => {
    const missing = folder.path('none.csv');

    assert.deepEqual(await linesOfError(() => readJobs(missing)), [
      `${missing}: cannot be read (ENOENT): name a readable CSV file`,
    ]);
    assert.match((await linesOfError(() => readJobs(folder.path('.'))))[0] ?? '', /cannot be read \(EISDIR\)/);
  });
});
