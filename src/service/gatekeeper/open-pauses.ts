import type { Decisions } from './decisions.ts';
import type { GatekeeperObserver } from './observer.ts';
import { Pauses } from './pauses.ts';
import type { GatekeeperPorts } from './ports.ts';
import { RunRegions } from './run-regions.ts';
import type { Trail } from './trail.ts';

interface PausesParts {
  readonly ports: GatekeeperPorts;
  readonly decisions: Decisions;
  readonly trail: Trail;
  readonly observer: GatekeeperObserver;
}

/** What pauses running Jobs; null where nothing is paused. */
export function openPauses({ ports, decisions, trail, observer }: PausesParts): Pauses | null {
  const { pauses: calls } = ports;
  if (calls === null) return null;
  const regions = new RunRegions({ regionsOf: (job) => calls.regionsOf(job), trail });
  const { running } = calls;
  return new Pauses({ ports, running, pause: (...call) => calls.pause(...call), decisions, regions, trail, observer });
}
