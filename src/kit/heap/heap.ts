import { Bits } from './graph/bits.js';
import { Classes, classesOf } from './graph/class-names.js';
import { Dominated } from './graph/dominated.js';
import { Dominators, dominatorsOf } from './graph/dominators.js';
import { HeapGraph } from './graph/heap-graph.js';
import { Retainers, retainersOf } from './graph/retainers.js';
import { retainingEdges } from './graph/retaining-edges.js';
import { retainedSizesOf, shallowSizesOf } from './graph/sizes.js';
import { Landmarks, findLandmarks } from './path/landmarks.js';
import { WideArray } from './read/columns.js';

/** A graph and what follows from it, each computed when first asked for and kept. */
export class Heap {
  #retaining: Bits | null = null;
  #retainers: Retainers | null = null;
  #dominators: Dominators | null = null;
  #shallow: WideArray | null = null;
  #retained: WideArray | null = null;
  #landmarks: Landmarks | null = null;
  #dominated: Dominated | null = null;
  #classes: Classes | null = null;

  constructor(readonly graph: HeapGraph) {}

  /** The edges that keep their target alive. */
  get retaining(): Bits {
    return (this.#retaining ??= retainingEdges(this.graph));
  }

  get retainers(): Retainers {
    return (this.#retainers ??= retainersOf(this.graph, this.retaining));
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

  /** Own sizes, in bytes, with what V8 keeps beside an object for it alone. */
  get shallowSizes(): WideArray {
    return (this.#shallow ??= shallowSizesOf(this.graph));
  }

  /** Retained sizes, in bytes. */
  get retainedSizes(): WideArray {
    return (this.#retained ??= retainedSizesOf(this.shallowSizes, this.dominators));
  }

  /** Nest's records and the global objects, for naming owners. */
  get landmarks(): Landmarks {
    return (this.#landmarks ??= findLandmarks(this.graph));
  }

  /** All bytes that the root retains: the size of the heap. */
  get totalBytes(): number {
    return this.retainedSizes[this.graph.root]!;
  }
}
