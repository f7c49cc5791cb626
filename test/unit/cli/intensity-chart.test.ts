import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import { DEFAULT_POLICY } from '../../../src/cli/default-policy.ts';
import { pictureOf } from '../../../src/cli/intensity/chart/picture.ts';
import type { Picture } from '../../../src/cli/intensity/chart/picture.ts';
import { pngOf } from '../../../src/cli/intensity/chart/png.ts';
import { chartSvg } from '../../../src/cli/intensity/chart/svg.ts';
import { rowsOf } from '../../../src/cli/intensity/rows.ts';
import { targetsOf } from '../../../src/cli/intensity/targets.ts';
import type { ZoneReport } from '../../../src/carbon/report.ts';
import type { Reading } from '../../../src/carbon/types.ts';
import { zone } from '../../../src/carbon/units.ts';
import type { Policy } from '../../../src/policy/types.ts';
import { readBytes, readPolicy } from '../../../src/service/policy/read-document.ts';
import { readRegionsTable } from '../../../src/sources/regions/client.ts';
import { known, reportOf, signalOf, steps } from '../../support/intensity-look.ts';

const HOUR = 3_600_000;
const ONE = Date.parse('2026-03-02T13:00:00Z');
const table = readRegionsTable();
let policy: Policy;

before(async () => {
  const read = await readBytes(DEFAULT_POLICY);
  const result = read.ok ? readPolicy(read.bytes) : null;
  assert.ok(result?.ok);
  policy = result.policy;
});

function picture(
  names: readonly string[],
  readings: Readonly<Record<string, Reading>>,
  reports: readonly ZoneReport[] = [],
): Picture {
  const signal = signalOf(readings);
  const zones = new Set(Object.keys(readings).map(zone));
  const rows = rowsOf(targetsOf(names, { policy, table, zones }), { signal, policy, table });
  return pictureOf({ signal, rows, reports, troubles: [] }, policy);
}

const WAVE = [320, 280, 240, 180, 150, 190, 260, 300];
const german = () => known(300, { forecast: steps(ONE, WAVE, 0.1), forecastBy: 'own' });
const irish = () => known(410, { forecast: steps(ONE, [400, 390, 380]), forecastBy: 'provider' });

/** Every element of a drawing of this name, as its attributes. */
function elements(svg: string, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (key === name)
          found.push(typeof each === 'object' ? (each as Record<string, string>) : { '#text': String(each) });
        walk(each);
      }
    }
  };
  walk(new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' }).parse(svg));
  return found;
}

function ofClass(svg: string, name: string): Record<string, string>[] {
  return elements(svg, 'path').filter((path) => path['class'] === name);
}

describe('pictureOf', () => {
  it('draws each zone once, named by all its regions', () => {
    const { series } = picture(['eu-west-1', 'northeurope', 'eu-central-1'], { IE: irish(), DE: german() });

    assert.deepEqual(
      series.map(({ name, detail }) => [name, detail]),
      [
        ['eu-west-1, northeurope', 'IE · now 410'],
        ['eu-central-1', 'DE · now 300'],
      ],
    );
  });

  it('joins the past to the forecast by the value of now', () => {
    const past = steps(ONE - 5 * HOUR, [200, 210, 220, 230]);

    const [line] = picture(['DE'], { DE: german() }, [reportOf('DE', past)]).series;

    assert.deepEqual(
      line?.past,
      [...past].map((step) => ({ ...step, quality: 'measured' })),
    );
    assert.deepEqual(line.ahead[0], { start: ONE - HOUR, end: ONE, value: 300 });
    assert.equal(line.ahead.length, WAVE.length + 1);
  });

  it('shows no past of another source, kind or zone', () => {
    const past = steps(ONE - 5 * HOUR, [200]);
    const others = [
      { ...reportOf('DE', past), source: 'other' },
      { ...reportOf('DE', past), kind: 'marginal' as const },
      reportOf('FR', past),
    ];

    assert.deepEqual(picture(['DE'], { DE: german() }, others).series[0]?.past, []);
  });

  it('reaches a day back and three days ahead, no further', () => {
    const long = known(300, { forecast: steps(ONE, new Array<number>(100).fill(250)), forecastBy: 'provider' });
    const past = steps(ONE - 50 * HOUR, new Array<number>(50).fill(250));

    const { from, now, to } = picture(['DE'], { DE: long }, [reportOf('DE', past)]);

    assert.deepEqual([now - from, to - now], [24 * HOUR, 72 * HOUR]);
  });

  it('says of what kind the values are, once where all agree', () => {
    const alike = picture(['DE', 'IE'], { DE: german(), IE: irish() });
    const mixed = picture(['DE', 'GB'], { DE: german(), GB: known(150, { factor: 'direct' }) });

    assert.match(
      alike.subtitle,
      /^average, lifecycle · source: grid · forecast: our own, the provider's · 2026-03-02 12:20 UTC$/,
    );
    assert.doesNotMatch(mixed.subtitle, /lifecycle/);
    assert.deepEqual(
      mixed.series.map(({ detail }) => detail),
      ['300 · average, lifecycle', '150 · average, direct'],
    );
  });

  it("has the policy's bound where decisions count with a value", () => {
    assert.deepEqual(picture(['DE'], { DE: german() }).threshold, { name: 'clean', below: 200 });
    assert.equal(picture(['DE'], { DE: known(5, { kind: 'marginal' }) }).threshold, null);
  });

  it('notes what has no value, and what there is no room for', () => {
    const many = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`z${index}`, known(100 + index)]));
    const { series, notes } = picture([...Object.keys(many), 'FR'], {
      ...many,
      FR: { state: 'unknown', reason: 'stale' },
    });

    assert.equal(series.length, 14);
    assert.deepEqual(notes, ['No value: FR (stale)', 'Not drawn, to keep lines apart: z14, z15']);
  });
});

