/** A number of nodes alike. */
export interface NodeGroup {
  /** Value of the region label; null for nodes without one. */
  readonly region: string | null;
  readonly count: number;
  /** The one zone letter of all; null spreads them over a, b and c. */
  readonly zone: string | null;
  /** Value of the pool label, where there is to be one. */
  readonly pool: string | null;
}

/** What a spec looks like, for errors and help. */
export const NODE_SPEC_FORM = 'REGION=COUNT[:ZONE][/POOL],… with - for nodes without a region, e.g. eu-west-1=20,-=3';

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,60}[A-Za-z0-9])?';
const GROUP = new RegExp(
  `^(?<region>-|${LABEL})=(?<count>[1-9][0-9]{0,5})(?::(?<zone>[a-z]))?(?:/(?<pool>${LABEL}))?$`,
);

/** Reads a spec such as `eu-west-1=20,eu-central-1=20:b,us-east-1=10/eco,-=3`. A bad one is one error with all that is wrong. */
export function parseNodeSpec(spec: string): readonly NodeGroup[] {
  const parts = spec.split(',').map((part) => part.trim());
  const groups = parts.map(parseGroup);
  const bad = parts.filter((_, index) => groups[index] === null);
  if (bad.length > 0) {
    const quoted = bad.map((part) => JSON.stringify(part)).join(', ');
    throw new Error(`node spec ${JSON.stringify(spec)}: ${quoted} is not of the form ${NODE_SPEC_FORM}`);
  }
  return groups.filter((group) => group !== null);
}

function parseGroup(part: string): NodeGroup | null {
  const found = GROUP.exec(part)?.groups;
  if (found === undefined) return null;
  const { region = '', count, zone = null, pool = null } = found;
  const place = region === '-' ? null : region;
  // A zone is a part of a region.
  return place === null && zone !== null ? null : { region: place, count: Number(count), zone, pool };
}
