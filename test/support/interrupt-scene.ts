import type { LowtideProcess } from '../../hack/lowtide/process.ts';
import { eventually } from './eventually.ts';
import { traceOf } from './grid.ts';
import type { HoldingStage, Scene } from './holding-stage.ts';
import { holdingPolicy } from './holding-stage.ts';
import { word } from './live-object.ts';
import type { LiveObject } from './live-object.ts';
import { job, lowtide } from './manifests.ts';
import type { Manifest, Sketch } from './manifests.ts';

/** An hour of the grid takes so long. */
export const HOUR_MS = 5_000;
/** The label that admission gives a Job that may be paused. */
export const LABELLED = { 'lowtide.dev/interruptible': 'true' };
const HOUR_SECONDS = 3_600;
/** What follows the hours of a scene: as long as no scene lasts. */
const REST_HOURS = 48;

/** A price per hour, which here is seconds: of equal plans the one that ends first. */
const CLASSES = { patient: { maxDelay: '10m', maxIntensity: 250, price: 500 } };

/** Each zone's intensity in one hour. */
export type Hour = Readonly<Record<string, number>>;

interface Night {
  readonly hours: readonly Hour[];
  /** All the hours after those. */
  readonly rest: Hour;
  readonly forecast: 'perfect' | 'none';
  readonly scheduler?: object;
}

/** A scene in which hours pass in seconds, its forecast as named. */
export async function nightScene(stage: HoldingStage, night: Night): Promise<Scene> {
  const { hours, rest, forecast, scheduler = {} } = night;
  const stretches = [
    ...hours.map((values) => ({ seconds: HOUR_SECONDS, values })),
    { seconds: REST_HOURS * HOUR_SECONDS, values: rest },
  ];
  const file = await stage.write('night.csv', traceOf(stretches, HOUR_SECONDS));
  const speed = (HOUR_SECONDS * 1_000) / HOUR_MS;
  return {
    policy: holdingPolicy({ classes: CLASSES, scheduler: { minRun: '1s', switchCost: '300ms', ...scheduler } }),
    config: { sources: [{ trace: { file, forecast, speed } }] },
  };
}

/** When the hour of that number began, wall time, ms; waits for it. Hours are counted from 0. */
export async function hourBegins(service: LowtideProcess, hour: number): Promise<number> {
  const begun: number[] = [];
  const look = async (): Promise<void> => {
    // The trace begins when the policy is there to say which zones matter.
    const loaded = (await service.log()).find(({ msg }) => msg === 'policy loaded');
    const at = Number(loaded?.['time']) + hour * HOUR_MS;
    if (!(Date.now() >= at)) throw new Error(`hour ${hour} has not begun`);
    begun.push(at);
  };
  await eventually(look, { within: (hour + 3) * HOUR_MS });
  return begun[0] ?? NaN;
}

/** A Job that may be paused, of at most ten minutes' delay. */
export function interruptible(name: string, { annotations = {}, ...sketch }: Sketch = {}): Manifest {
  return job(name, {
    ...sketch,
    annotations: { ...lowtide({ class: 'patient', interruptible: 'true' }), ...annotations },
  });
}

/** Whether Lowtide paused it: it is held, and has run. */
export function isPaused(object: LiveObject): boolean {
  return object.spec.suspend === true && word(object, 'held') === 'true' && word(object, 'pauses') !== undefined;
}

/** Whether it has completed. */
export function isComplete({ status }: LiveObject): boolean {
  return (status?.conditions ?? []).some((each) => each.type === 'Complete' && each.status === 'True');
}
