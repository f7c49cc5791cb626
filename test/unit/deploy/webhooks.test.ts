import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { z } from 'zod';
import { ADMISSION_ROUTES } from '../../../src/service/admission/http.ts';
import { DEPLOY } from './shipped.ts';

const ADMISSION = join(DEPLOY, 'admission');
const webhook = z.object({
  name: z.string(),
  clientConfig: z.object({ service: z.object({ name: z.string(), namespace: z.string(), path: z.string() }) }),
  rules: z.array(z.looseObject({ operations: z.array(z.string()), resources: z.array(z.string()) })),
  namespaceSelector: z.object({
    matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()) })),
  }),
  matchConditions: z.array(z.object({ name: z.string(), expression: z.string() })).optional(),
  failurePolicy: z.enum(['Ignore', 'Fail']),
  matchPolicy: z.literal('Equivalent'),
  reinvocationPolicy: z.literal('IfNeeded').optional(),
  sideEffects: z.literal('None'),
  timeoutSeconds: z.literal(5),
  admissionReviewVersions: z.tuple([z.literal('v1')]),
});
const configuration = z.looseObject({ webhooks: z.array(webhook) });
type Webhook = z.infer<typeof webhook>;

async function webhooksOf(file: string): Promise<readonly Webhook[]> {
  return configuration.parse(load(await readFile(join(ADMISSION, file), 'utf8'))).webhooks;
}

describe('the webhooks of deploy/admission', () => {
  let all: readonly Webhook[];
  before(async () => {
    all = (await Promise.all(['mutating-webhooks.yaml', 'validating-webhooks.yaml'].map(webhooksOf))).flat();
  });

  it('stand in files that the kustomization names', async () => {
    const { resources } = z
      .looseObject({ resources: z.array(z.string()) })
      .parse(load(await readFile(join(ADMISSION, 'kustomization.yaml'), 'utf8')));
    const there = (await readdir(ADMISSION)).filter((file) => file !== 'kustomization.yaml');

    assert.deepEqual([...resources].sort(), there.sort());
  });

  it('call every path that is served, and no other', () => {
    const called = new Set(all.map(({ clientConfig }) => clientConfig.service.path));

    assert.deepEqual([...called].sort(), ADMISSION_ROUTES.map(({ path }) => path).sort());
  });

  it('call the Service that ships beside them', async () => {
    const [service] = loadAll(await readFile(join(ADMISSION, 'service.yaml'), 'utf8'));
    const { name, namespace } = z
      .looseObject({ metadata: z.looseObject({ name: z.string(), namespace: z.string() }) })
      .parse(service).metadata;

    for (const { clientConfig } of all) {
      assert.deepEqual([clientConfig.service.name, clientConfig.service.namespace], [name, namespace]);
    }
  });

  it('fail closed where they enforce, and nowhere else', () => {
    for (const { name, clientConfig, failurePolicy, namespaceSelector } of all) {
      const enforcing = namespaceSelector.matchExpressions.some(
        ({ key, operator }) => key === 'lowtide.dev/enforce' && operator === 'In',
      );
      const purpose = ADMISSION_ROUTES.find(({ path }) => path === clientConfig.service.path)?.purpose;
      assert.equal(failurePolicy, enforcing ? 'Fail' : 'Ignore', name);
      assert.equal(purpose === 'carbon', !enforcing, name);
    }
  });

  it('never ask about the namespace that Lowtide runs in, nor closed about kube-system', () => {
    for (const { name, failurePolicy, namespaceSelector } of all) {
      const left = namespaceSelector.matchExpressions.find(
        ({ key, operator }) => key === 'kubernetes.io/metadata.name' && operator === 'NotIn',
      );
      const values = left?.values ?? [];
      assert.ok(values.includes('lowtide'), name);
      if (failurePolicy === 'Fail') assert.ok(values.includes('kube-system'), name);
    }
  });

  it('ask about creation alone', () => {
    for (const { rules } of all) for (const { operations } of rules) assert.deepEqual(operations, ['CREATE']);
  });
});
