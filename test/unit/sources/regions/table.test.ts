import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isEic, regionsOfZone } from '../../../../src/carbon/regions-table.ts';
import type { CloudRegion } from '../../../../src/carbon/regions-table.ts';
import { region, zone } from '../../../../src/carbon/units.ts';
import { JURISDICTION_PATTERN, NAME_PATTERN } from '../../../../src/policy/names.ts';
import { readBytes, readPolicy } from '../../../../src/service/policy/read-document.ts';
import { readRegionsTable } from '../../../../src/sources/regions/client.ts';
import { parseCloudRegions, parseGridZones } from '../../../../src/sources/regions/schema.ts';

const CONFIG = new URL('../../../../config/', import.meta.url);
const csv = (name: string): string => readFileSync(new URL(name, CONFIG), 'utf8');
const table = readRegionsTable();
const rows = [...table.regions.values()];
const zones = [...table.zones.values()];

function row(name: string): CloudRegion {
  const found = table.regions.get(region(name));
  assert.ok(found, name);
  return found;
}

describe('the regions table', () => {
  it('has 95 regions of three clouds, each once, each with a name that a node can carry', () => {
    assert.equal(parseCloudRegions(csv('cloud-regions.csv')).length, 95);
    assert.equal(rows.length, 95);
    assert.deepEqual(
      ['aws', 'gcp', 'azure'].map((provider) => rows.filter((each) => each.provider === provider).length),
      [29, 31, 35],
    );
    assert.deepEqual(
      rows.filter((each) => !NAME_PATTERN.test(each.region)),
      [],
    );
  });

  it('knows the zone of every region, and lists each zone once', () => {
    assert.deepEqual(
      rows.filter((each) => !table.zones.has(each.zone)),
      [],
    );
    assert.equal(parseGridZones(csv('zones.csv')).length, zones.length);
    assert.ok(new Set(rows.map((each) => each.zone)).size >= 46);
  });

  it('gives an average with its year, or neither', () => {
    const odd = rows.filter((each) => (each.averageIntensity === null) !== (each.averageYear === null));

    assert.deepEqual(odd, []);
    const without = rows.filter((each) => each.averageIntensity === null).map((each) => each.region);
    assert.deepEqual(without, ['ca-west-1', 'asia-south2']);
  });

  it('says the same of every region on a zone', () => {
    for (const { zone: name } of zones) {
      const said = regionsOfZone(table, name).map((each) => ({
        country: each.country,
        average: each.averageIntensity,
        operational: each.operational2024,
      }));
      assert.ok(new Set(said.map((each) => JSON.stringify(each))).size <= 1, name);
    }
  });

  it('says the same of the law in every region of a country', () => {
    for (const country of new Set(rows.map((each) => each.country))) {
      const law = rows
        .filter((each) => each.country === country)
        .map(({ jurisdiction, gdpr }) => `${jurisdiction} ${gdpr}`);
      assert.equal(new Set(law).size, 1, country);
    }
  });

  it('has jurisdictions that a policy accepts: eu for those within the union alone', () => {
    assert.deepEqual(
      rows.filter((each) => !JURISDICTION_PATTERN.test(each.jurisdiction)),
      [],
    );
    assert.deepEqual(
      rows.filter((each) => (each.jurisdiction === 'eu') !== (each.gdpr === 'eu')),
      [],
    );
    assert.deepEqual(
      ['eu-west-2', 'switzerlandnorth', 'norwayeast', 'us-east-1', 'eu-north-1'].map((name) => row(name).jurisdiction),
      ['uk', 'ch', 'no', 'us', 'eu'],
    );
  });

  it('places every region where its country is', () => {
    /** South, west, north, east. */
    const BOXES: Record<string, readonly [number, number, number, number]> = {
      US: [25, -125, 49, -70],
      CA: [43, -124, 56, -63],
      BR: [-34, -74, 5, -34],
      CL: [-56, -76, -17, -66],
      IE: [51, -11, 56, -5],
      GB: [50, -8, 59, 2],
      FR: [42, -5, 51.2, 8.3],
      DE: [47, 5.8, 55.1, 15.1],
      CH: [45.8, 5.9, 47.9, 10.6],
      SE: [55, 11, 69, 24.2],
      IT: [36, 6.6, 47.1, 18.6],
      ES: [36, -9.4, 43.8, 4.4],
      BE: [49.4, 2.5, 51.6, 6.5],
      NL: [50.7, 3.3, 53.6, 7.3],
      FI: [59.7, 20.5, 70.1, 31.6],
      PL: [49, 14.1, 54.9, 24.2],
      NO: [57.9, 4.5, 71.2, 31.2],
      ZA: [-35, 16, -22, 33],
      BH: [25.5, 50.3, 26.5, 50.8],
      AE: [22.6, 51.5, 26.2, 56.4],
      IL: [29.4, 34.2, 33.4, 35.9],
      IN: [8, 68, 37, 97.5],
      SG: [1.1, 103.5, 1.5, 104.1],
      AU: [-44, 113, -10, 154],
      ID: [-11, 95, 6, 141],
      JP: [30, 129, 46, 146],
      KR: [33, 125, 39, 130],
      HK: [22.1, 113.8, 22.6, 114.5],
      TW: [21.8, 119.9, 25.4, 122.1],
      NZ: [-47.4, 166, -34, 179],
    };
    for (const { region: name, country, latitude, longitude } of rows) {
      const [south, west, north, east] = BOXES[country] ?? [0, 0, 0, 0];
      assert.ok(latitude > south && latitude < north && longitude > west && longitude < east, name);
    }
  });

  it('keeps the corrections that were made to its sources', () => {
    assert.deepEqual([row('northeurope').country, row('northeurope').city], ['IE', 'Dublin']);
    assert.deepEqual([row('westus').zone, row('westus').city], ['US-CAL-CISO', 'California']);
    assert.deepEqual(
      [row('swedencentral').zone, row('eu-north-1').zone, row('europe-north2').zone],
      ['SE-SE3', 'SE-SE3', 'SE-SE3'],
    );
    assert.equal(row('ca-central-1').zone, 'CA-QC');
    assert.deepEqual([row('sa-east-1').latitude, row('sa-east-1').longitude], [-23.55, -46.63]);
    assert.deepEqual(
      [row('us-south1').latitude, row('us-west4').latitude, row('us-east5').latitude],
      [32.78, 36.17, 39.96],
    );
    assert.deepEqual([row('us-west-2').zone, row('us-west1').zone], ['US-NW-BPAT', 'US-NW-BPAT']);
    for (const wrong of ['US-PJM', 'US-SOCO', 'CL', 'JP-KS', 'US-SW-NEVP'])
      assert.equal(table.zones.has(zone(wrong)), false);
  });

  it('has regional ids for British regions alone', () => {
    const ids = rows.flatMap((each) => (each.gbRegion === null ? [] : [[each.region, each.gbRegion]]));

    assert.deepEqual(ids, [
      ['eu-west-2', 13],
      ['europe-west2', 13],
      ['uksouth', 13],
      ['ukwest', 7],
    ]);
  });

  it('has European identification codes in Europe alone, and balancing authorities in the United States alone', () => {
    const codes = zones.flatMap(({ zone: name, eic }) => (eic === null ? [] : [[name, eic] as const]));
    assert.deepEqual(
      codes.filter(([, eic]) => !isEic(eic)),
      [],
    );
    assert.equal(new Set(codes.map(([, eic]) => eic)).size, codes.length);
    assert.deepEqual(
      codes.filter(([name]) => name.startsWith('US-') || name === 'GB'),
      [],
    );
    for (const { zone: name, eiaRespondent } of zones) {
      assert.equal(eiaRespondent, name.startsWith('US-') ? name.split('-').at(-1) : null, name);
    }
  });

  it('has a code or an authority for every region in the union, Switzerland, Norway and the United States', () => {
    const lacking = rows.filter(({ gdpr, country, zone: name }) => {
      const { eic = null, eiaRespondent = null } = table.zones.get(name) ?? {};
      if (country === 'US') return eiaRespondent === null;
      return (['eu', 'eea'].includes(gdpr) || country === 'CH') && eic === null;
    });

    assert.deepEqual(lacking, []);
  });

  it('marks zones whose published intensity never varies', () => {
    assert.deepEqual(
      zones.filter((each) => each.constant).map((each) => each.zone),
      ['BH', 'HK', 'ID'],
    );
  });

  it('agrees with the shipped policy', async () => {
    const read = await readBytes(new URL('policy.yaml', CONFIG).pathname);
    assert.ok(read.ok);
    const result = readPolicy(read.bytes);
    assert.ok(result.ok);

    for (const facts of result.policy.regions.values()) {
      const { zone: name, jurisdiction, averageIntensity } = row(facts.name);
      assert.deepEqual([facts.zone, facts.jurisdiction], [name, jurisdiction], facts.name);
      assert.equal(facts.averageIntensity, Math.round(Number(averageIntensity)), facts.name);
    }
  });
});

