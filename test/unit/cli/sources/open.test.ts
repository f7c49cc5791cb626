import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providersOf, Sources } from '../../../../src/cli/sources/config.ts';
import { openProviders } from '../../../../src/cli/sources/open.ts';
import { UsageError } from '../../../../src/cli/usage-error.ts';
import type { ChainSource } from '../../../../src/sources/chain/source.ts';
import { readRegionsTable } from '../../../../src/sources/regions/client.ts';
import { NOW, policy } from '../../../support/world.ts';

const SECRET = 'hunter2-hunter2';
const nothing = (): void => undefined;

function open(sources: unknown, env: NodeJS.ProcessEnv = {}): Promise<readonly ChainSource[]> {
  return openProviders(providersOf(Sources.parse(sources)), {
    env,
    now: () => NOW,
    monotonic: () => 0,
    observer: { onCall: nothing, onReport: nothing, onCircuit: nothing, onBudget: nothing },
    table: readRegionsTable(),
    policy: () => policy(),
    readConfigMap: () => Promise.resolve(null),
    reserved: false,
  });
}

async function problemsOf(sources: unknown, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const error: unknown = await open(sources, env).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UsageError);
  return error.lines;
}

describe('openProviders', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lowtide-open-'));
    await writeFile(join(folder, 'empty'), '\n');
    await writeFile(join(folder, 'token'), `${SECRET}\n`);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('opens what it is told, in order', async () => {
    const sources = await open(
      [{ entsoe: { token: { file: join(folder, 'token') } } }, { eia: { apiKey: { env: 'KEY' } } }],
      { KEY: SECRET },
    );

    assert.deepEqual(
      sources.map(({ provider }) => provider.id),
      ['entsoe', 'eia'],
    );
  });

  it('tells of every credential that cannot be read, and of none what it is', async () => {
    const problems = await problemsOf(
      [
        { entsoe: { token: { file: join(folder, 'missing') } } },
        { eia: { apiKey: { file: join(folder, 'empty') } } },
        { wattTime: { username: { env: 'NAME' }, password: { env: 'PASSWORD' } } },
      ],
      { NAME: SECRET },
    );

    assert.deepEqual(problems, [
      `sources: entsoe.token: ${join(folder, 'missing')} cannot be read (ENOENT)`,
      `sources: eia.apiKey: ${join(folder, 'empty')} is empty`,
      'sources: wattTime.password: the environment variable PASSWORD is not set',
    ]);
  });

  it('looks for the password of a name too', async () => {
    const basicAuth = { username: 'ada', password: { env: 'PASSWORD' } };
    const problems = await problemsOf([{ prometheus: { url: 'http://prometheus:9090', query: 'q', basicAuth } }]);

    assert.deepEqual(problems, [
      'sources: prometheus.basicAuth.password: the environment variable PASSWORD is not set',
    ]);
  });

  it('takes no zone for a credential, whatever it is called', async () => {
    const [source] = await open([{ gbCarbonIntensity: { zones: { file: '13' } } }]);

    assert.equal(source?.provider.id, 'gb-carbon-intensity');
  });
});
