import type { ComputeRequest } from '../../carbon/energy-estimate.ts';
import { parseQuantity } from '../../kubernetes/quantity.ts';
import { listMember, member } from '../../kubernetes/untyped.ts';

const BYTES_PER_GB = 1e9;

/**
 * What all pods of a Job ask for while they run: the pod's own requests, else those of its containers and sidecars. An init
 * container that ends is left out: it runs for a moment. Null: nothing asks for CPU or memory.
 */
export function requestsOf(job: unknown): ComputeRequest | null {
  const spec = member(job, 'spec');
  const podSpec = member(member(spec, 'template'), 'spec');
  const asked = ofPod(podSpec);
  if (asked === null) return null;
  const pods = podsAtOnce(spec);
  return { vcpus: asked.vcpus * pods, memoryGb: asked.memoryGb * pods };
}

function ofPod(podSpec: unknown): ComputeRequest | null {
  const whole = requested(podSpec);
  if (whole !== null) return whole;
  const sidecars = listMember(podSpec, 'initContainers').filter((each) => member(each, 'restartPolicy') === 'Always');
  const asked = [...listMember(podSpec, 'containers'), ...sidecars].flatMap((each) => requested(each) ?? []);
  if (asked.length === 0) return null;
  return asked.reduce((sum, { vcpus, memoryGb }) => ({
    vcpus: sum.vcpus + vcpus,
    memoryGb: sum.memoryGb + memoryGb,
  }));
}

function requested(of: unknown): ComputeRequest | null {
  const requests = member(member(of, 'resources'), 'requests');
  const [cpu, memory] = [parseQuantity(member(requests, 'cpu')), parseQuantity(member(requests, 'memory'))];
  const asked = { vcpus: cpu ?? 0, memoryGb: (memory ?? 0) / BYTES_PER_GB };
  return asked.vcpus > 0 || asked.memoryGb > 0 ? asked : null;
}

/** With fewer completions than `parallelism` there are never so many at once. */
function podsAtOnce(spec: unknown): number {
  const parallelism = count(member(spec, 'parallelism')) ?? 1;
  return Math.min(parallelism, count(member(spec, 'completions')) ?? parallelism);
}

function count(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null;
}
