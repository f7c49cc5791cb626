import assert from 'node:assert/strict';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { AdmissionWatcher } from '../../../src/service/admission/observer.ts';
import { LogLimit } from '../../../src/service/limited-log.ts';
import { createAdmissionMetrics } from '../../../src/service/metrics/admission-metrics.ts';
import { admitJob, admitPod, jobObject, podObject } from '../../support/admission.ts';

const DEFERRABLE = { 'lowtide.dev/class': 'deferrable' };

describe('the observer of admission', () => {
  const limit = new LogLimit();
  after(() => {
    limit.close();
  });

  function watcher() {
    const registry = new Registry();
    const lines: Record<string, unknown>[] = [];
    const log = pino(
      { base: null },
      { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const observer = new AdmissionWatcher({ metrics: createAdmissionMetrics([registry]), log, limit });
    const counted = async (): Promise<readonly string[]> =>
      (await registry.metrics()).split('\n').filter((line) => line.includes('_total{'));
    return { observer, lines, counted };
  }

  it('counts holds and writes one line each, with the numbers', async () => {
    const { observer, lines, counted } = watcher();

    const { after } = await admitPod(podObject({ annotations: DEFERRABLE }), { observer }, { name: 'work' });
    await admitPod(after, { observer });
    await admitPod(podObject({ annotations: DEFERRABLE }), { observer }, { dryRun: true });

    assert.deepEqual(await counted(), [
      'lowtide_admission_requests_total{resource="pods",outcome="held"} 3',
      'lowtide_holds_total{kind="pod",reason="intensity-above-threshold"} 1',
    ]);
    assert.equal(lines.length, 2);
    const { msg, object, reason, region, intensity, threshold } = lines[0] ?? {};
    assert.deepEqual([msg, object, reason], ['held', 'default/work', 'intensity-above-threshold']);
    assert.deepEqual([region, intensity, threshold], ['eu-west-1', 300, 250]);
    assert.equal(lines[1]?.['dryRun'], true);
  });

  it('counts refusals by annotation, and says to whom', async () => {
    const { observer, lines, counted } = watcher();
    const annotations = { 'lowtide.dev/class': 'gone', 'lowtide.dev/max-delay': 'soon' };

    await admitJob(jobObject({ annotations }), { observer }, { user: 'ada' });

    assert.deepEqual(await counted(), [
      'lowtide_admission_requests_total{resource="jobs",outcome="refused"} 1',
      'lowtide_admission_refusals_total{annotation="lowtide.dev/class"} 1',
      'lowtide_admission_refusals_total{annotation="lowtide.dev/max-delay"} 1',
    ]);
    assert.equal(lines[0]?.['user'], 'ada');
  });

  it('says nothing of objects that ask for nothing', async () => {
    const { observer, lines, counted } = watcher();

    await admitPod(podObject(), { observer });

    assert.deepEqual(await counted(), ['lowtide_admission_requests_total{resource="pods",outcome="not-held"} 1']);
    assert.deepEqual(lines, []);
  });

  it('writes the same trouble once a minute, and counts it each time', async () => {
    const { observer, lines, counted } = watcher();

    for (let call = 0; call < 3; call += 1) {
      observer.onFailure('pods', new Error('broken'));
      observer.onAnswered('pods', 500, 0.001);
    }

    assert.deepEqual(await counted(), ['lowtide_admission_requests_total{resource="pods",outcome="failed"} 3']);
    assert.equal(lines.length, 2);
  });
});
