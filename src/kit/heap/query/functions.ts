import type { Heap } from '../heap.js';
import { scriptOfClosure } from '../path/scopes.js';
import { shortFile } from '../path/script-name.js';

/** By the code of the function: a program may have a million closures of one. */
const texts = new WeakMap<Heap, Map<number, string>>();

/** A function as an engineer looks it up: `onMessage app.js:12`. Lines are counted from 1. */
export function functionText(heap: Heap, closure: number): string {
  const shared = heap.graph.follow(closure, 'internal', 'shared');
  if (shared < 0) return textOf(heap, closure);
  let known = texts.get(heap);
  if (known === undefined) texts.set(heap, (known = new Map<number, string>()));
  let text = known.get(shared);
  if (text === undefined) known.set(shared, (text = textOf(heap, closure)));
  return text;
}

function textOf(heap: Heap, closure: number): string {
  const { graph } = heap;
  const name = graph.nameOf(closure) || '(anonymous)';
  const script = scriptOfClosure(heap, closure);
  if (script === null) return name;
  const place = graph.locationOf(closure);
  return `${name} ${shortFile(script)}${place === null ? '' : `:${place.line + 1}`}`;
}

/** Things of one kind that share a text, such as the timers of one function. */
export interface Grouped {
  text: string;
  count: number;
  retainedBytes: number;
  /** One of them, to ask about. */
  id: number;
}

/** Groups nodes by a text. Their retained sizes must not overlap for the sums to be right. */
export class GroupedBy {
  readonly #groups = new Map<string, Grouped>();

  constructor(private readonly heap: Heap) {}

  add(text: string, node: number): void {
    const bytes = this.heap.retainedBytesOf(node);
    const group = this.#groups.get(text);
    if (group === undefined) {
      this.#groups.set(text, { text, count: 1, retainedBytes: bytes, id: this.heap.graph.idOf(node) });
      return;
    }
    group.count++;
    group.retainedBytes += bytes;
  }

  sorted(): Grouped[] {
    return [...this.#groups.values()].toSorted(
      (a, b) => b.count - a.count || b.retainedBytes - a.retainedBytes,
    );
  }
}
