import { CapacityBook } from './capacity-book.ts';
import type { GatekeeperPorts } from './ports.ts';

/** The book of what runs and what is planned, beside the index of held work. */
export function openCapacityBook(ports: GatekeeperPorts): CapacityBook {
  return new CapacityBook({
    occupants: () => ports.occupants?.() ?? [],
    isHeld: (uid) => ports.held.get(uid)?.held === true,
  });
}
