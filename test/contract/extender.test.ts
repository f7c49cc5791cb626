import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import request from 'supertest';
import type { World } from '../../src/placement/facts.ts';
import { extenderOver } from '../support/extender-app.ts';
import { FakeCatalog, policy, signal, world } from '../support/world.ts';

interface RecordedNode {
  metadata: { name: string; labels: Record<string, string> };
}
interface Recorded {
  Pod: { metadata: { annotations?: Record<string, string> } };
  Nodes: { items: RecordedNode[] } | null;
  NodeNames: string[] | null;
}

/** What kube-scheduler 1.36 really sent; see test/fixtures/README.md. */
function recorded(name: string): Recorded {
  const file = new URL(`../fixtures/kube-scheduler/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Recorded;
}

const NODES = recorded('filter-nodes').Nodes?.items ?? [];
const REGION = 'topology.kubernetes.io/region';
const regionByName = new Map(NODES.map(({ metadata }) => [metadata.name, metadata.labels[REGION] ?? '']));
const REGIONS = [...new Set(regionByName.values())];
const CLEANEST = REGIONS.find((name) => name.startsWith('us')) ?? '';

/** The recorded nodes, in regions of which the cleanest lies in the US. */
function recordedWorld(part: Partial<World> = {}): World {
  return world({
    policy: policy({ regions: Object.fromEntries(REGIONS.map((name) => [name, {}])) }),
    signal: signal(Object.fromEntries(REGIONS.map((name, index) => [name, name === CLEANEST ? 50 : 200 + index]))),
    catalog: new FakeCatalog(Object.fromEntries(regionByName)),
    ...part,
  });
}

async function post(verb: string, body: unknown, part: Partial<World> = {}): Promise<{ text: string; body: unknown }> {
  const { app } = extenderOver(() => recordedWorld(part));
  return request(app)
    .post(`/extender/v1/${verb}?timeout=5s`)
    .set('Content-Type', 'application/json')
    .send(JSON.stringify(body))
    .expect(200)
    .expect('Content-Type', 'application/json');
}

interface FilterResult {
  Nodes: { items: RecordedNode[] } | null;
  NodeNames: string[] | null;
  FailedNodes: Record<string, string>;
  FailedAndUnresolvableNodes: Record<string, string>;
  Error: string;
}

function asResidency(call: Recorded, set: string): Recorded {
  const { metadata, ...pod } = call.Pod;
  const annotations = { ...metadata.annotations, 'lowtide.dev/residency': set };
  return { ...call, Pod: { ...pod, metadata: { ...metadata, annotations } } };
}

function asPlain(call: Recorded): Recorded {
  return asResidency(call, 'global');
}

describe('the extender, asked what kube-scheduler really asks', () => {
  it('passes all names on, with every key of ExtenderFilterResult in its place', async () => {
    const call = asPlain(recorded('filter-node-names'));

    const answer = await post('filter', call);

    assert.deepEqual(answer.body, {
      Nodes: null,
      NodeNames: call.NodeNames,
      FailedNodes: {},
      FailedAndUnresolvableNodes: {},
      Error: '',
    });
  });

  it('refuses names for residency, each with one and the same message, and keeps the order of the others', async () => {
    const call = asResidency(recorded('filter-node-names'), 'us-only');
    const permitted = (call.NodeNames ?? []).filter((name) => regionByName.get(name)?.startsWith('us') === true);

    const { NodeNames, FailedAndUnresolvableNodes: failed } = (await post('filter', call)).body as FilterResult;

    assert.deepEqual(NodeNames, permitted);
    assert.equal(Object.keys(failed).length + permitted.length, call.NodeNames?.length);
    assert.deepEqual([...new Set(Object.values(failed))], ["region's jurisdiction is outside the pod's residency"]);
  });

  it('answers an empty list, not null, where no name passes', async () => {
    const answer = await post('filter', asResidency(recorded('filter-node-names'), 'mars'));

    const { NodeNames, FailedAndUnresolvableNodes: failed } = answer.body as FilterResult;

    assert.deepEqual(NodeNames, []);
    assert.equal(Object.keys(failed).length, regionByName.size);
  });

  it('gives whole nodes back as they came, placed by their own labels', async () => {
    const call = asResidency(recorded('filter-nodes'), 'us-only');
    const items = call.Nodes?.items ?? [];

    const result = (await post('filter', call, { catalog: new FakeCatalog() })).body as FilterResult;

    assert.deepEqual(
      result.Nodes?.items,
      items.filter(({ metadata }) => metadata.labels[REGION]?.startsWith('us')),
    );
    assert.equal(result.NodeNames, null);
  });

  for (const name of ['prioritize-node-names', 'prioritize-nodes']) {
    it(`scores every node with a whole number, in a bare list: ${name}`, async () => {
      const call = asPlain(recorded(name));
      const names = call.NodeNames ?? (call.Nodes?.items ?? []).map(({ metadata }) => metadata.name);

      const scores = (await post('prioritize', call)).body as { Host: string; Score: number }[];

      assert.deepEqual(
        scores.map(({ Host }) => Host),
        names,
      );
      for (const { Host, Score } of scores) {
        assert.ok(Number.isInteger(Score));
        assert.equal(Score === 10, regionByName.get(Host) === CLEANEST);
      }
    });
  }

  it('answers both node forms alike', async () => {
    const nodes = asPlain(recorded('prioritize-nodes'));
    const names = { ...nodes, Nodes: null, NodeNames: nodes.Nodes?.items.map(({ metadata }) => metadata.name) };

    assert.deepEqual((await post('prioritize', names)).body, (await post('prioritize', nodes)).body);
  });

  it('answers the same whether the body is in kube-scheduler’s own encoding or any other', async () => {
    const call = asResidency(recorded('filter-node-names'), 'us-only');
    const { app } = extenderOver(() => recordedWorld());
    const send = (text: string) =>
      request(app).post('/extender/v1/filter').set('Content-Type', 'application/json').send(text).expect(200);
    const { Pod, Nodes, NodeNames } = call;

    const own = await send(JSON.stringify({ Pod, Nodes, NodeNames }));
    const extended = await send(JSON.stringify({ Pod, Nodes, NodeNames, Later: ['b'] }));
    assert.equal(own.text, extended.text);
    const spaced = await send(JSON.stringify({ NodeNames, Nodes, Pod }, null, 2));

    assert.equal(own.text, spaced.text);
  });
});
