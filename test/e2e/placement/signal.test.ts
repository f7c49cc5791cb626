import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EU_ONLY, TWO_UNIONS, twoUnions } from '../../support/e2e-policy.ts';
import { eventually } from '../../support/eventually.ts';
import { byRegion, Stage } from '../../support/stage.ts';

/** Hours of a grid whose cleanest EU region turns every hour; a row's value holds for 10 s at 360-fold speed. */
const ROWS = Array.from({ length: 24 }, (_, hour) => {
  const time = new Date(Date.UTC(2026, 2, 2, hour)).toISOString().replace('.000', '');
  return hour % 2 === 0 ? `${time},200,400,300` : `${time},400,200,300`;
});
const STEP_MS = 10_000;
/** What we promise from the signal's turn to decisions that follow it. */
const PROMISED_MS = 2_000;

describe('a signal that turns', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(TWO_UNIONS);
  });
  after(() => stage.close());

  async function next(set: string): Promise<string> {
    await stage.workloads.pods(set, 4, EU_ONLY);
    const counts = byRegion(await stage.workloads.scheduled(set, 4));
    await stage.workloads.remove(set);
    return Object.entries(counts)
      .map(([region, count]) => `${region} ${count}`)
      .join(', ');
  }

  it('takes the next pods with it, within two seconds', async () => {
    const trace = join(stage.cluster.stateDir, 'turning.csv');
    await writeFile(trace, ['time,IE,DE,PJM', ...ROWS].join('\n'));
    const lowtide = await stage.play({ policy: twoUnions(), args: ['--trace', trace, '--trace-speed', '360'] });
    const generation = async (): Promise<number> => {
      const text = await (await fetch(`${lowtide.operations}/metrics`)).text();
      return Number(/^lowtide_signal_generation (\d+)$/m.exec(text)?.[1]);
    };
    const seen = await generation();
    await eventually(async () => (await generation()) > seen, { within: STEP_MS + PROMISED_MS });
    const before = await next('before');
    const west = 'eu-west-1 4';
    const central = 'eu-central-1 4';
    assert.ok([west, central].includes(before), before);

    const turned = await generation();
    await eventually(async () => (await generation()) > turned, { within: STEP_MS + PROMISED_MS });

    assert.equal(await next('after'), before === west ? central : west);
  });

  it('leaves pods to the other terms where nothing is known, and says so', async () => {
    const lowtide = await stage.play({ policy: twoUnions({ costs: { 'eu-west-1': 2 } }) });

    assert.equal(await next('unknown'), 'eu-central-1 4');

    const text = await (await fetch(`${lowtide.operations}/metrics`)).text();
    assert.match(text, /lowtide_score_no_data_total\{reason="no-source"\} \d+/);
    const ready = await fetch(`${lowtide.operations}/readyz`);
    assert.equal(ready.status, 200);
    assert.match(await ready.text(), /no intensity for zone IE: no-source/);
  });
});
