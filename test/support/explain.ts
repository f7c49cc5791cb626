import { instant, region } from '../../src/carbon/units.ts';
import type { ForecastStep, Reading } from '../../src/carbon/types.ts';
import { explain } from '../../src/service/explain/answer.ts';
import type { ExplainQuestion } from '../../src/service/explain/answer.ts';
import type { Explanation } from '../../src/service/explain/types.ts';
import { decideHold } from '../../src/timing/decide.ts';
import type { HoldSituation } from '../../src/timing/decide.ts';
import { intent } from './hold.ts';
import { FakeCatalog, grams, known, NOW, policy, signal, world } from './world.ts';

/** What a scene of `explain` says, where that differs: three regions, deferrable work of two hours, created now. */
export interface ExplainSketch {
  readonly intent?: Parameters<typeof intent>[0];
  readonly energyKwh?: number;
  readonly values?: Readonly<Record<string, number | Reading>>;
  readonly scheduler?: NonNullable<Parameters<typeof policy>[0]>['scheduler'];
  readonly candidates?: readonly string[];
  readonly situation?: Partial<HoldSituation>;
  readonly question?: Partial<ExplainQuestion>;
}

/** An hourly forecast from now on; the first value is that of now. */
export function foreseen(...values: readonly number[]): Reading {
  const forecast = values.map((value, hour): ForecastStep => ({
    start: instant(NOW + hour * 3_600_000),
    end: instant(NOW + (hour + 1) * 3_600_000),
    value: grams(value),
  }));
  return known(values[0] ?? 0, { forecast, forecastBy: 'provider' });
}

const ALL = ['eu-west-1', 'eu-central-1', 'us-east-1'];

export function situationOf(sketch: ExplainSketch = {}): HoldSituation {
  const { values = { 'eu-west-1': 300, 'eu-central-1': 320, 'us-east-1': 280 }, candidates = ALL } = sketch;
  return {
    intent: { ...intent(sketch.intent), energyKwh: sketch.energyKwh ?? null },
    created: NOW,
    limit: null,
    candidates: candidates.map(region),
    world: world({
      policy: policy({ scheduler: sketch.scheduler ?? {} }),
      signal: signal(values),
      catalog: new FakeCatalog({ a: 'eu-west-1', b: 'eu-central-1', c: 'us-east-1' }),
    }),
    ...sketch.situation,
  };
}

/** What is answered of a Job that is held. */
export function explained(sketch: ExplainSketch = {}): Explanation {
  const situation = situationOf(sketch);
  const decision = decideHold(situation);
  return explain({
    work: { kind: 'job', namespace: 'team', name: 'train', created: NOW, notPausable: 'not-interruptible' },
    standing: 'held',
    noted: null,
    situation,
    decision,
    act: decision.action === 'wait' ? 'wait' : 'go',
    nextLook: decision.action === 'wait' ? decision.expected : NOW,
    moves: true,
    ...sketch.question,
  });
}
