/** How the walk got from one object to the next. A variable begins a path: a file owns it, however it was reached. */
export interface Edge {
  /** `module` leads to a function of a file, for the variables that it sees; `nest` comes from Nest's module records. */
  kind: 'root' | 'module' | 'nest' | 'property' | 'private' | 'entry' | 'variable' | 'prototype' | 'bound';
  name: string;
  /**
   * Of `module` and `variable`: V8's id of the script. Of a `private` field that a compiler keeps in a WeakMap: that of the
   * variable of the WeakMap, as what follows.
   */
  script?: string;
  /** Of `variable`: the function that declares it; empty for a variable of the file. */
  scope?: string;
  /** Of `variable`: the position of the function through which the walk saw it. From 1. */
  line?: number;
  column?: number;
}

/** What a container is. A `String` is a long text: its entries are its characters, its object a `LongText`. */
export type ContainerValue =
  | { kind: 'Map'; object: Map<unknown, unknown> }
  | { kind: 'Set'; object: Set<unknown> }
  | { kind: 'Array'; object: unknown[] }
  | { kind: 'Object' | 'Buffer' | 'String'; object: object }
  /** Its object is the first link; `link` is the property that leads from each link to the next. */
  | { kind: 'List'; object: object; link: string };

export type ContainerKind = ContainerValue['kind'];

export type WalkedContainer = ContainerValue & {
  entries: number;
  /** How many containers this one stands for, where the walk visits only a sample of them. */
  weight: number;
  /** Identifies its path by names (`PathIds`); equal in every walk of one process. */
  pathId: number;
  /** Index of its object in the graph of this walk. */
  node: number;
};

/** What a walk found: each visited object by its index (its node), and how it was reached first. */
export interface WalkedGraph {
  containers: WalkedContainer[];
  nodes: Map<object, number>;
  objects: object[];
  /** Node of the object that led there; -1 for a root. */
  parents: number[];
  edges: Edge[];
  /** The latest timer of each of Node's lists, whatever else leads to it. */
  timers: object[];
}

/** Where a walk begins, and what it costs to begin there (`costs.ts`). */
export interface WalkRoot {
  edge: Edge;
  object: object;
  cost: number;
}

/** Position of a function. From 1. */
export interface CodePosition {
  script: string;
  line: number;
  column: number;
}
