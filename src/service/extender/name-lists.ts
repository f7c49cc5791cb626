import type { NodeCatalog } from '../../placement/types.ts';
import { NameList } from './name-list.ts';
import { NameScanner } from './name-scan.ts';
import { NameTable } from './name-table.ts';

/** kube-scheduler's filter order varies between pods; its prioritize order is the filter's answer. */
const LISTS_KEPT = 8;

/** The catalogue as it was at one generation, made ready for look-ups. */
interface Prepared {
  readonly catalog: NodeCatalog;
  readonly generation: number;
  readonly table: NameTable;
  readonly scanner: NameScanner;
}

/** The lists seen last, found again by their bytes alone; forgotten when a node appears, goes or changes region. */
export class NameLists {
  #lists: readonly NameList[] = [];
  #prepared: Prepared | null = null;

  /** @throws ExtenderError where the text is not a list of strings. */
  find(text: Buffer, catalog: NodeCatalog): NameList {
    const { scanner, table } = this.#prepare(catalog);
    const found = this.#lists.find((list) => list.text.equals(text));
    if (found !== undefined) return found;
    // The request's own buffer goes with the request.
    return this.#keep(new NameList(scanner.scan(Buffer.from(text)), table.places));
  }

  /** Keeps a list that is expected to be asked for next; refuses one made before a node changed. */
  expect(list: NameList, catalog: NodeCatalog): boolean {
    const current = list.isOf(this.#prepare(catalog).table.places);
    if (current) this.#keep(list);
    return current;
  }

  #keep(list: NameList): NameList {
    if (!this.#lists.includes(list)) this.#lists = [list, ...this.#lists.slice(0, LISTS_KEPT - 1)];
    return list;
  }

  #prepare(catalog: NodeCatalog): Prepared {
    const { generation } = catalog;
    const prepared = this.#prepared;
    if (prepared?.catalog === catalog && prepared.generation === generation) return prepared;
    const table = new NameTable(catalog);
    this.#lists = [];
    this.#prepared = { catalog, generation, table, scanner: new NameScanner(table) };
    return this.#prepared;
  }
}