describe('chartSvg', () => {
  const svgOf = (names = ['eu-central-1', 'eu-west-1'], readings = { DE: german(), IE: irish() }): string =>
    chartSvg(picture(names, readings, [reportOf('DE', steps(ONE - 6 * HOUR, [200, 210, 220, 230, 240]))]));

  it('is well-formed XML, whatever regions are called', () => {
    const odd = { '<&"\'>\u0000': german() };

    const svg = chartSvg(picture(Object.keys(odd), odd));

    assert.doesNotThrow(() => pngOf(svg));
    assert.ok(svg.includes('&lt;&amp;&quot;&apos;&gt;'));
  });

  it('is the same text every time', () => {
    assert.equal(svgOf(), svgOf());
  });

  it('draws a line for each zone, a band where the forecast has one, a dot for now, and the bound', () => {
    const svg = svgOf();

    assert.equal(ofClass(svg, 'line').length, 2);
    assert.equal(ofClass(svg, 'band').length, 1);
    assert.equal(elements(svg, 'circle').length, 3);
    assert.equal(ofClass(svg, 'threshold').length, 1);
  });

  it('spreads the band around the line, step by step', () => {
    const [band] = ofClass(svgOf(), 'band');
    const [line] = ofClass(svgOf(), 'line');
    const heights = (path: string) => [...path.matchAll(/[ML](?:[\d.]+),([\d.]+)/g)].map(([, y]) => Number(y));

    const [outline, middle] = [heights(band?.['d'] ?? ''), heights(line?.['d'] ?? '')];
    assert.ok(Math.min(...outline) < Math.min(...middle) && Math.max(...outline) > Math.max(...middle));
    assert.ok(outline.length >= 4 * WAVE.length - 2);
  });

  it('breaks a line where nothing is known', () => {
    const gap = [...steps(ONE, [100, 200]), ...steps(ONE + 5 * HOUR, [300, 200])];

    const svg = chartSvg(picture(['DE'], { DE: known(150, { forecast: gap, forecastBy: 'provider' }) }));

    assert.equal(ofClass(svg, 'line').length, 2);
  });

  it('holds every mark of the plot within it, and every word within the picture', () => {
    const svg = svgOf();
    const [frame] = elements(svg, 'svg');

    for (const text of elements(svg, 'text')) {
      const [x, y] = [Number(text['x']), Number(text['y'])];
      assert.ok(
        x >= 0 && x < Number(frame?.['width']) && y >= 0 && y < Number(frame?.['height']),
        JSON.stringify(text),
      );
    }
    assert.ok(svg.includes('clip-path="url(#plot)"'));
  });

  it('keeps names of lines apart', () => {
    const close = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`zone${index}`, known(100 + index / 10)]),
    );

    const svg = chartSvg(picture(Object.keys(close), close));

    const ys = elements(svg, 'text')
      .filter((text) => String(text['#text']).startsWith('zone') && text['font-weight'] === 'bold')
      .map((text) => Number(text['y']))
      .sort((a, b) => a - b);
    assert.equal(ys.length, 14);
    ys.slice(1).forEach((y, index) => {
      assert.ok(y - (ys[index] ?? 0) >= 14);
    });
  });

  it('tells lines apart by colour, and by dashes where colours come again', () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`z${index}`, known(100, { forecast: steps(ONE, [90 + index, 100]) })]),
    );

    const lines = ofClass(chartSvg(picture(Object.keys(many), many)), 'line');

    const looks = lines.map((line) => `${line['stroke'] ?? ''} ${line['stroke-dasharray'] ?? ''}`);
    assert.equal(new Set(looks).size, 9);
  });
});

describe('pngOf', () => {
  it('draws the SVG at twice its size, letters included', () => {
    const drawing = chartSvg(picture(['DE'], { DE: german() }));
    const png = Buffer.from(pngOf(drawing));
    const wordless = Buffer.from(pngOf(drawing.replaceAll(/<text[^>]*>[^<]*<\/text>/g, '')));

    assert.equal(png.subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2240, 1180]);
    assert.ok(png.length > wordless.length + 5_000);
  });
});
