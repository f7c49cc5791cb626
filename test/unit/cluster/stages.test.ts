import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { withoutJitter } from '../../../hack/controlplane/stages.ts';

describe('withoutJitter', () => {
  it('drops what caps the delay and keeps the delay and everything else', () => {
    const stage = `
kind: Stage
spec:
  weight: 1
  delay:
    durationMilliseconds: 1000
    durationFrom: { expressionFrom: '.metadata.annotations["delay"]' }
    jitterDurationMilliseconds: 5000
    jitterDurationFrom: { expressionFrom: '.metadata.annotations["jitter"]' }
`;

    assert.deepEqual(load(withoutJitter(stage)), {
      kind: 'Stage',
      spec: {
        weight: 1,
        delay: { durationMilliseconds: 1000, durationFrom: { expressionFrom: '.metadata.annotations["delay"]' } },
      },
    });
  });

  it('leaves a stage without a delay byte for byte', () => {
    const stage = 'kind: Stage # as shipped\nspec: { next: { delete: true } }\n';

    assert.equal(withoutJitter(stage), stage);
  });
});
