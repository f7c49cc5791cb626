import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Operation } from 'rfc6902';
import request from 'supertest';
import { z } from 'zod';
import { cleanWorld, admissionOver, gatesOf, patched, templateAnnotations } from '../support/admission.ts';
import type { AdmissionSketch, JsonObject } from '../support/admission.ts';
import { hours } from '../support/hold.ts';
import { NOW } from '../support/world.ts';
import { instant } from '../../src/carbon/units.ts';

interface Review {
  request: { uid: string; object: JsonObject };
}

/** What kube-apiserver 1.36 really sent; see test/fixtures/README.md. */
function recorded(name: string): Review {
  const file = new URL(`../fixtures/admission/admission-${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Review;
}

const answerSchema = z.strictObject({
  apiVersion: z.literal('admission.k8s.io/v1'),
  kind: z.literal('AdmissionReview'),
  response: z.strictObject({
    uid: z.string(),
    allowed: z.boolean(),
    status: z.looseObject({ code: z.number(), message: z.string() }).optional(),
    patchType: z.literal('JSONPatch').optional(),
    patch: z.base64().optional(),
    warnings: z.array(z.string().max(256)).optional(),
    auditAnnotations: z.record(z.string().regex(/^[a-z][a-z-]*$/), z.string()).optional(),
  }),
});

async function ask(path: string, review: Review, sketch: AdmissionSketch = {}) {
  const { app } = admissionOver(sketch);
  const answer = await request(app)
    .post(`/admission/v1/${path}?timeout=5s`)
    .set('Content-Type', 'application/json')
    .send(JSON.stringify(review))
    .expect(200)
    .expect('Content-Type', 'application/json');
  const { response } = answerSchema.parse(answer.body);
  assert.equal(response.uid, review.request.uid);
  assert.equal(response.patch === undefined, response.patchType === undefined);
  const patch = JSON.parse(Buffer.from(response.patch ?? 'W10=', 'base64').toString()) as Operation[];
  return { ...response, patch, after: patched(review.request.object, patch) };
}

describe('admission, asked what the API server really asks', () => {
  it('lets a plain pod pass without a word', async () => {
    const { allowed, patch, warnings, auditAnnotations } = await ask('pods', recorded('pod-plain'));

    assert.deepEqual([allowed, patch, warnings, auditAnnotations], [true, [], undefined, undefined]);
  });

  it('gates an annotated pod, and says until when, why, and what it costs', async () => {
    const { after, warnings, auditAnnotations } = await ask('pods', recorded('pod-annotated'));

    assert.deepEqual(gatesOf(after), ['lowtide.dev/carbon']);
    assert.equal(after.metadata.labels?.['lowtide.dev/held'], 'true');
    assert.equal(after.metadata.annotations?.['lowtide.dev/held-since'], '2026-03-02T12:00:00Z');
    assert.deepEqual(JSON.parse(after.metadata.annotations['lowtide.dev/decision'] ?? ''), {
      reason: 'intensity-above-threshold',
      intensity: 300,
      threshold: 200,
      region: 'eu-west-1',
      until: '2026-03-02T18:00:00Z',
    });
    assert.match(warnings?.[0] ?? '', /until 2026-03-02T18:00:00Z at the latest: .*eu-west-1 at 300 gCO2eq\/kWh/);
    assert.match(warnings?.[1] ?? '', /ResourceQuota/);
    assert.equal(auditAnnotations?.['decision'], 'held');
  });

  it('places the same pod at once in a clean hour', async () => {
    const { after, warnings } = await ask('pods', recorded('pod-annotated'), { world: cleanWorld() });

    assert.deepEqual(gatesOf(after), []);
    const { nodeAffinity } = after.spec['affinity'] as { nodeAffinity: Record<string, { weight: number }[]> };
    const [best] = nodeAffinity['preferredDuringSchedulingIgnoredDuringExecution'] ?? [];
    assert.deepEqual(best, {
      weight: 100,
      preference: {
        matchExpressions: [{ key: 'topology.kubernetes.io/region', operator: 'In', values: ['eu-west-1'] }],
      },
    });
    assert.match(warnings?.[0] ?? '', /does not hold it: .*eu-west-1 at 100 gCO2eq\/kWh.*intensity-below-threshold/);
  });

  it('suspends a Job, and touches nothing of its template', async () => {
    const review = recorded('job');

    const { after } = await ask('jobs', review);

    assert.equal(after.spec['suspend'], true);
    assert.equal(after.metadata.labels?.['lowtide.dev/held'], 'true');
    assert.deepEqual(after.spec['template'], review.request.object.spec['template']);
  });

  it('does not gate the pods of a Job', async () => {
    const { after, auditAnnotations } = await ask('pods', recorded('pod-of-job'));

    assert.deepEqual(gatesOf(after), []);
    assert.equal(auditAnnotations?.['reason'], 'job-decides');
  });

  it('says nothing about pods of a Deployment without annotations', async () => {
    const { patch, warnings } = await ask('pods', recorded('pod-of-deployment'));

    assert.deepEqual([patch, warnings], [[], undefined]);
  });

  it('suspends a Job of a CronJob that it knows, with the bound of the next schedule', async () => {
    const review = recorded('job-of-cronjob');
    const template = templateAnnotations(review.request.object);
    template['lowtide.dev/expected-duration'] = '10m';
    const cronJob = { concurrency: 'Forbid', next: instant(NOW + hours(0.5)), held: 0 } as const;

    const { after, warnings } = await ask('jobs', review, { cronJob });

    assert.equal(after.spec['suspend'], true);
    assert.equal(after.metadata.annotations?.['lowtide.dev/hold-limit'], '18m');
    assert.match(warnings?.[1] ?? '', /ends by 2026-03-02T12:18:00Z.*next-schedule/);
  });

  it('leaves a Job of a CronJob alone that it does not know', async () => {
    const { after, warnings } = await ask('jobs', recorded('job-of-cronjob'));

    assert.equal(after.spec['suspend'], false);
    assert.equal(warnings, undefined);
  });

  it('refuses with all problems at once', async () => {
    const review = recorded('pod-annotated');
    Object.assign(review.request.object.metadata.annotations ?? {}, {
      'lowtide.dev/max-delay': 'soon',
      'lowtide.dev/residency': 'mars',
    });

    const { allowed, status, patch } = await ask('pods', review);

    assert.equal(allowed, false);
    assert.deepEqual(patch, []);
    assert.equal(status?.code, 422);
    assert.match(status.message, /lowtide\.dev\/max-delay: "soon" is not accepted; accepted: a duration/);
    assert.match(status.message, /lowtide\.dev\/residency: "mars" is not accepted; accepted: a set: eu-strict/);
  });

  it('refuses what goes beyond a limit as forbidden, and says whose limit', async () => {
    const review = recorded('pod-annotated');
    Object.assign(review.request.object.metadata.annotations ?? {}, { 'lowtide.dev/max-delay': '48h' });

    const { status } = await ask('pods', review);

    assert.equal(status?.code, 403);
    assert.match(status.message, /"48h" is not accepted; .* \(limit: class deferrable of the policy\)/);
  });

  for (const operation of ['UPDATE', 'DELETE', 'CONNECT']) {
    it(`lets ${operation} pass`, async () => {
      const review = recorded('pod-annotated');
      Object.assign(review.request, { operation });

      const { allowed, patch } = await ask('pods', review);

      assert.deepEqual([allowed, patch], [true, []]);
    });
  }

  it('lets other resources and subresources pass', async () => {
    for (const [path, part] of [
      ['jobs', {}],
      ['pods', { subResource: 'eviction' }],
      ['pods', { resource: { group: '', version: 'v1', resource: 'secrets' } }],
    ] as const) {
      const review = recorded('pod-annotated');
      Object.assign(review.request, part);

      const { allowed, patch } = await ask(path, review);

      assert.deepEqual([allowed, patch], [true, []]);
    }
  });
});
