import type { DataFault, GridAnswer, GridApi, GridRequest } from './grid-server.ts';

const HOUR = 3_600_000;

/** MW of each production type at a moment; null: not published yet, a position that is left out. */
export type Plants = Readonly<Record<string, (at: number) => number | null>>;

/** The plants, the token and the habits behind the API. */
export interface EntsoeWorld {
  readonly plants?: Plants;
  /** MW that a production type consumes. */
  readonly pumps?: Plants;
  readonly token?: string;
  readonly areas?: readonly string[];
  /** ms */
  readonly resolution?: number;
  /** Data is published this much later, ms. */
  readonly lag?: number;
  readonly curve?: 'A01' | 'A03';
}

/** Intensity of these by the shipped factors: 0.4 × 12 + 0.2 × 46 + 0.4 × 469 = 201.6 gCO2eq/kWh, 60 % renewable. */
export const WINDY: Plants = { B19: () => 12_000, B16: () => 6_000, B04: () => 12_000 };

/** ENTSO-E's actual generation per type (A75, A16), as IEC 62325 documents it. */
export function entsoeApi(world: EntsoeWorld = {}): GridApi {
  const { token = '11111111-2222-3333-4444-555555555555', areas = ['10Y1001A1001A83F'] } = world;
  return ({ query, ...request }) => {
    const given = query.get('securityToken');
    if (given !== token) return xml(401, acknowledgement('999', `Unauthorized. Invalid security token ${given ?? ''}`));
    const wrong = mistakeIn(query);
    if (wrong !== null) return xml(400, acknowledgement('999', wrong));
    const span = spanOf(query);
    const area = query.get('in_Domain') ?? '';
    if (!areas.includes(area) || request.data === 'empty') return xml(200, NOTHING);
    return xml(200, generationDocument(world, area, { ...span, now: request.now, data: request.data }));
  };
}

function mistakeIn(query: URLSearchParams): string | null {
  if (query.get('documentType') !== 'A75') return 'Mandatory parameter is missing: documentType';
  if (query.get('processType') !== 'A16') return 'Mandatory parameter is missing: processType';
  const { from, to } = spanOf(query);
  const valid = to - from > 0 && to - from <= 366 * 24 * HOUR;
  return valid ? null : 'Delivered time interval is not valid for this Data item.';
}

function spanOf(query: URLSearchParams): { from: number; to: number } {
  return { from: timeOf(query.get('periodStart')), to: timeOf(query.get('periodEnd')) };
}

/** What the platform answers with in place of data. */
export function acknowledgement(code: string, text: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
  <mRID>d1a6c0de-0000</mRID>
  <createdDateTime>2026-01-05T18:07:00Z</createdDateTime>
  <Reason><code>${code}</code><text>${text}</text></Reason>
</Acknowledgement_MarketDocument>`;
}

const NOTHING = acknowledgement(
  '999',
  'No matching data found for Data item AGGREGATED_GENERATION_PER_TYPE_R3 [16.1.B&amp;C] and interval.',
);

/** One series of a document, as it is written. */
export interface Series {
  readonly psrType: string;
  readonly area: string;
  readonly direction?: 'in' | 'out';
  readonly curve?: 'A01' | 'A03';
  readonly unit?: string;
  readonly periods: readonly {
    start: number;
    end: number;
    resolution: number;
    points: readonly (readonly [number, string])[];
  }[];
}

/** A document of generation per type. */
export function marketDocument(series: readonly Series[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<GL_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0">
  <mRID>c0ffee00</mRID>
  <revisionNumber>1</revisionNumber>
  <type>A75</type>
  <process.processType>A16</process.processType>
  <createdDateTime>2026-01-05T18:07:00Z</createdDateTime>
${series.map(seriesXml).join('\n')}
</GL_MarketDocument>`;
}

function seriesXml(
  { psrType, area, direction = 'in', curve = 'A01', unit = 'MAW', periods }: Series,
  index: number,
): string {
  return `  <TimeSeries>
    <mRID>${index + 1}</mRID>
    <businessType>A01</businessType>
    <objectAggregation>A08</objectAggregation>
    <${direction}BiddingZone_Domain.mRID codingScheme="A01">${area}</${direction}BiddingZone_Domain.mRID>
    <quantity_Measure_Unit.name>${unit}</quantity_Measure_Unit.name>
    <curveType>${curve}</curveType>
    <MktPSRType><psrType>${psrType}</psrType></MktPSRType>
${periods
  .map(
    ({ start, end, resolution, points }) => `    <Period>
      <timeInterval><start>${minute(start)}</start><end>${minute(end)}</end></timeInterval>
      <resolution>PT${resolution / 60_000}M</resolution>
${points.map(([position, inside]) => `      <Point><position>${position}</position>${inside}</Point>`).join('\n')}
    </Period>`,
  )
  .join('\n')}
  </TimeSeries>`;
}

interface Wanted {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly data: GridRequest['data'];
}

function generationDocument(world: EntsoeWorld, area: string, wanted: Wanted): string {
  const { plants = WINDY, pumps = { B10: () => 1_500 }, resolution = 900_000, lag = HOUR } = world;
  const shown = wanted.data === 'wrong-zone' ? '10YFR-RTE------C' : area;
  const start = Math.ceil(wanted.from / resolution) * resolution;
  const end = Math.floor(Math.min(wanted.to, wanted.now - lag) / resolution) * resolution;
  const series =
    (direction: 'in' | 'out') =>
    ([psrType, mw]: [string, (at: number) => number | null]) => {
      const points = pointsOf({ start, end, resolution, mw, data: wanted.data, curve: world.curve ?? 'A01' });
      const period = { start, end, resolution, points };
      return { psrType, area: shown, direction, curve: world.curve ?? 'A01', periods: [period] };
    };
  if (end <= start) return NOTHING;
  return marketDocument([...Object.entries(plants).map(series('in')), ...Object.entries(pumps).map(series('out'))]);
}

interface Drawn {
  readonly start: number;
  readonly end: number;
  readonly resolution: number;
  readonly mw: (at: number) => number | null;
  readonly data: DataFault | null;
  readonly curve: 'A01' | 'A03';
}

function pointsOf({ start, end, resolution, mw, data, curve }: Drawn): readonly (readonly [number, string])[] {
  const points: [number, string][] = [];
  let before: string | null = null;
  for (let at = start, position = 1; at < end; at += resolution, position += 1) {
    const value = mw(at);
    if (value === null) continue;
    const inside = data === 'nulls' ? '' : `<quantity>${spoilt(value, data)}</quantity>`;
    if (curve === 'A01' || inside !== before) points.push([position, inside]);
    before = inside;
  }
  return points;
}

function spoilt(value: number, data: DataFault | null): number {
  if (data === 'absurd') return value * 1000;
  return data === 'negative' ? -value : value;
}

function xml(status: number, body: string): GridAnswer {
  return { status, body, type: 'text/xml; charset=UTF-8' };
}

function timeOf(text: string | null): number {
  const [, year, month, day, hour, minutes] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minutes}:00Z`);
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
