import { type UtilTypes, isObject, valueAt } from './reflect.js';

/** Links that are followed at once: less than a millisecond of work. */
const LINKS_AT_ONCE = 2_000;
/** A list that is longer is taken to end here. It ends the count of a list that leads into a cycle. */
const MOST_LINKS = 20_000_000;

/** Counts the links of a linked list, in as many steps as it takes. */
export class LinkedList {
  readonly #types: UtilTypes;
  readonly #head: object;
  readonly #link: string;
  #at: object;
  #length: number;

  /**
   * @param head where the count begins
   * @param link the property that leads from each link to the next
   * @param counted how many links are known already, with the head
   */
  constructor(types: UtilTypes, head: object, link: string, counted: number) {
    this.#types = types;
    this.#head = head;
    this.#link = link;
    this.#at = head;
    this.#length = counted;
  }

  get length(): number {
    return this.#length;
  }

  /** Follows some thousands of links. @returns whether the end was reached */
  count(): boolean {
    for (let links = 0; links < LINKS_AT_ONCE; links += 1) {
      const next = this.#types.isProxy(this.#at) ? null : valueAt(this.#at, this.#link);
      if (!isObject(next) || next === this.#head || this.#length > MOST_LINKS) return true;
      this.#at = next;
      this.#length += 1;
    }
    return false;
  }
}
