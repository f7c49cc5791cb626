import assert from 'node:assert/strict';
import { instant } from '../../../../src/carbon/units.ts';
import { DEFAULT_COLUMNS, DEFAULT_TABLE } from '../../../../src/sources/postgres/client.ts';
import { identifier, rowsStatement } from '../../../../src/sources/postgres/statement.ts';

const SPAN = { from: instant(Date.parse('2026-03-01T00:00:00Z')), to: instant(Date.parse('2026-03-02T00:00:00Z')) };
const WANTED = { regions: ['DE', "FR'; --"], span: SPAN, kind: 'average', limit: 10 } as const;
const VALUES = [['DE', "FR'; --"], '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'];

describe('rowsStatement', () => {
  it('puts names into the text, quoted, and values beside it', () => {
    const { text, values } = rowsStatement({ table: DEFAULT_TABLE, columns: DEFAULT_COLUMNS }, WANTED);

    assert.equal(
      text,
      `SELECT "region"::text AS region, round(extract(epoch FROM "timestamp" AT TIME ZONE 'UTC') * 1000)::float8 AS start, ` +
        `"gco2_per_kwh"::float8 AS value, NULL::boolean AS estimated, NULL::float8 AS renewable, NULL::boolean AS forecast ` +
        `FROM "co2e_emissions" WHERE "region" = ANY($1) AND "timestamp" >= $2 AND "timestamp" < $3 ` +
        `ORDER BY "timestamp" LIMIT $4`,
    );
    assert.deepEqual(values, [...VALUES, 10]);
  });

  it('asks for one kind where the table tells them apart', () => {
    const columns = { ...DEFAULT_COLUMNS, kind: 'Kind', isEstimated: 'est', renewablePct: 'ren', isForecast: 'fc' };
    const { text, values } = rowsStatement({ table: 'grid.live', columns }, WANTED);

    assert.match(text, /"est"::boolean AS estimated, "ren"::float8 AS renewable, "fc"::boolean AS forecast/);
    assert.match(text, /FROM "grid"\."live" WHERE .* AND lower\("Kind"::text\) = \$4 ORDER BY "timestamp" LIMIT \$5$/);
    assert.deepEqual(values, [...VALUES, 'average', 10]);
  });
});

describe('identifier', () => {
  it('keeps a name a name', () => {
    assert.equal(identifier('a" FROM b; --'), '"a"" FROM b; --"');
  });
});
