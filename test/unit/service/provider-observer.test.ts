import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { zone } from '../../../src/carbon/units.ts';
import { LogLimit } from '../../../src/service/limited-log.ts';
import { createProviderMetrics } from '../../../src/service/metrics/provider-metrics.ts';
import { ProviderObserver } from '../../../src/service/provider-observer.ts';

const [DE, FR] = [zone('DE'), zone('FR')];

interface Line {
  readonly source: string;
  readonly zone?: string;
  readonly reason?: string;
  readonly msg: string;
}

describe('ProviderObserver', () => {
  const limits: LogLimit[] = [];
  afterEach(() => {
    for (const limit of limits.splice(0)) limit.close();
  });

  function observed() {
    const lines: Line[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const { source, zone, reason, msg } = JSON.parse(chunk.toString()) as Line;
        lines.push({ source, ...(zone !== undefined && { zone }), ...(reason !== undefined && { reason }), msg });
        done();
      },
    });
    const registry = new Registry();
    const limit = new LogLimit();
    limits.push(limit);
    const observer = new ProviderObserver({ metrics: createProviderMetrics([registry]), log: pino(stream), limit });
    return { observer, lines, registry };
  }

  it('says once that a provider fails, however often a probe opens its circuit again', async () => {
    const { observer, lines, registry } = observed();

    for (let probe = 0; probe < 5; probe += 1) {
      observer.onCircuit('eia', 'half-open');
      observer.onCircuit('eia', 'open');
    }
    observer.onCircuit('entsoe', 'open');

    const msg = 'provider fails again and again: left alone for a while';
    assert.deepEqual(lines, [
      { source: 'eia', msg },
      { source: 'entsoe', msg },
    ]);
    assert.match(await registry.metrics(), /lowtide_provider_circuit_open\{source="eia"\} 1/);
  });

  it('says that it answers again, though it has just said that it fails', () => {
    const { observer, lines } = observed();

    observer.onCircuit('eia', 'open');
    observer.onCircuit('eia', 'closed');

    assert.equal(lines.at(-1)?.msg, 'provider answers again');
  });

  it('writes one line of a failure that is every zone’s, and counts each', async () => {
    const { observer, lines, registry } = observed();

    for (const each of [DE, FR]) observer.onReport('eia', each, 'timeout');
    for (const each of [DE, FR]) observer.onReport('eia', each, 'circuit-open');

    assert.deepEqual(lines, [
      { source: 'eia', reason: 'timeout', msg: 'no new intensity' },
      { source: 'eia', reason: 'circuit-open', msg: 'no new intensity' },
    ]);
    assert.match(await registry.metrics(), /provider_reports_total\{source="eia",outcome="timeout"\} 2/);
  });

  it('names each zone of a failure that is its own, once', () => {
    const { observer, lines } = observed();

    for (const each of [DE, FR, DE]) observer.onReport('eia', each, 'no-data');

    assert.deepEqual(
      lines.map((line) => line.zone),
      [DE, FR],
    );
  });

  it('is silent about what went well', () => {
    const { observer, lines } = observed();

    observer.onReport('eia', DE, 'ok');

    assert.deepEqual(lines, []);
  });
});
