import assert from 'node:assert/strict';
import { supportsMoves } from '../../../src/kubernetes/moves-probe.ts';
import type { Request } from '../../support/object-server.ts';
import { ObjectServer } from '../../support/object-server.ts';

const JOBS = '/apis/batch/v1/namespaces/lowtide/jobs';
const PROBE = `${JOBS}/lowtide-moves-probe`;

describe('supportsMoves', () => {
  let server: ObjectServer;
  /** What is answered to each step; 200 where nothing is said. */
  let answers: Record<string, number[]>;
  beforeEach(async () => {
    server = await ObjectServer.start();
    answers = { create: [201] };
    server.intercept = (request) => ({ status: answers[stepOf(request)]?.shift() ?? 200, body: {} });
  });
  afterEach(() => server.stop());

  const probe = () => supportsMoves(server.access, 'lowtide', { signal: new AbortController().signal, silence: 5_000 });
  const steps = (): string[] => server.requests.map(stepOf);

  it('changes the template of a Job that says it has run, by a dry run, and takes the Job away', async () => {
    assert.equal(await probe(), true);

    assert.deepEqual(steps(), ['create', 'status', 'dry run', 'delete']);
    const [created, status, dryRun] = server.requests.map(({ body }) => JSON.stringify(body));
    assert.match(created ?? '', /"suspend":true/);
    assert.match(status ?? '', /"startTime":.*"Suspended"/);
    assert.match(dryRun ?? '', /"nodeAffinity"/);
  });

  it('finds that templates do not change', async () => {
    answers['dry run'] = [422];

    assert.equal(await probe(), false);
    assert.equal(steps().at(-1), 'delete');
  });

  it('uses a probe that somebody left behind, and makes another where that is taken away', async () => {
    answers = { create: [409, 201], status: [404] };

    assert.equal(await probe(), true);
    assert.deepEqual(steps(), ['create', 'status', 'create', 'status', 'dry run', 'delete']);
  });

  const refusals: Record<string, Record<string, number[]>> = {
    'may not make the Job': { create: [403] },
    'may not write its status': { create: [201], status: [403] },
    'is refused the dry run': { create: [201], 'dry run': [403] },
  };
  for (const [what, refused] of Object.entries(refusals)) {
    it(`does not know where it ${what}`, async () => {
      answers = refused;

      await assert.rejects(probe(), { code: 'forbidden' });
      assert.equal(steps().at(-1), 'delete');
    });
  }

  it('gives up where the probe is always taken away', async () => {
    answers = { create: [201, 201, 201, 201, 201], status: [404, 404, 404, 404, 404] };

    await assert.rejects(probe(), { code: 'conflict' });
  });
});

function stepOf({ method, path, query }: Request): string {
  if (method === 'POST' && path === JOBS) return 'create';
  if (method === 'PATCH' && path === `${PROBE}/status`) return 'status';
  if (method === 'PATCH' && path === PROBE && query.get('dryRun') === 'All') return 'dry run';
  if (method === 'DELETE' && path.startsWith(PROBE)) return 'delete';
  return `${method} ${path}`;
}
