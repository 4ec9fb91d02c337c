/**
 * The costs of an owner path. A path starts at a named root and the cheapest one is shown, so that a high cost means
 * "only if there is no clearer path". A named property costs ten. The other values were set by hand, against the
 * programs in test/support/leaks and the specimens: they state an order, and the distances between them matter less.
 * Weak edges do not retain and have no cost. The probe in a live process uses the same costs, so that a walk and a
 * snapshot name an owner alike.
 */
export const EDGE_COSTS = {
  /** `object.name`, as the program writes it. */
  property: 10,
  /** A variable that a function closes over. */
  variable: 12,
  /** An entry of a container, by index or key: it is one of many. */
  entry: 14,
  /** From a container to its own table or store, which the program does not see. */
  store: 1,
  /** From a function to the scope that it was created in. */
  scope: 8,
  /** From a scope to the enclosing one. The function may not use the variable: closures of one scope share it. */
  outerScope: 14,
  /** Through the prototype chain or `constructor`: every instance has it, so that it explains none. */
  prototype: 60,
  /** From a Nest module to its provider or to a module that it imports, according to Nest's records. */
  nest: 1,
  /** Through a Nest module's own fields, which refer to everything in the application. */
  nestRecords: 60,
  /** A step inside V8 that has no name in the program. */
  internal: 30,
  /** A field without even an internal name. */
  hidden: 150,
  /** From the key of a WeakMap to its value: the key does not mention it. */
  weakMap: 300,
  /** Through what a person typed at a console: only if nothing else retains it. */
  prompt: 1000,
  /** From a timer to its neighbour in Node's list of timers of one duration, which is unrelated to it. */
  nextTimer: 2000,
  /** Code, shapes and feedback: they retain the constants of their functions, and many objects share them. */
  engineInternals: 300,
} as const;

/** The cost of starting at a root, by how much its name tells a reader. */
export const ROOT_COSTS = {
  nestRoot: 0,
  /** A path to a module that another module imports should start at the importing one. */
  nestImported: 40,
  ownModule: 5,
  dependency: 20,
  global: 25,
  /** Node's own files: the file is clearer than a path through the scope of some global function. */
  nodeInternal: 30,
  /** A suspended function, which retains many objects that others own. */
  suspended: 80,
  /** A module whose file is unknown; still clearer than V8's roots. */
  unknownModule: 120,
  /** V8's roots (stacks, handles and internal lists): correct, but no help. */
  root: 2000,
} as const;

/** Added for each object of these classes on the path. */
export const OBJECT_COSTS: Readonly<Record<string, number>> = {
  // A timer retains its callback, but no property of the program leads to the scope of the callback.
  Timeout: 300,
  Immediate: 300,
  TimersList: 300,
  PriorityQueue: 300,
  // The loader of ES modules refers to every module, as the require cache does for CommonJS.
  ModuleJob: 300,
  ModuleWrap: 300,
  // A pending promise is retained by what will settle it, which is rarely its owner.
  Promise: 80,
};
