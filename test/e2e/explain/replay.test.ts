import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HoldingStage } from '../../support/holding-stage.ts';
import { isComplete } from '../../support/interrupt-scene.ts';
import { inRegions, job, lowtide } from '../../support/manifests.ts';
import { runLowtide } from '../../support/lowtide-command.ts';
import type { Objects } from '../../support/objects.ts';

const HOUR_MS = 3_600_000;

describe('lowtide replay of a real cluster', () => {
  let stage: HoldingStage;
  let objects: Objects;
  let file: string;
  before(async function () {
    this.timeout(90_000);
    stage = await HoldingStage.open();
    ({ objects } = stage);
    file = join(stage.cluster.stateDir, 'jobs.csv');
    const asks = {
      containers: [{ name: 'work', image: 'work', resources: { requests: { cpu: '2', memory: '4Gi' } } }],
    };
    const annotations = lowtide({ class: 'deferrable', residency: 'eu-strict', energy: '0.3kWh' });
    await objects.create(job('told', { annotations, runs: 2, pod: inRegions('eu-west-1') }));
    await objects.create(job('asks', { runs: 2, pod: asks }));
    await objects.create(job('silent', { runs: 2 }));
    await objects.create(job('waits', { spec: { suspend: true } }));
    for (const name of ['told', 'asks', 'silent']) await objects.until('Job', name, isComplete, 20_000);
  });
  after(() => stage.close());

  const replay = (...args: readonly string[]) =>
    runLowtide('replay', '--kubeconfig', stage.cluster.kubeconfig, '-n', objects.namespace, '--out', file, ...args);

  it('writes what has finished, with the region where its pods ran, and counts the rest', async () => {
    const { code, out, err } = await replay();

    assert.equal(code, 0, err);
    assert.match(err, /^lowtide: 1 left out: still waiting, suspended or running$/m);
    assert.match(err, /^lowtide: 1 left out: without requests of CPU or memory/m);
    assert.match(err, /^lowtide: 1 with an ESTIMATED energy/m);
    assert.match(out, /^2 jobs, .* written to /);
    const rows = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const told = rows.find(([id]) => id === `${objects.namespace}/told`);
    assert.deepEqual(
      told?.filter((_, column) => ![1, 3].includes(column)),
      [...[`${objects.namespace}/told`, 'deferrable', '0.3', 'eu-strict', 'eu-west-1', 'false', '', '', '']],
    );
    const asked = rows.find(([id]) => id === `${objects.namespace}/asks`);
    assert.match(asked?.[6] ?? '', /^(eu-west-1|eu-central-1|us-east-1)$/);
    assert.ok(Number(asked?.[4]) > 0);
  });

  it('is what lowtide simulate reads', async () => {
    await replay('--default-power', '100');
    const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS;
    const rows = Array.from({ length: 96 }, (_, hour) => {
      const time = new Date(start + hour * HOUR_MS).toISOString().replace('.000', '');
      return `${time},${400 - 100 * (hour % 4)},${300 + 100 * (hour % 4)},450`;
    });
    const intensity = join(stage.cluster.stateDir, 'intensity.csv');
    await writeFile(intensity, ['time,eu-west-1,eu-central-1,us-east-1', ...rows, ''].join('\n'));

    const { code, out, err } = await runLowtide('simulate', '--jobs', file, '--intensity', intensity, '--json');

    assert.equal(code, 0, err);
    const report = JSON.parse(out) as { jobs: number; unbillable: number; schedule: { deadlineMisses: number } };
    assert.deepEqual([report.jobs, report.unbillable, report.schedule.deadlineMisses], [3, 0, 0]);
  });

  it('reads what kubectl prints as well', async () => {
    const listed = await stage.client.call({ method: 'GET', path: objects.path('Job') });
    const json = join(stage.cluster.stateDir, 'jobs.json');
    await writeFile(json, listed.body);

    const { code, out } = await runLowtide('replay', '--jobs-json', json, '--out', file, '--json');

    assert.equal(code, 0);
    const { jobs, skipped } = JSON.parse(out) as { jobs: number; skipped: Record<string, number> };
    assert.deepEqual({ jobs, skipped }, { jobs: 2, skipped: { 'no-energy': 1, 'not-finished': 1 } });
  });
});
