import { Heap } from '../heap.js';
import { ARROW, beginning, describeRoute, describeStep, ends } from './describe.js';
import { Origin, OwnerRoute, searchOwner } from './owner-search.js';
import { scriptOfClass, scriptOfClosure } from './scopes.js';
import { isNodeFile, isOwnFile } from './script-name.js';
import { suspendedFunction } from './suspended.js';

export interface PathStep {
  node: number;
  id: number;
  type: string;
  className: string;
  /** How the step before leads here: `.users`, `["key"]`, a variable's name; '' where V8 only does its business. */
  via: string;
  /** V8's own words for the edge, such as `property:users`; `nest` for a step that Nest's records draw. */
  edge: string;
  retainedBytes: number;
}

/** A place in a file, lines and columns counted from 1. */
export interface CodePlace {
  file: string;
  line: number;
  column: number;
}

export interface OwnerPath {
  /** The whole path in one line: `AppModule › UsersModule › LeakyUserCache.users`. */
  text: string;
  /** The last part of it that a person would say aloud: `UsersModule › LeakyUserCache.users`. */
  name: string;
  /** The class of the program whose instance holds the node, or the function that waits, the file, `globalThis`. */
  owner: string;
  /** Where that class or function was written; null where V8 does not show it. */
  declaredAt: CodePlace | null;
  /** Where it begins: in Nest's records, a module's file, a function that waits, at the global object, or a GC root. */
  origin: Origin['kind'];
  /** The file that the path begins in, or else that of the function on it which is nearest to the node. */
  file: string | null;
  /** From the beginning to the node. Of a very long path only both ends: see `stepsLeftOut`. */
  steps: PathStep[];
  stepsLeftOut: number;
}

const PLAIN = /^(?:Object|Array|Map|Set|WeakMap|WeakSet|Module|(?:global|Window)(?: .*)?|system \/ .*)$/;

/**
 * The path that an engineer of the program would draw to a node: over named properties, closure
 * variables and class instances, from a Nest module, a file or the global object. Null when nothing
 * retains the node.
 *
 * @param prompts what holds the node only because somebody looks at it: see `promptNodes`.
 */
export function ownerPath(heap: Heap, node: number, prompts?: ReadonlySet<number>): OwnerPath | null {
  const route = searchOwner(heap, node, prompts);
  if (route === null) return null;
  const text = describeRoute(heap, route);
  const start = beginning(heap, route.origin);
  const owner = ownerOf(heap, route);
  const declared = owner < 0 && route.origin.kind === 'function' ? route.origin.closure : owner;
  return {
    text,
    name: text.split(ARROW).slice(-2).join(ARROW),
    owner: owner < 0 ? start : heap.graph.nameOf(owner),
    declaredAt: declared < 0 ? null : placeOf(heap, declared),
    origin: route.origin.kind,
    file: fileOf(heap, route),
    steps: stepsOf(heap, route, start),
    stepsLeftOut: ends(route.steps).leftOut,
  };
}

/**
 * The instance (or class) that is nearest to the node on the way down to it, or -1. One that the program
 * wrote goes before one from a package: of an LRU cache inside of a service, the service is to be changed.
 */
function ownerOf(heap: Heap, route: OwnerRoute): number {
  let nearest = -1;
  for (const { from } of route.steps.toReversed()) {
    const name = heap.graph.nameOf(from);
    const type = heap.graph.typeOf(from);
    if (name === '' || PLAIN.test(name) || (type !== 'object' && type !== 'closure')) continue;
    if (suspendedFunction(heap.graph, from) >= 0) continue;
    const script = scriptOfClass(heap, from);
    if (script !== null && isOwnFile(script)) return from;
    // An emitter of Node's is in every program: the file that has it says more.
    if (nearest < 0 && !(script !== null && isNodeFile(script))) nearest = from;
  }
  return nearest;
}

function placeOf(heap: Heap, node: number): CodePlace | null {
  const file = scriptOfClass(heap, node);
  const place = heap.graph.locationOf(node);
  return file === null || place === null ? null : { file, line: place.line + 1, column: place.column + 1 };
}

function fileOf(heap: Heap, route: OwnerRoute): string | null {
  if (route.origin.kind === 'function') return route.origin.script;
  if (route.origin.kind === 'module' && route.origin.script !== null && !isNodeFile(route.origin.script))
    return route.origin.script;
  for (const { to } of route.steps.toReversed()) {
    const script = heap.graph.typeOf(to) === 'closure' ? scriptOfClosure(heap, to) : null;
    if (script !== null) return script;
  }
  return route.origin.kind === 'module' ? route.origin.script : null;
}

function stepsOf(heap: Heap, route: OwnerRoute, start: string): PathStep[] {
  const { graph } = heap;
  const first = route.steps[0]?.from;
  const at = (node: number, via: string, edge: string): PathStep => ({
    node,
    id: graph.ids[node]!,
    type: graph.typeOf(node),
    className: graph.nameOf(node),
    via,
    edge,
    retainedBytes: heap.retainedSizes[node]!,
  });
  const { first: upper, last: lower } = ends(route.steps);
  const down = [...upper, ...lower].map((step) => {
    const edge = step.edge < 0 ? 'nest' : `${graph.edgeTypeOf(step.edge)}:${graph.edgeName(step.edge)}`;
    return at(step.to, describeStep(heap, step), edge);
  });
  return first === undefined ? down : [at(first, start, 'origin'), ...down];
}
