/** How something was reached from what holds it. Variables begin a path: a file owns them, however it is reached. */
export interface Edge {
  /** `module` leads to a function of a file, for the variables that it sees; `nest` is drawn by Nest's own records. */
  kind: 'root' | 'module' | 'nest' | 'property' | 'private' | 'entry' | 'variable' | 'prototype' | 'bound';
  name: string;
  /** Of a module, and of a variable: the script, whose function it belongs to (empty for the file's own). */
  script?: string;
  scope?: string;
  /** Of a variable: where the function is through which it was seen. From 1. */
  line?: number;
  column?: number;
}

export interface Container {
  /** A `String` is a long text: its entries are its characters, and its object a box around it. */
  kind: 'Map' | 'Set' | 'Array' | 'Object' | 'Buffer' | 'List' | 'String';
  entries: number;
  /** Containers like this one that stand behind it, where only a sample of them was visited. */
  weight: number;
  /** Index of the place it stands at; the same in every walk. */
  place: number;
  /** Index of the object, within one walk. */
  node: number;
  object: object;
  /** Of a list: the property that leads from link to link. */
  link?: string;
}

/** What a walk came by. */
export interface Walked {
  containers: Container[];
  /** Every object that was visited, and its index in what follows. */
  nodes: Map<object, number>;
  objects: object[];
  parents: number[];
  edges: Edge[];
}

/** Where a walk begins, and what it costs to begin there. */
export interface Root {
  edge: Edge;
  object: object;
  price: number;
}

/** Of a function. From 1. */
export interface CodePosition {
  script: string;
  line: number;
  column: number;
}

/** Takes what is found at an object that is visited. */
export interface Sink {
  /** Something to visit, unless it was or is reached more cheaply. */
  offer(value: unknown, parent: number, edge: Edge, price: number, weight: number): void;
  /** The object is a container. */
  note(kind: Container['kind'], entries: number, node: number): void;
  /** A function with a position of its own. */
  arrow(position: CodePosition): void;
}
