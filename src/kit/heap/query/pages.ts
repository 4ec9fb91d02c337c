import { factsOf } from '../answers/node-facts.js';
import { Top } from '../answers/top.js';
import type { Heap } from '../heap.js';
import type { Answer, AnswerColumn, Page, Row } from './answer.js';

/** A page of rows that exist already. */
export function pageOf<T>(
  about: Pick<Answer, 'question' | 'title' | 'columns'> & { notes?: string[] },
  all: { readonly length: number; slice(from: number, to: number): Iterable<T> },
  { offset, limit }: Page,
  row: (item: T) => Row,
): Answer {
  const { notes = [], ...rest } = about;
  const rows = Array.from(all.slice(offset, offset + limit), (item) => row(item));
  return { ...rest, rows, total: all.length, offset, notes };
}

/** Collects the largest nodes of a pass over the heap, as many as the page needs, and counts all of them. */
export class LargestNodes {
  total = 0;
  readonly #top: Top<number>;

  constructor(
    private readonly page: Page,
    sizeOf: (node: number) => number,
  ) {
    this.#top = new Top(page.offset + page.limit, sizeOf);
  }

  add(node: number): void {
    this.total++;
    this.#top.add(node);
  }

  nodes(): number[] {
    return this.#top.sorted().slice(this.page.offset);
  }

  answer(
    about: Pick<Answer, 'question' | 'title'> & { columns: readonly AnswerColumn[]; notes?: string[] },
    row: (node: number) => Row,
  ): Answer {
    const { notes = [], ...rest } = about;
    return {
      ...rest,
      rows: this.nodes().map((node) => row(node)),
      total: this.total,
      offset: this.page.offset,
      notes,
    };
  }
}

/** The cells of an object that every list of objects has. */
export function objectRow(heap: Heap, node: number): Row {
  const { id, shallowBytes, retainedBytes, type, className } = factsOf(heap, node);
  return { id, shallowBytes, retainedBytes, type, what: className };
}
