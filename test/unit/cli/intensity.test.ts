import assert from 'node:assert/strict';
import { UsageError } from '../../../src/cli/usage-error.ts';
import { eiaApi } from '../../support/grid-apis/eia.ts';
import { electricityMapsApi } from '../../support/grid-apis/electricity-maps.ts';
import { gbCarbonIntensityApi } from '../../support/grid-apis/gb-carbon-intensity.ts';
import type { GridServer } from '../../support/grid-apis/grid-server.ts';
import { wattTimeApi } from '../../support/grid-apis/watttime.ts';
import { IntensityStage, runIntensity } from '../../support/intensity-stage.ts';

const HOUR = 3_600_000;
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

  it('prints what the configured sources say, each zone asked for once', async () => {
    const maps = await stage.serve(electricityMapsApi({ zones: ['DE', 'IE'] }));
    const config = await stage.file('config.yaml', { sources: [electricityMaps(maps)] });

    const { out, err, code } = await runIntensity(['eu-central-1', 'eu-west-1', 'northeurope', '--config', config], {
      env,
    });

    assert.deepEqual([code, err], [0, []]);
    assert.match(out[0] ?? '', /^REGION +ZONE +G\/KWH +BAND +SOURCE +KIND +AGE +QUALITY/);
    assert.match(
      out[1] ?? '',
      /^eu-central-1 +DE +203 +moderate +electricity-maps +average, lifecycle +20m +estimated +– +now–\S+ 20\d\* +[▁▂▃▄▅▆▇█]{24}$/,
    );
    assert.match(out[3] ?? '', /^northeurope +IE +203/);
    assert.equal(maps.count('/latest') + maps.count('/history'), 2);
  });

  it('asks about the regions of the policy where none is named', async () => {
    const maps = await stage.serve(electricityMapsApi({ zones: ['DE'] }));
    const policy = { apiVersion: 'lowtide.dev/v1alpha1', kind: 'Policy', regions: { home: { zone: 'DE' } } };
    const [config, rules] = [
      await stage.file('config.yaml', { sources: [electricityMaps(maps)] }),
      await stage.file('policy.yaml', policy),
    ];

    const { out } = await runIntensity(['--config', config, '--policy', rules], { env });

    assert.deepEqual(
      out.filter((line) => /^[a-z]/.test(line)).map((line) => line.split(/ +/).slice(0, 3)),
      [['home', 'DE', '203']],
    );
  });

  it('prints an array with every field', async () => {
    const maps = await stage.serve(electricityMapsApi({ zones: ['DE'] }));
    const config = await stage.file('config.yaml', { sources: [electricityMaps(maps)] });

    const { out, code } = await runIntensity(['eu-central-1', 'FR', '--config', config, '--json'], { env });

    const [german, french] = JSON.parse(out.join('\n')) as Record<string, unknown>[];
    assert.equal(code, 0);
    assert.deepEqual(
      [german?.['gramsPerKwh'], german?.['band'], german?.['forecastBy']],
      [203, 'moderate', 'provider'],
    );
    assert.deepEqual([french?.['state'], french?.['reason']], ['unknown', 'source-failing']);
    assert.deepEqual((french?.['failures'] as { reason: string }[])[0]?.reason, 'refused');
    assert.deepEqual(Object.keys(german ?? {}), Object.keys(french ?? {}));
  });

  it('says which provider failed why, prints what is known all the same, and fails where nothing is', async () => {
    const maps = await stage.serve(electricityMapsApi({ zones: ['DE'] }));
    const gone = await stage.serve(electricityMapsApi());
    const { url } = gone;
    await gone.close();
    const sources = [{ electricityMaps: { url: `${url}/v4`, token: { env: 'TOKEN' }, name: 'first' } }];
    const [one, both] = [
      await stage.file('one.yaml', { sources }),
      await stage.file('both.yaml', { sources: [...sources, electricityMaps(maps)] }),
    ];

    const alone = await runIntensity(['DE', '--config', one], { env });
    const helped = await runIntensity(['DE', '--config', both], { env });

    assert.equal(alone.code, 1);
    assert.match(alone.out[1] ?? '', /^DE +DE +unknown .* source-failing/);
    assert.equal(alone.err.length, 1);
    assert.match(alone.err[0] ?? '', /^lowtide: first failed: unreachable: .*\(DE\)$/);
    assert.equal(helped.code, 0);
    assert.match(helped.out[1] ?? '', /^DE +DE +203 +moderate +electricity-maps/);
    assert.match(helped.err[0] ?? '', /^lowtide: first failed: unreachable/);
  });

  it('prints no credential, whatever is refused', async () => {
    const maps = await stage.serve(electricityMapsApi({ key: 'another', zones: ['DE'] }));
    const config = await stage.file('config.yaml', { sources: [electricityMaps(maps)] });

    const { out, err, code } = await runIntensity(['DE', '--config', config, '--json'], { env });

    assert.equal(code, 1);
    assert.match(err.join('\n'), /electricity-maps failed: unauthorized/);
    assert.equal(maps.seen[0]?.headers['auth-token'], TOKEN);
    assert.ok(![...out, ...err].join('\n').includes(TOKEN));
  });

  it('refuses credentials that the environment lacks', async () => {
    const config = await stage.file('config.yaml', {
      sources: [{ electricityMaps: { url: 'http://127.0.0.1:9/v4', token: { env: 'TOKEN' } } }],
    });

    await assert.rejects(runIntensity(['DE', '--config', config]), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.lines.join(), /TOKEN is not set/);
      return true;
    });
  });

  it('says which variables to set, and calls the average of a year what it is', async () => {
    const { out, err, code } = await runIntensity(['--region', 'us-east-1', 'eu-west-1', 'ca-west-1']);

    assert.equal(code, 1);
    assert.match(out[1] ?? '', /^us-east-1 +US-MIDA-PJM +unknown .* no-source/);
    assert.ok(!out.join('\n').includes('396'));
    assert.deepEqual(err, [
      'lowtide: us-east-1 (zone US-MIDA-PJM): no source: set ELECTRICITY_MAPS_TOKEN, or EIA_API_KEY, or ' +
        'WATTTIME_USERNAME and WATTTIME_PASSWORD, or name sources with --config; ' +
        'its average of the year 2023 was 396 g/kWh, which says nothing of now',
      'lowtide: eu-west-1 (zone IE): no source: set ELECTRICITY_MAPS_TOKEN, or ENTSOE_TOKEN, or ' +
        'WATTTIME_USERNAME and WATTTIME_PASSWORD, or name sources with --config; ' +
        'its average of the year 2023 was 403 g/kWh, which says nothing of now',
      'lowtide: ca-west-1 (zone CA-AB): no source: set ELECTRICITY_MAPS_TOKEN, or name sources with --config',
    ]);
  });

  it('refuses a region that is not known, with the nearest', async () => {
    await assert.rejects(
      runIntensity(['eu-west-11']),
      /eu-west-11 is no region or zone that is known: did you mean eu-west-1 or/,
    );
  });

  it('replays a trace, whose columns may be zones of their own', async () => {
    const trace = await stage.file(
      'trace.csv',
      'time,eu-central-1,island\n2026-01-01T00:00:00Z,120,55\n2026-01-01T01:00:00Z,90,60\n',
    );

    const { out, err, code } = await runIntensity(['eu-central-1', 'island', '--trace', trace]);

    assert.deepEqual([code, err], [0, []]);
    assert.deepEqual(
      out.slice(1).map((line) => line.split(/ {2,}/).slice(0, 5)),
      [
        ['eu-central-1', 'DE', '120', 'clean', 'trace'],
        ['island', 'island', '55', 'clean', 'trace'],
      ],
    );
  });

  it('shows what decisions do not count with, and says so', async () => {
    const gb = await stage.serve(gbCarbonIntensityApi());
    const config = await stage.file('config.yaml', { sources: [{ gbCarbonIntensity: { url: gb.url } }] });

    const { out, code } = await runIntensity(['eu-west-2', '--config', config]);

    assert.equal(code, 0);
    assert.match(out[1] ?? '', /^eu-west-2 +GB +\d+ +– +gb-carbon-intensity +average, direct/);
    assert.match(out.at(-1) ?? '', /^eu-west-2: average, direct: decisions do not count with it/);
    assert.ok(gb.seen.every(({ path }) => path.includes('/regionid/13')));
  });

  it('names the regions that disagree on a name, where both are asked about', async () => {
    const grid = await stage.serve(wattTimeApi({ username: 'ada', password: 'a-good-password' }));
    const credentials = { username: { env: 'NAME' }, password: { env: 'PASSWORD' } };
    const config = await stage.file('config.yaml', { sources: [{ wattTime: { url: grid.url, ...credentials } }] });
    const secrets = { NAME: 'ada', PASSWORD: 'a-good-password' };

    const one = await runIntensity(['us-east-1', '--config', config], { env: secrets });
    const two = await runIntensity(['us-east-1', 'us-east-2', '--config', config], { env: secrets });

    assert.match(one.out[1] ?? '', /^us-east-1 +US-MIDA-PJM +\d+ +– +watt-time +marginal/);
    assert.equal(two.code, 1);
    assert.match(
      two.err[0] ?? '',
      /watt-time: zone US-MIDA-PJM has several watttime names \(PJM_DC for us-east-1; PJM_SOUTHWEST_OH for us-east-2\): .*zones: \{ US-MIDA-PJM: PJM_DC \}/,
    );
  });

  it('forecasts by itself where a provider has no forecast, from the past that it gives', async () => {
    const gas = (end: number) => 10_000 + 4_000 * Math.cos((end / HOUR / 24) * 2 * Math.PI);
    const plants = await stage.serve(eiaApi({ fuels: { NG: gas, SUN: () => 5_000 } }));
    const source = { eia: { url: `${plants.url}/v2`, apiKey: { env: 'KEY' } } };
    const [config, without] = [
      await stage.file('config.yaml', { sources: [source] }),
      await stage.file('without.yaml', { sources: [source], signal: { ownForecast: false } }),
    ];
    const key = { KEY: 'eia-key-abcdef0123456789' };

    const [own] = JSON.parse(
      (await runIntensity(['us-west-1', '--config', config, '--json'], { env: key })).out.join(''),
    ) as Record<string, unknown>[];
    const [none] = JSON.parse(
      (await runIntensity(['us-west-1', '--config', without, '--json'], { env: key })).out.join(''),
    ) as Record<string, unknown>[];

    assert.equal(own?.['forecastBy'], 'own');
    assert.ok(own['cleanWindow'] !== null);
    assert.deepEqual([none?.['forecastBy'], none?.['forecast'], none?.['cleanWindow']], [null, [], null]);
  }).timeout(20_000);
});
