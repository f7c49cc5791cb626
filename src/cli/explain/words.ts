import type { Explanation, ExplainedIntent, ExplainedPlan, Reason } from '../../service/explain/types.ts';
import { regionLines } from './region-table.ts';
import { clock, clockAfter, grams, intensity } from './units.ts';

/** An explanation as a person reads it: what is decided and why first, then what it rests on. */
export function explanationLines(answer: Explanation): readonly string[] {
  const { object, verdict, reason } = answer;
  const rows: readonly (readonly [title: string, text: string | null])[] = [
    ['why', reason === null ? null : `${reason.text} (${reason.code})`],
    ['now', nowWords(answer)],
    ['until', untilWords(answer)],
    ['plan', answer.plan === null ? null : planWords(answer.plan, answer.at)],
    ['gain', answer.plan === null ? null : gainWords(answer.plan)],
    ['wants', intentWords(answer.intent)],
    ['so far', progressWords(answer)],
    ['pausing', hindered(answer.pausing, 'may be paused in dirty hours')],
    ['moving', answer.object.kind === 'pod' ? null : hindered(answer.moving, 'may be resumed in another region')],
    [
      'looks',
      answer.nextLook === null ? null : `again ${clockAfter(answer.nextLook, answer.at)}, sooner if anything changes`,
    ],
  ];
  return [
    `${object.kind}/${object.name} in ${object.namespace}: ${HEADINGS[verdict]}${nextStep(answer)}`,
    ...rows.flatMap(([title, text]) => (text === null ? [] : [`  ${title.padEnd(8)} ${text}`])),
    ...regionLines(answer),
    ...remarks(answer),
  ];
}

const HEADINGS: Readonly<Record<Explanation['verdict'], string>> = {
  held: 'held',
  paused: 'paused',
  released: 'released, not running yet',
  running: 'running',
  finished: 'finished',
  'not-ours': 'not held by Lowtide',
};

function nextStep({ verdict, act }: Explanation): string {
  if (act === null) return '';
  if (verdict === 'running') return act === 'wait' ? ', to be paused' : ', goes on';
  return act === 'wait' ? '' : ', goes now';
}

function nowWords({ region, intensity: value, intent }: Explanation): string | null {
  const { threshold, thresholdOf } = intent;
  const limit = threshold === null ? '' : `; threshold ${intensity(threshold)} (${thresholdOf ?? ''})`;
  if (region === null) return limit === '' ? null : `no region is known${limit}`;
  return `${region} at ${value === null ? 'an unknown intensity' : intensity(value)}${limit}`;
}

function untilWords({ until, expected, at }: Explanation): string | null {
  if (until === null) return null;
  const latest = `${clockAfter(until, at)} at the latest`;
  return expected === null || expected === until ? latest : `${clockAfter(expected, at)} as expected, ${latest}`;
}

function planWords({ asked, decided, degraded, runs }: ExplainedPlan, at: string): string {
  const strategy = asked === decided ? decided : `${decided} in place of ${asked}`;
  const why = degraded === null ? '' : ` (${degraded.text})`;
  const steps = runs.map(
    ({ region, start, end }) => `${region} ${clock(start, at)}–${end === null ? 'its end' : clock(end, at)}`,
  );
  return `${strategy}${why}${steps.length === 0 ? ': no start is known' : `: ${steps.join(', ')}`}`;
}

function gainWords({ mean, meanNow, gainPct, gainGrams }: ExplainedPlan): string | null {
  if (mean === null || meanNow === null || gainPct === null) return null;
  const saved = gainGrams === null ? '' : `, ${grams(gainGrams)}`;
  return `${Math.round(gainPct)} %${saved}: ${intensity(mean)} on average, ${intensity(meanNow)} if it ran now`;
}

function intentWords(intent: ExplainedIntent): string {
  const { residency, permittedRegions, maxDelay, deadline, expectedDuration, energyKwh, data } = intent;
  const parts: readonly (string | null)[] = [
    `class ${intent.class ?? 'none'}`,
    residency === null ? null : `residency ${residency}`,
    permittedRegions === null ? null : `regions ${permittedRegions.join(', ')}`,
    maxDelay === null ? null : `delay up to ${maxDelay}`,
    deadline === null ? null : `end by ${deadline}`,
    expectedDuration === null ? 'duration unknown' : `takes ${expectedDuration}`,
    energyKwh === null ? null : `${energyKwh} kWh`,
    data === null ? null : `${data.gb} GB in ${data.region}`,
    intent.interruptible ? 'interruptible' : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function progressWords({ progress: { waited, ran, pauses, maxPauses } }: Explanation): string | null {
  if (pauses === 0 && ran === '0s') return null;
  const most = maxPauses === null ? '' : ` of ${maxPauses}`;
  return `ran ${ran}, waited ${waited}, ${pauses}${most} pauses`;
}

function hindered({ may, reason }: { may: boolean; reason: Reason | null }, words: string): string {
  return may || reason === null ? words : `no: ${reason.text} (${reason.code})`;
}

function remarks({ unknown, intent }: Explanation): readonly string[] {
  const known = unknown.filter(({ what }) => what === 'duration' || what === 'energy');
  return [
    ...known.map(({ what, text }) => `${what}: ${text}`),
    ...intent.problems.map(
      ({ annotation, value, accepted }) => `${annotation}: ${value} is not used: expected ${accepted}`,
    ),
  ];
}
