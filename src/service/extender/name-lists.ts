import type { NodeCatalog } from '../../placement/types.ts';
import { NameList } from './name-list.ts';

/** kube-scheduler's filter order varies between pods; its prioritize order is the filter's answer. */
const LISTS_KEPT = 8;

/** The lists seen last, found again by their bytes alone; forgotten when the catalogue's look-ups change. */
export class NameLists {
  #lists: readonly NameList[] = [];
  #catalog: NodeCatalog | null = null;
  #generation = -1;

  /** @throws ExtenderError where the text is not a list of strings. */
  find(text: Buffer, catalog: NodeCatalog): NameList {
    if (this.#catalog !== catalog || this.#generation !== catalog.generation) {
      this.#lists = [];
      this.#catalog = catalog;
      this.#generation = catalog.generation;
    }
    return this.#lists.find((list) => list.text.equals(text)) ?? this.remember(NameList.resolve(text, catalog));
  }

  /** Keeps a list that is expected to be asked for next. */
  remember(list: NameList): NameList {
    if (!this.#lists.includes(list)) this.#lists = [list, ...this.#lists.slice(0, LISTS_KEPT - 1)];
    return list;
  }
}
