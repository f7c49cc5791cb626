import assert from 'node:assert/strict';
import { zone } from '../../../src/carbon/units.ts';
import { answerEach } from '../../../src/sources/answer-each.ts';
import { credential } from '../../../src/sources/credential.ts';
import { ProviderFailure } from '../../../src/sources/failure.ts';

const ZONES = ['DE', 'FR', 'PL'].map((name) => ({ zone: zone(name), name }));

describe('answerEach', () => {
  it('takes what is wrong with one zone for its answer, and asks for the others', async () => {
    const asked: string[] = [];
    const answers = await answerEach(ZONES, ({ name }) => {
      asked.push(name);
      return Promise.reject(new ProviderFailure('no-data', name));
    });

    assert.deepEqual(asked, ['DE', 'FR', 'PL']);
    assert.deepEqual([...answers.values()].map(String), [
      'ProviderFailure: DE',
      'ProviderFailure: FR',
      'ProviderFailure: PL',
    ]);
  });

  for (const [name, error] of Object.entries({
    'the provider as a whole fails': new ProviderFailure('upstream-error', 'down'),
    'our own budget is spent': new ProviderFailure('over-budget', 'none left'),
    'something unforeseen happens': new TypeError('a mistake'),
  })) {
    it(`asks for no more where ${name}`, async () => {
      let asked = 0;
      const answers = answerEach(ZONES, () => {
        asked += 1;
        return Promise.reject(error);
      });

      await assert.rejects(answers, error);
      assert.equal(asked, 1);
    });
  }
});

describe('credential', () => {
  it('drops the end of the line that files have', async () => {
    assert.equal(await credential(() => Promise.resolve(' token-1\r\n'), 'token'), 'token-1');
  });

  it('is read anew each time', async () => {
    let times = 0;
    const secret = () => Promise.resolve(`token-${(times += 1)}`);
    assert.deepEqual([await credential(secret, 'token'), await credential(secret, 'token')], ['token-1', 'token-2']);
  });
});
