import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encodeSources, FORMAT, StateCodec } from '../../../../src/service/signal-share/codec.ts';
import type { DecodedState, EncodedState } from '../../../../src/service/signal-share/codec.ts';
import { HistoryCodec } from '../../../../src/service/signal-share/history-codec.ts';
import type { ChainState } from '../../../../src/sources/chain/state.ts';
import type { HistoryState } from '../../../../src/sources/own-forecast/state.ts';
import { instant, millis, zone } from '../../../../src/carbon/units.ts';
import { anyChainState, largeState } from '../../../support/chain-states.ts';
import { NOW } from '../../../support/world.ts';
import { observed, zoneReport } from '../../../support/zone-reports.ts';

const ONE = { takenAt: NOW, reports: [zoneReport({ observed: [observed(0, 60, 300)] })], failures: [], sources: [] };
const HISTORY: HistoryState = {
  takenAt: NOW,
  pasts: [
    {
      ...{ source: 'a', zone: zone('DE'), kind: 'average', factor: 'lifecycle', start: NOW, step: millis(3_600_000) },
      tenths: [3000, null, 2500],
      fittedTo: instant(NOW - 1),
    },
  ],
};

const atOnce = (): Promise<void> => Promise.resolve();

async function encoded(state: ChainState): Promise<EncodedState & { payload: string; sources: string }> {
  return { payload: await new StateCodec(atOnce).encode(state), sources: encodeSources(state.sources) };
}

function decoded(texts: EncodedState): Promise<DecodedState> {
  return new StateCodec(atOnce).decode(texts);
}

describe('the codec of the shared state', () => {
  it('gives back exactly what was written, irregular steps and bounds included', async () => {
    await fc.assert(
      fc.asyncProperty(anyChainState, async (state) => {
        const { state: read, problem } = await decoded(await encoded(state));
        assert.equal(problem, null);
        assert.deepEqual(read, state);
      }),
    );
  });

  it('writes regular steps once: start, length, values', async () => {
    const { payload } = await encoded(largeState(1, { bounds: true }));
    const [, line = ''] = payload.split('\n');
    const { observed: past, forecast } = JSON.parse(line) as { observed: object[]; forecast: object[] };

    assert.deepEqual([past.length, forecast.length], [1, 1]);
    assert.deepEqual(Object.keys(forecast[0] ?? {}), ['from', 'step', 'values', 'low', 'high']);
  });

  it('writes and reads anew only what has changed, letting others run before each', async () => {
    let breaths = 0;
    const codec = new StateCodec(() => {
      breaths += 1;
      return Promise.resolve();
    });
    const state = largeState(5);
    const first = await codec.decode({ payload: await codec.encode(state), sources: '[]' });
    assert.equal(breaths, 10);

    const [one, ...others] = state.reports;
    assert.ok(one);
    const next = { ...state, reports: [{ ...one, renewablePct: 50 }, ...others] };
    const second = await codec.decode({ payload: await codec.encode(next), sources: '[]' });

    assert.equal(breaths, 12);
    assert.deepEqual(second.state?.reports, next.reports);
    assert.equal(second.state.reports[1], first.state?.reports[1]);
  });

  const changed = (text: string, change: (frame: Record<string, unknown>) => void): string => {
    const [frame = '', ...lines] = text.split('\n');
    const json = JSON.parse(frame) as Record<string, unknown>;
    change(json);
    return [JSON.stringify(json), ...lines].join('\n');
  };
  const broken: Readonly<Record<string, readonly [(payload: string) => string | null, RegExp]>> = {
    'nothing at all': [() => null, /^reports: missing$/],
    'no JSON': [() => '<html>', /^reports: /],
    'JSON of somebody else': [() => '{"hello":"world"}', /^reports\.format: expected format 1$/],
    'a newer format': [(text) => changed(text, (json) => (json['format'] = FORMAT + 1)), /^reports\.format: expected/],
    'a negative value': [
      (text) => text.replace('[300]', '[-300]'),
      /^reports\.0\.observed\.0\.values: expected gCO2eq/,
    ],
    'a value that is no number': [(text) => text.replace('[300]', '["300"]'), /values: expected gCO2eq/],
    'more qualities than values': [(text) => text.replace('"quality":"m"', '"quality":"mmm"'), /expected as many/],
    'an unknown kind': [(text) => text.replace('average', 'hourly'), /^reports\.0\.kind: /],
    'half a line': [(text) => text.slice(0, -20), /^reports\.0: /],
  };
  for (const [what, [spoil, problem]] of Object.entries(broken)) {
    it(`reads ${what} as a problem, and budgets all the same`, async () => {
      const sources =
        '[{"id":"a","circuit":{"failures":0,"openUntil":null,"reason":null},"budget":{"day":1,"used":7}}]';
      const { state, problem: found } = await decoded({ payload: spoil((await encoded(ONE)).payload), sources });

      assert.match(found ?? '', problem);
      assert.deepEqual(state?.reports, []);
      assert.equal(state.sources[0]?.budget.used, 7);
    });
  }

  it('knows nothing where neither can be read', async () => {
    const { state, problem } = await decoded({ payload: null, sources: 'null' });

    assert.equal(state, null);
    assert.match(problem ?? '', /^reports: missing; sources: /);
  });

  it('keeps reports where budgets are broken, and a circuit whose reason it does not know', async () => {
    const { payload } = await encoded(ONE);
    const sources = '[{"id":"a","circuit":{"failures":3,"openUntil":5,"reason":"new"},"budget":{"day":1,"used":7}}]';

    assert.deepEqual((await decoded({ payload, sources: null })).state?.reports, ONE.reports);
    assert.equal((await decoded({ payload, sources })).state?.sources[0]?.circuit.reason, null);
  });

  it('never throws, whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string(), async (json, text) => {
        assert.equal(typeof (await decoded({ payload: json, sources: text })).problem, 'string');
        assert.equal((await new HistoryCodec(atOnce).decode(json)).value, null);
      }),
    );
  });

  it('gives back the past, and refuses another', async () => {
    const codec = new HistoryCodec(atOnce);
    const text = await codec.encode(HISTORY);

    assert.deepEqual(await codec.decode(text), { value: HISTORY, problem: null });
    assert.match(
      (await codec.decode(text.replace('3000', '"x"'))).problem ?? '',
      /^history\.0\.tenths: expected tenths/,
    );
  });

  const measured: Readonly<Record<string, readonly [Parameters<typeof largeState>[1], number]>> = {
    'whole grams': [{}, 512],
    'with bounds': [{ bounds: true }, 512],
    'tenths, with bounds': [{ bounds: true, digits: 1 }, 512],
    'all digits of a double, with bounds': [{ bounds: true, digits: 17 }, 2048],
  };
  for (const [what, [shape, most]] of Object.entries(measured)) {
    it(`packs 60 zones with 24 h of past and 72 h of forecast in steps of 5 minutes, ${what}, into ${most} KiB`, async function () {
      this.timeout(20_000);
      const state = largeState(60, shape);
      const texts = await encoded(state);
      const kib = gzipSync(texts.payload).length / 1024;

      assert.ok(kib < most, `${kib} KiB`);
      assert.deepEqual((await decoded(texts)).state, state);
      if (this.test)
        this.test.title += `: ${kib.toFixed(0)} KiB of ${(texts.payload.length / 1024).toFixed(0)} KiB JSON`;
    });
  }
});
