import { Dominators } from './dominators.js';
import { HeapGraph } from './heap-graph.js';

const NONE = 0;

/** The dominator tree from the root down: the nodes that each node immediately dominates. */
export class Dominated {
  readonly #firstChild: Uint32Array;
  readonly #nextSibling: Uint32Array;

  constructor(
    private readonly graph: HeapGraph,
    private readonly dominators: Dominators,
  ) {
    const { of, order } = dominators;
    this.#firstChild = new Uint32Array(graph.nodeCount);
    this.#nextSibling = new Uint32Array(graph.nodeCount);
    for (let at = order.length - 1; at > 0; at--) {
      const node = order[at]!;
      const above = of[node]!;
      this.#nextSibling[node] = this.#firstChild[above]!;
      this.#firstChild[above] = node + 1;
    }
  }

  *children(node: number): Generator<number> {
    for (let child = this.#firstChild[node]!; child !== NONE; child = this.#nextSibling[child - 1]!) {
      yield child - 1;
    }
  }

  /** All that a node dominates, without the node, each after its dominator. */
  below(node: number): Uint32Array {
    // Pages that are never written take no memory.
    const found = new Uint32Array(this.graph.nodeCount);
    let count = 0;
    for (let at = -1, above = node; at < count; above = found[++at]!) {
      for (let child = this.#firstChild[above]!; child !== NONE; child = this.#nextSibling[child - 1]!)
        found[count++] = child - 1;
    }
    return found.subarray(0, count);
  }

  /**
   * Walks the whole tree depth-first. `enter` is called for a node before all nodes below it, `leave` after all of
   * them. It needs no stack: the dominators lead back up.
   */
  walk(enter: (node: number) => void, leave: (node: number) => void): void {
    const { root } = this.graph;
    let node = root;
    enter(node);
    for (;;) {
      const child = this.#firstChild[node]!;
      if (child !== NONE) {
        node = child - 1;
        enter(node);
        continue;
      }
      for (;;) {
        leave(node);
        if (node === root) return;
        const sibling = this.#nextSibling[node]!;
        if (sibling !== NONE) {
          node = sibling - 1;
          enter(node);
          break;
        }
        node = this.dominators.of[node]!;
      }
    }
  }
}
