/**
 * What a step costs, in the eyes of someone who has to find the line to change. Ten is a named
 * property. A path is the cheapest way from where names begin, so a dear step is one that is taken
 * only when there is no straighter story; no step is forbidden but the weak ones, which keep nothing.
 */
export const COSTS = {
  /** `object.name`: this is how the program itself says it. */
  property: 10,
  /** A variable that a function closes over. */
  variable: 12,
  /** An entry of a container, by index or key: right, but one of many. */
  entry: 14,
  /** From a container to its own table or store: V8's business, free. */
  store: 1,
  /** From a function to the scope it was made in. */
  scope: 8,
  /** From a scope to the one around it: the function did not name the variable, a neighbour did. */
  outerScope: 14,
  /** Through the prototype chain or `constructor`: true of every instance, so it explains none. */
  prototype: 60,
  /** A provider of a Nest module, or a module imported by another: Nest's own records say so. */
  nest: 1,
  /** Through a Nest module's own fields: its books, in which everything is written. */
  nestBooks: 60,
  /** A step inside V8 with no name in the program. */
  internal: 30,
  /** Fields without even an internal name. */
  hidden: 150,
  /** A WeakMap's value, through its key: alive because of something that does not mention it. */
  weakMap: 300,
  /** Through what a person typed at a prompt: only when nobody else holds it. */
  prompt: 1000,
  /** From a timer to its neighbour in Node's list of those of the same length, which has nothing to do with it. */
  nextTimer: 2000,
  /** Code, shapes, feedback: they keep their functions' constants, and everything shares them. */
  plumbing: 300,
} as const;

/** What it costs to begin there: how much a reader learns from the beginning's own name. */
export const BEGIN = {
  nestRoot: 0,
  /** A module that another imports should be reached through it. */
  nestImported: 40,
  ownModule: 5,
  dependency: 20,
  global: 25,
  /** Node's own files: better the file than a detour through some global function's scope. */
  nodeInternal: 30,
  /** A function that waits has many things in hand that others own. */
  suspended: 80,
  /** A beginning without a name is none; but better than V8's lists. */
  unknownModule: 120,
  /** Stacks, handles, V8's lists: true, and no help. */
  root: 2000,
} as const;

/** Added for passing through an object of these classes. */
export const OBJECT_COSTS: Readonly<Record<string, number>> = {
  // A timer keeps its callback, but the callback's scope is nobody's property.
  Timeout: 300,
  Immediate: 300,
  TimersList: 300,
  PriorityQueue: 300,
  // The loader of ES modules, twin of the require cache.
  ModuleJob: 300,
  ModuleWrap: 300,
  // Alive for the moment, in nobody's name.
  Promise: 80,
};
