import assert from 'node:assert/strict';
import { providersOf, Sources } from '../../../../src/cli/sources/config.ts';

function problems(sources: unknown): readonly string[] {
  const result = Sources.safeParse(sources);
  return result.success ? [] : result.error.issues.map(({ path, message }) => [path.join('.'), message].join(': '));
}

const token = { env: 'TOKEN' };

describe('sources of --config', () => {
  it('name each provider by its key, or as told', () => {
    const sources = Sources.parse([{ gbCarbonIntensity: {} }, { eia: { apiKey: token, name: 'us' } }]);

    assert.deepEqual(
      providersOf(sources).map(({ key, id }) => [key, id]),
      [
        ['gbCarbonIntensity', 'gb-carbon-intensity'],
        ['eia', 'us'],
      ],
    );
  });

  const refused: Record<string, { sources: unknown; says: RegExp }> = {
    'two providers of one name': {
      sources: [{ entsoe: { token } }, { entsoe: { token } }],
      says: /two sources are called entsoe: give one of them a name of its own/,
    },
    'a trace between providers': {
      sources: [{ entsoe: { token } }, { static: { values: {} } }, { gbCarbonIntensity: {} }],
      says: /providers stand together: move trace and static before or after/,
    },
    'two kinds of source in one entry': {
      sources: [{ entsoe: { token }, gbCarbonIntensity: {} }],
      says: /0: expected one of: trace, static, electricityMaps/,
    },
    'a credential in the configuration itself': {
      sources: [{ electricityMaps: { token: 'abc' } }],
      says: /0\.electricityMaps\.token: /,
    },
    'a credential from two places': {
      sources: [{ electricityMaps: { token: { env: 'A', file: 'b' } } }],
      says: /0\.electricityMaps\.token: expected one of: file, env/,
    },
    'no credential where one is needed': {
      sources: [{ wattTime: { username: token } }],
      says: /0\.wattTime\.password: /,
    },
    'a name that metrics cannot carry': {
      sources: [{ entsoe: { token, name: 'EU 1' } }],
      says: /0\.entsoe\.name: expected lower case letters/,
    },
    'a length of time that is none': {
      sources: [{ entsoe: { token, refresh: '0s' } }],
      says: /0\.entsoe\.refresh: expected a duration, e\.g\. 15m/,
    },
    'an address that is none': { sources: [{ prometheus: { url: 'prometheus', query: 'q' } }], says: /http:/ },
    'a password within an address': {
      sources: [{ prometheus: { url: 'http://ada:hunter2@prometheus:9090', query: 'q' } }],
      says: /0\.prometheus\.url: expected an address without user and password/,
    },
    'two ways to show who one is': {
      sources: [
        {
          prometheus: {
            ...{ url: 'http://prometheus:9090', query: 'q', bearerToken: token },
            basicAuth: { username: 'ada', password: token },
          },
        },
      ],
      says: /0\.prometheus: expected one of: bearerToken, basicAuth/,
    },
    'an allowance of none': {
      sources: [{ entsoe: { token, requestsPerDay: 0 } }],
      says: /0\.entsoe\.requestsPerDay: expected at least 1/,
    },
  };
  for (const [what, { sources, says }] of Object.entries(refused)) {
    it(`refuse ${what}`, () => {
      const found = problems(sources);

      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
    });
  }

  it('ask no provider more often than it likes', () => {
    const sources = Sources.parse([{ electricityMaps: { token } }, { gbCarbonIntensity: {} }]);

    assert.deepEqual(
      providersOf(sources).map(({ settings }) => settings.refresh),
      ['1h', '30m'],
    );
  });

  it('lift a limit by null', () => {
    const [source] = providersOf(Sources.parse([{ entsoe: { token, requestsPerDay: null } }]));

    assert.equal(source?.settings.requestsPerDay, null);
    assert.equal(source.settings.requestsPerMinute, 60);
  });
});
