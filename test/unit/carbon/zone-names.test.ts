import assert from 'node:assert/strict';
import { region, zone } from '../../../src/carbon/units.ts';
import { unmappedMessage, zoneNames } from '../../../src/carbon/zone-names.ts';
import type { NameSystem, NamingContext } from '../../../src/carbon/zone-names.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';

const table = readRegionsTable();

interface Policy {
  readonly regions?: Record<string, string>;
  readonly overrides?: Record<string, string>;
}

function context({ regions = {}, overrides = {} }: Policy): NamingContext {
  const rows = Object.entries(regions).map(([name, of]) => [region(name), { zone: zone(of) }] as const);
  return { table, regions: new Map(rows), overrides: new Map(Object.entries(overrides)) };
}

describe('zoneNames', () => {
  const CASES: Record<string, Policy & { system: NameSystem; of: string; want: string | null }> = {
    'takes the configuration at its word': {
      system: 'electricity-maps',
      of: 'DE',
      overrides: { DE: 'DE-LU' },
      want: 'DE-LU',
    },
    'takes an Electricity Maps key as it is, listed or not': {
      system: 'electricity-maps',
      of: 'AU-TAS-KI',
      want: 'AU-TAS-KI',
    },
    "keeps the operator's key where the table has another for the region": {
      system: 'electricity-maps',
      of: 'US-NW-PACW',
      regions: { 'us-west-2': 'US-NW-PACW' },
      want: 'US-NW-PACW',
    },
    'names a zone of the operator by its region': {
      system: 'electricity-maps',
      of: 'frankfurt',
      regions: { 'eu-central-1': 'frankfurt' },
      want: 'DE',
    },
    'has no name for a zone of the operator whose regions stand on several': {
      system: 'electricity-maps',
      of: 'europe',
      regions: { 'eu-central-1': 'europe', 'eu-west-3': 'europe' },
      want: null,
    },
    'has no name for a zone that nobody knows': { system: 'electricity-maps', of: 'frankfurt', want: null },
    'names a WattTime region by the region on the zone': {
      system: 'watttime',
      of: 'US-MIDA-PJM',
      regions: { 'us-east-1': 'US-MIDA-PJM' },
      want: 'PJM_DC',
    },
    'has no WattTime name where the regions of a zone lie in several': {
      system: 'watttime',
      of: 'US-MIDA-PJM',
      regions: { 'us-east-1': 'US-MIDA-PJM', 'us-east-2': 'US-MIDA-PJM' },
      want: null,
    },
    'has no WattTime name where a region that is not listed could lie in several': {
      system: 'watttime',
      of: 'US-MIDA-PJM',
      regions: { 'us-east-1': 'US-MIDA-PJM', 'my-own-hall': 'US-MIDA-PJM' },
      want: null,
    },
    'names a WattTime region where every region of the zone lies in it': {
      system: 'watttime',
      of: 'DE',
      regions: { 'eu-central-1': 'DE', 'my-own-hall': 'DE' },
      want: 'DE',
    },
    'takes a WattTime name as it is': { system: 'watttime', of: 'CAISO_NORTH', want: 'CAISO_NORTH' },
    'has no WattTime name where it is not settled': {
      system: 'watttime',
      of: 'US-NW-GCPD',
      regions: { westus2: 'US-NW-GCPD' },
      want: null,
    },
    'lets the configuration settle what regions disagree on': {
      system: 'watttime',
      of: 'US-MIDA-PJM',
      regions: { 'us-east-1': 'US-MIDA-PJM', 'us-east-2': 'US-MIDA-PJM' },
      overrides: { 'US-MIDA-PJM': 'PJM_NJ' },
      want: 'PJM_NJ',
    },
    'names the part of Great Britain where all regions are': {
      system: 'gb',
      of: 'GB',
      regions: { 'eu-west-2': 'GB', uksouth: 'GB' },
      want: '13',
    },
    'names Great Britain where its regions are in several parts': {
      system: 'gb',
      of: 'GB',
      regions: { uksouth: 'GB', ukwest: 'GB' },
      want: 'GB',
    },
    'names Great Britain where a region could be anywhere in it': {
      system: 'gb',
      of: 'GB',
      regions: { hall: 'GB' },
      want: 'GB',
    },
    'names Great Britain where the policy has no region there': { system: 'gb', of: 'GB', want: 'GB' },
    'has no British name where some of its regions are elsewhere': {
      system: 'gb',
      of: 'isles',
      regions: { 'eu-west-1': 'isles', 'eu-west-2': 'isles' },
      want: null,
    },
    'tells two zones of Great Britain apart by their regions': {
      system: 'gb',
      of: 'wales',
      regions: { uksouth: 'london', ukwest: 'wales' },
      want: '7',
    },
    'has no British name for a zone elsewhere': { system: 'gb', of: 'FR', regions: { 'eu-west-3': 'FR' }, want: null },
    'names a zone by its European identification code': { system: 'entsoe', of: 'SE-SE3', want: '10Y1001A1001A46L' },
    'takes a European identification code as it is': {
      system: 'entsoe',
      of: '10YDE-VE-------2',
      want: '10YDE-VE-------2',
    },
    'takes no miswritten code for one': { system: 'entsoe', of: '10YDE-VE-------3', want: null },
    "names the code of the region's zone": {
      system: 'entsoe',
      of: 'paris',
      regions: { francecentral: 'paris' },
      want: '10YFR-RTE------C',
    },
    'names a balancing authority': {
      system: 'eia',
      of: 'US-NW-PACW',
      regions: { 'us-west-2': 'US-NW-PACW' },
      want: 'PACW',
    },
    'takes a balancing authority as it is': { system: 'eia', of: 'ERCO', want: 'ERCO' },
    'knows no balancing authority elsewhere': { system: 'eia', of: 'DE', want: null },
    "takes an Azure region's name as it is": { system: 'azure', of: 'westeurope', want: 'westeurope' },
    'names the Azure region that the policy has': {
      system: 'azure',
      of: 'US-MIDA-PJM',
      regions: { eastus2: 'US-MIDA-PJM' },
      want: 'eastus2',
    },
    'names one of several Azure regions on the same grid': {
      system: 'azure',
      of: 'US-MIDA-PJM',
      regions: { eastus2: 'US-MIDA-PJM', eastus: 'US-MIDA-PJM' },
      want: 'eastus2',
    },
    "names the Azure region on the grid of another cloud's": {
      system: 'azure',
      of: 'NL',
      regions: { 'europe-west4': 'NL' },
      want: 'westeurope',
    },
    'has no Azure name where the zone is one and the marginal plant another': {
      system: 'azure',
      of: 'US-MIDA-PJM',
      regions: { 'us-east-1': 'US-MIDA-PJM', 'us-east-2': 'US-MIDA-PJM' },
      want: null,
    },
    'has a verbatim name for everything': { system: 'verbatim', of: 'hall 3', want: 'hall 3' },
    'lets the configuration rename even that': {
      system: 'verbatim',
      of: 'hall',
      overrides: { hall: 'DE' },
      want: 'DE',
    },
  };
  for (const [what, { system, of, want, ...policy }] of Object.entries(CASES)) {
    it(what, () => {
      assert.equal(zoneNames(system, context(policy))(zone(of)), want);
    });
  }
});

describe('unmappedMessage', () => {
  it('names the regions that disagree, and what to write', () => {
    const regions = { 'us-east-1': 'US-MIDA-PJM', eastus: 'US-MIDA-PJM', 'us-east-2': 'US-MIDA-PJM' };

    assert.equal(
      unmappedMessage('watttime', context({ regions }), zone('US-MIDA-PJM')),
      'zone US-MIDA-PJM has several watttime names (PJM_DC for us-east-1, eastus; PJM_SOUTHWEST_OH for us-east-2): ' +
        "name it in this source's configuration, e.g. zones: { US-MIDA-PJM: PJM_DC }",
    );
  });

  it('says where a name is lacking', () => {
    assert.equal(
      unmappedMessage('entsoe', context({}), zone('JP-TK')),
      "zone JP-TK has no entsoe name in the regions table: name it in this source's configuration, e.g. zones: { JP-TK: NAME }",
    );
  });

  it('says nothing of a zone that has a name', () => {
    assert.equal(unmappedMessage('entsoe', context({}), zone('DE')), null);
    assert.equal(unmappedMessage('entsoe', context({ overrides: { 'JP-TK': 'X' } }), zone('JP-TK')), null);
  });
});
