import assert from 'node:assert/strict';
import { forecastName, parseForecast } from '../../../../src/simulation/forecast/spec.ts';
import type { ForecastSpec } from '../../../../src/simulation/forecast/spec.ts';

describe('parseForecast', () => {
  const known: Record<string, ForecastSpec> = {
    perfect: { kind: 'perfect' },
    none: { kind: 'none' },
    persistence: { kind: 'persistence' },
    rolling: { kind: 'rolling' },
    'noise:5%': { kind: 'noise', share: 0.05 },
    'noise:0.7%': { kind: 'noise', share: 0.007 },
    'noise:0%': { kind: 'noise', share: 0 },
    'file:a b/f.csv': { kind: 'file', path: 'a b/f.csv' },
  };
  for (const [text, want] of Object.entries(known)) {
    it(`reads ${text}, and names it so`, () => {
      const spec = parseForecast(text);

      assert.ok(spec !== null);
      assert.equal(spec.kind, want.kind);
      if (spec.kind === 'noise' && want.kind === 'noise') assert.ok(Math.abs(spec.share - want.share) < 1e-12);
      else assert.deepEqual(spec, want);
      assert.equal(forecastName(spec), text);
    });
  }

  for (const text of ['', 'Perfect', 'noise', 'noise:5', 'noise:-5%', 'noise:%', 'noise:1e2%', 'file:', 'rolling:3d']) {
    it(`knows no forecast '${text}'`, () => {
      assert.equal(parseForecast(text), null);
    });
  }
});