describe('parseCloudRegions', () => {
  const [header = '', first = ''] = csv('cloud-regions.csv').split('\n');
  const REFUSED: Record<string, readonly [string, string, RegExp]> = {
    'a latitude beyond the pole': ['38.95', '98.95', /row 1: latitude: expected -90 to 90/],
    'a number with letters in it': ['1.15', '1.15x', /row 1: pue: expected 1 to 3/],
    'a jurisdiction in capitals': [',us,', ',US,', /row 1: jurisdiction/],
    'a status that is none': ['conditional', 'maybe', /row 1: gdpr/],
    'a row without its source': ['real-time-cloud; operational: region-carbon-info 2024', '', /row 1: source/],
  };
  for (const [what, [from, to, want]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseCloudRegions(`${header}\n${first.replace(from, to)}\n`), want);
    });
  }

  it('refuses a column that it does not know', () => {
    assert.throws(() => parseCloudRegions(`${header},colour\n${first},green\n`), /row 1: : Unrecognized key/);
  });
});

describe('parseGridZones', () => {
  it('refuses a code whose check character is wrong', () => {
    const rowOf = (eic: string) => `zone,entsoe_eic,eia_respondent,constant,source,note\nSE-SE3,${eic},,,test,\n`;

    assert.equal(parseGridZones(rowOf('10Y1001A1001A46L'))[0]?.eic, '10Y1001A1001A46L');
    assert.throws(() => parseGridZones(rowOf('10Y1001A1001A46J')), /row 1: entsoe_eic: not an EIC/);
  });
});

describe('isEic', () => {
  const CODES: Record<string, boolean> = {
    '10YNL----------L': true,
    '10YCH-SWISSGRIDZ': true,
    '17Y0000009369493': true,
    '10YNO-5--------O': false,
    '10YNL---------L': false,
    '10ynl----------l': false,
    '': false,
  };
  for (const [code, want] of Object.entries(CODES)) {
    it(`${want ? 'accepts' : 'refuses'} "${code}"`, () => {
      assert.equal(isEic(code), want);
    });
  }
});
