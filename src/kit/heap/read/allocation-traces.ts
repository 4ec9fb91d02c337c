import { HeapSnapshotError } from '../errors.js';
import type { NodeRows } from './rows.js';
import type { TraceFunctions } from './trace-functions.js';
import type { TraceSection } from './trace-section.js';

/**
 * Which call stack allocated which node, of a snapshot that was written while allocations were tracked. A stack is a
 * number from 1, and has a function and the stack that called it. Nodes that were there before have none.
 */
export class AllocationTraces {
  readonly #rowOf: Uint32Array;

  private constructor(
    private readonly nodes: Uint32Array,
    private readonly tree: TraceSection,
    readonly functions: TraceFunctions,
  ) {
    this.#rowOf = new Uint32Array(tree.count + 1);
    for (let row = 0; row < tree.count; row++) this.#rowOf[tree.ids[row]!] = row;
  }

  /** @throws HeapSnapshotError for a stack or a name that does not exist */
  static of(
    { traces }: NodeRows,
    tree: TraceSection | null,
    functions: TraceFunctions | null,
    strings: number,
  ): AllocationTraces | null {
    if (tree === null || functions === null || tree.count === 0 || functions.count === 0) return null;
    for (const name of functions.nameIndexes())
      if (name >= strings)
        throw new HeapSnapshotError('HEAP_RANGE', `a function is named by string ${name} of ${strings}`);
    for (const stack of traces ?? [])
      if (stack > tree.count)
        throw new HeapSnapshotError(
          'HEAP_RANGE',
          `a node was allocated by call stack ${stack} of ${tree.count}`,
        );
    return new AllocationTraces(traces ?? new Uint32Array(0), tree, functions);
  }

  /** The number of stacks: they are 1 … count. */
  get count(): number {
    return this.tree.count;
  }

  /** The stack that allocated a node; 0 if it was allocated before, or by V8 itself. */
  stackOf(node: number): number {
    return this.nodes[node] ?? 0;
  }

  functionOf(stack: number): number {
    return this.tree.functions[this.#rowOf[stack]!]!;
  }

  /** The stack that called it; 0 at the outermost. */
  callerOf(stack: number): number {
    return this.tree.parents[this.#rowOf[stack]!]!;
  }

  /** How many allocations a stack has made since tracking began, also of what was collected. */
  madeBy(stack: number): number {
    return this.tree.counts[this.#rowOf[stack]!]!;
  }
}
