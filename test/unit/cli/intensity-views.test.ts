import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Wait } from '../../../src/cli/intensity/command.ts';
import { electricityMapsApi } from '../../support/grid-apis/electricity-maps.ts';
import type { GridServer } from '../../support/grid-apis/grid-server.ts';
import { IntensityStage, runIntensity } from '../../support/intensity-stage.ts';

const TOKEN = 'em-key-0123456789';

describe('lowtide intensity', () => {
  let stage: IntensityStage;

  beforeEach(async () => {
    stage = await IntensityStage.open();
  });

  afterEach(async () => {
    await stage.close();
  });

  const electricityMaps = (server: GridServer) => ({
    electricityMaps: { url: `${server.url}/v4`, token: { env: 'TOKEN' }, requestsPerMinute: null },
  });
  const env = { TOKEN };

  describe('--chart', () => {
    it('draws what is known', async () => {
      const maps = await stage.serve(electricityMapsApi({ zones: ['DE'] }));
      const config = await stage.file('config.yaml', { sources: [electricityMaps(maps)] });
      const [svg, png] = [stage.path('a.svg'), stage.path('a.png')];

      await runIntensity(['eu-central-1', 'FR', '--config', config, '--chart', svg], { env });
      await runIntensity(['eu-central-1', '--config', config, '--chart', png], { env });

      const drawn = await readFile(svg, 'utf8');
      assert.match(drawn, /^<svg .*average, lifecycle · source: electricity-maps · forecast: the provider&apos;s/s);
      assert.match(drawn, /No value: FR \(source-failing\)/);
      assert.equal((await readFile(png)).subarray(1, 4).toString(), 'PNG');
    });

    it('draws nothing where nothing is known, and says where it cannot write', async () => {
      const trace = await stage.file('trace.csv', 'time,DE\n2026-01-01T00:00:00Z,120\n2026-01-01T01:00:00Z,90\n');

      const { err, code } = await runIntensity(['FR', '--trace', trace, '--chart', stage.path('a.svg')]);

      assert.equal(code, 1);
      assert.match(err.at(-1) ?? '', /--chart .*a\.svg: nothing to draw/);
      await assert.rejects(
        runIntensity(['DE', '--trace', trace, '--chart', stage.path('nowhere', 'a.svg')]),
        /cannot be written \(ENOENT\)/,
      );
    });
  });

  describe('--watch', () => {
    /** Lets so many rounds pass, and keeps how long each was waited for. */
    function rounds(count: number): { stop: AbortSignal; wait: Wait; waited: number[] } {
      const stop = new AbortController();
      const waited: number[] = [];
      const wait: Wait = (length) => {
        waited.push(length);
        if (waited.length === count) stop.abort();
        return Promise.resolve();
      };
      return { stop: stop.signal, wait, waited };
    }

    it('looks again at the refresh interval until it is stopped, appending, and complains once', async () => {
      const trace = await stage.file('trace.csv', 'time,DE\n2026-01-01T00:00:00Z,120\n2026-01-01T01:00:00Z,90\n');
      const { waited, ...three } = rounds(3);

      const { out, err, code } = await runIntensity(['DE', 'FR', '--trace', trace, '--watch'], three);

      assert.deepEqual([code, waited], [0, [60_000, 60_000, 60_000]]);
      assert.equal(out.filter((line) => line === '2026-03-02T12:20:00.000Z').length, 3);
      assert.deepEqual(err, ['lowtide: FR: no source of the configuration names it']);
    });

    it('prints an array a line', async () => {
      const trace = await stage.file('trace.csv', 'time,DE\n2026-01-01T00:00:00Z,120\n2026-01-01T01:00:00Z,90\n');

      const { out } = await runIntensity(['DE', '--trace', trace, '--watch', '--json'], rounds(2));

      assert.deepEqual(
        out.map((line) => (JSON.parse(line) as Record<string, unknown>[])[0]?.['gramsPerKwh']),
        [120, 120],
      );
    });

    it('draws over what it showed on a terminal, in colour unless that is not wanted', async () => {
      const trace = await stage.file('trace.csv', 'time,DE\n2026-01-01T00:00:00Z,120\n2026-01-01T01:00:00Z,90\n');
      const args = ['DE', '--trace', trace, '--watch'];

      const coloured = await runIntensity(args, { ...rounds(1), terminal: true });
      const plain = await runIntensity(args, { ...rounds(1), terminal: true, env: { NO_COLOR: '1' } });

      assert.ok(coloured.out[0]?.startsWith('\u001b[H\u001b[2J'));
      assert.ok(coloured.out[2]?.includes('\u001b[32mclean'));
      assert.ok(plain.out[0]?.startsWith('\u001b[H\u001b[2J'));
      assert.ok(!plain.out[2]?.includes('\u001b'));
    });

    it('says nothing of a look that was given up', async () => {
      const maps = await stage.serve(electricityMapsApi({ zones: ['DE'] }));
      maps.fail({ fault: 'hang' });
      const config = await stage.file('config.yaml', { sources: [electricityMaps(maps)] });
      const stop = new AbortController();
      const ended = runIntensity(['DE', '--config', config, '--watch'], { env, stop: stop.signal });

      while (maps.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();

      assert.deepEqual(await ended, { out: [], err: [], code: 0 });
    });
  });
});
