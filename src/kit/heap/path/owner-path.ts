import { Heap } from '../heap.js';
import { ARROW, originName, bothEnds, describeRoute, describeStep, stepsOnce } from './describe.js';
import type { Origin } from './origins.js';
import { type OwnerRoute, searchOwner } from './owner-search.js';
import { scriptOfClass, scriptOfClosure } from './scopes.js';
import { isNodeFile, isOwnFile } from './script-name.js';
import { suspendedFunction } from './suspended.js';

export interface PathStep {
  node: number;
  id: number;
  type: string;
  className: string;
  /** How the previous step leads here: `.users`, `["key"]`, the name of a variable; '' for a step inside V8. */
  via: string;
  /** Type and name of the edge in V8, such as `property:users`; `nest` for a step from Nest's records. */
  edge: string;
  retainedBytes: number;
  /** Of the last of steps that repeat along a chain: how often; absent for a step that is there once. */
  times?: number;
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
  /** Its last two segments: `UsersModule › LeakyUserCache.users`. */
  name: string;
  /** The class of the nearest instance of the program on the path; otherwise the name of the origin. */
  owner: string;
  /** The place in the source of that class or function; null where V8 does not give it. */
  declaredAt: CodePlace | null;
  /** Where it starts: a Nest module, the file of a module, a suspended function, a global object, or a GC root. */
  origin: Origin['kind'];
  /** The file that the path starts in, otherwise that of the function on it nearest to the node; null without either. */
  file: string | null;
  /** From the origin to the node. Steps that repeat along a chain are there once; a very long path has its ends only. */
  steps: PathStep[];
  /** Number of steps between the first and the last ones that are not in `steps`. */
  stepsLeftOut: number;
}

const PLAIN = /^(?:Object|Array|Map|Set|WeakMap|WeakSet|Module|(?:global|Window)(?: .*)?|system \/ .*)$/;

/**
 * The retaining path to a node that tells an engineer of the program most: through named properties, closure variables
 * and class instances, from a Nest module, a file or a global object. Null if nothing retains the node.
 *
 * @param prompts nodes of a console, which are on the path only if nothing else retains the node: see `findPromptNodes`
 */
export function ownerPath(heap: Heap, node: number, prompts?: ReadonlySet<number>): OwnerPath | null {
  const route = searchOwner(heap, node, prompts);
  if (route === null) return null;
  const text = describeRoute(heap, route);
  const start = originName(heap, route.origin);
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
    stepsLeftOut: bothEnds(stepsOnce(heap, route.steps)).leftOut,
  };
}

/**
 * The instance (or class) on the route that is nearest to the node, or -1. An instance of the program's own class comes
 * before one of a package's class: where a service has an LRU cache, the service is what can be changed.
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
    // Every program has emitters of Node's class. The name of the file tells more.
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
    id: graph.idOf(node),
    type: graph.typeOf(node),
    className: graph.nameOf(node),
    via,
    edge,
    retainedBytes: heap.retainedBytesOf(node),
  });
  const { first: upper, last: lower } = bothEnds(stepsOnce(heap, route.steps));
  const down = [...upper, ...lower].map((step): PathStep => {
    const edge = step.edge < 0 ? 'nest' : `${graph.edgeTypeOf(step.edge)}:${graph.edgeName(step.edge)}`;
    return Object.assign(
      at(step.to, describeStep(heap, step), edge),
      step.times > 1 ? { times: step.times } : {},
    );
  });
  return first === undefined ? down : [at(first, start, 'origin'), ...down];
}
