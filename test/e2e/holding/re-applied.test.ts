import assert from 'node:assert/strict';
import { applied, reapplyClientSide } from '../../support/client-side-apply.ts';
import { eventually } from '../../support/eventually.ts';
import { holdingPolicy, HoldingStage } from '../../support/holding-stage.ts';
import { isHeld, preferredRegion, regionOf, requiredRegions } from '../../support/live-object.ts';
import { inRegions, job, lowtide } from '../../support/manifests.ts';
import type { Manifest } from '../../support/manifests.ts';
import type { Objects } from '../../support/objects.ts';

const GRID = { IE: 400, DE: 500, PJM: 600 };

/** One way of applying the same manifest again and again. */
interface Tool {
  first(objects: Objects, manifest: Manifest): Promise<void>;
  /** Throws where the API server refuses. */
  again(objects: Objects, manifest: Manifest): Promise<void>;
}

const TOOLS: Readonly<Record<string, Tool>> = {
  'server-side, with force': {
    first: (objects, manifest) => serverSide(objects, manifest),
    again: (objects, manifest) => serverSide(objects, manifest),
  },
  'client-side': {
    first: async (objects, manifest) => {
      await objects.create(applied(manifest));
    },
    again: async (objects, manifest) => {
      const answer = await reapplyClientSide(objects, manifest);
      if (answer !== null) assert.equal(answer.status, 200, answer.body);
    },
  },
};

async function serverSide(objects: Objects, manifest: Manifest): Promise<void> {
  const answer = await objects.applyServerSide(manifest);
  assert.ok([200, 201].includes(answer.status), answer.body);
}

/** Templates of the user's, by what is special about them. */
const TEMPLATES = {
  'without node affinity': {},
  'with node affinity of its own': inRegions('eu-west-1', 'us-east-1'),
};

describe('a manifest that is applied again', () => {
  let stage: HoldingStage;
  let objects: Objects;
  before(async () => {
    stage = await HoldingStage.open();
    ({ objects } = stage);
    await stage.play({ policy: holdingPolicy(), intensity: GRID });
  });
  after(() => stage.close());

  let count = 0;
  for (const [how, tool] of Object.entries(TOOLS)) {
    for (const [what, podSpec] of Object.entries(TEMPLATES)) {
      it(`${how}, ${what}: stays clean while held and after its release`, async () => {
        count += 1;
        const name = `applied-${count}`;
        const annotations = lowtide({ class: 'brief', residency: 'eu-strict' });
        const manifest = job(name, { annotations, runs: 60, pod: podSpec });
        const own = what.startsWith('with ');

        await tool.first(objects, manifest);
        const held = await objects.get('Job', name);
        assert.ok(isHeld(held));
        await tool.again(objects, manifest);
        const still = await objects.get('Job', name);
        assert.ok(isHeld(still));
        assert.equal(still.metadata.generation, held.metadata.generation);

        const free = await objects.until('Job', name, (each) => !isHeld(each), 15_000);
        const template = free.spec.template?.spec ?? {};
        assert.equal(preferredRegion(template), own ? null : 'eu-west-1');
        assert.deepEqual(
          requiredRegions(template),
          own ? [['eu-west-1', 'us-east-1']] : [['eu-central-1', 'eu-west-1']],
        );
        await tool.again(objects, manifest);
        const after = await objects.get('Job', name);
        assert.ok(!isHeld(after));
        assert.equal(after.metadata.generation, free.metadata.generation);
        const landed = async (): Promise<boolean> =>
          (await objects.list('Pod', name)).some((each) => regionOf(each) === 'eu-west-1');
        await eventually(landed, { within: 10_000 });
      });
    }
  }
});
