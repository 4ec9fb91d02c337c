import { Bits } from './graph/bits.js';
import { Classes, classesOf } from './graph/class-names.js';
import { Dominated } from './graph/dominated.js';
import { Dominators, dominatorsOf } from './graph/dominators.js';
import { HeapGraph } from './graph/heap-graph.js';
import { Retainers, retainersOf } from './graph/retainers.js';
import { retainingEdges } from './graph/retaining-edges.js';
import { retainedSizesOf, shallowSizesOf } from './graph/sizes.js';
import { EdgesBetween } from './path/edges-between.js';
import { namesInCode } from './path/names-in-code.js';
import { NamedRoots, findNamedRoots } from './path/named-roots.js';
import { shortFile } from './path/script-name.js';
import { WideArray } from './read/columns.js';

/** A heap graph and what is computed from it. Each part is computed when it is first used, and then stored. */
export class Heap {
  #retaining: Bits | null = null;
  #retainers: Retainers | null = null;
  #dominators: Dominators | null = null;
  #shallow: WideArray | null = null;
  #retained: WideArray | null = null;
  #namedRoots: NamedRoots | null = null;
  #dominated: Dominated | null = null;
  #classes: Classes | null = null;
  #namesInCode: Set<number> | null = null;
  #edgesBetween: EdgesBetween | null = null;
  #quotesDataKeys = false;
  #fileName = (script: string): string => shortFile(script);

  constructor(readonly graph: HeapGraph) {}

  /** The edges that keep their target alive, one bit for each edge. */
  get retaining(): Bits {
    return (this.#retaining ??= retainingEdges(this.graph));
  }

  get retainers(): Retainers {
    return (this.#retainers ??= retainersOf(this.graph, this.retaining));
  }

  /** It remembers the edges of large tables, so that the next path through one of them takes no time. */
  get edgesBetween(): EdgesBetween {
    return (this.#edgesBetween ??= new EdgesBetween(this.graph, this.retaining));
  }

  get dominators(): Dominators {
    return (this.#dominators ??= dominatorsOf(this.graph, this.retaining, this.retainers));
  }

  get dominated(): Dominated {
    return (this.#dominated ??= new Dominated(this.graph, this.dominators));
  }

  get classes(): Classes {
    return (this.#classes ??= classesOf(this.graph));
  }

  /** Shallow sizes in bytes, including the tables and stores that belong to one object alone. */
  get shallowSizes(): WideArray {
    return (this.#shallow ??= shallowSizesOf(this.graph));
  }

  /** Retained sizes, in bytes. */
  get retainedSizes(): WideArray {
    return (this.#retained ??= retainedSizesOf(this.shallowSizes, this.dominators));
  }

  /** Nest's records, the global objects and `process`: where an owner path may start. */
  get namedRoots(): NamedRoots {
    return (this.#namedRoots ??= findNamedRoots(this.graph));
  }

  /**
   * From now on, names write a key of a plain object in brackets where no code names it, so that it can be left out. V8
   * drops code that has not run for long: then a property of code is taken for such a key as well.
   */
  quoteDataKeys(): void {
    this.#quotesDataKeys = true;
  }

  /** Whether an edge may be named by data, as the key of a dictionary is; false unless that is asked for. */
  isDataKey(edge: number): boolean {
    if (!this.#quotesDataKeys) return false;
    const names = (this.#namesInCode ??= namesInCode(this.graph));
    return names.size > 0 && !names.has(this.graph.nameNumberOf(edge));
  }

  /** From now on, names write a file as this function does: a snapshot does not say in which folder its process ran. */
  nameFiles(fileName: (script: string) => string): void {
    this.#fileName = fileName;
  }

  /** A file as names write it. */
  fileName(script: string): string {
    return this.#fileName(script);
  }

  /** The size of the heap in bytes: the retained size of the root. */
  get totalBytes(): number {
    return this.retainedBytesOf(this.graph.root);
  }

  shallowBytesOf(node: number): number {
    return this.shallowSizes[node]!;
  }

  retainedBytesOf(node: number): number {
    return this.retainedSizes[node]!;
  }

  /** The immediate dominator of a node; the root is its own. */
  dominatorOf(node: number): number {
    return this.dominators.of[node]!;
  }

  /** The nodes that retain a node, once for each retaining edge. */
  retainersOf(node: number): Uint32Array {
    const { first, from } = this.retainers;
    return from.subarray(first[node], first[node + 1]);
  }
}
