import { Heap } from '../heap.js';
import { EDGE_COSTS } from '../path/costs.js';
import { edgeCost } from '../path/edge-costs.js';
import type { CodePlace } from '../path/owner-path.js';
import { scriptOfClosure } from '../path/scopes.js';
import { isNodeFile, isOwnFile } from '../path/script-name.js';

export interface FunctionPlace extends CodePlace {
  function: string;
}

/** How many nodes below one object are searched for functions. */
const NODES_ASKED = 60;

/**
 * The places in the source of the functions that some objects retain. Functions of the program's own files come first,
 * then those of packages; among each, those that most objects retain. Functions of Node are left out. A callback shows
 * who registered it where its retainer, such as a timer or an emitter of Node, does not.
 */
export function functionsRetainedBy(heap: Heap, members: readonly number[]): FunctionPlace[] {
  const places = new Map<string, { place: FunctionPlace; votes: number }>();
  for (const member of members) {
    const own = closuresBelow(heap, member).flatMap((closure) => placeOf(heap, closure) ?? []);
    // One vote for each member and place, however many functions of that place the member retains.
    for (const [key, place] of new Map(own.map((one) => [JSON.stringify(one), one]))) {
      places.set(key, { place, votes: (places.get(key)?.votes ?? 0) + 1 });
    }
  }
  const ownFirst = (place: FunctionPlace): number => (isOwnFile(place.file) ? 1 : 0);
  return [...places.values()]
    .toSorted((a, b) => ownFirst(b.place) - ownFirst(a.place) || b.votes - a.votes)
    .map(({ place }) => place);
}

/** The functions that a node is or dominates, the nearest first. What they close over is not searched. */
function closuresBelow(heap: Heap, node: number): number[] {
  const { graph } = heap;
  const found: number[] = [];
  const pending = [node];
  const seen = new Set(pending);
  for (const [at, from] of pending.entries()) {
    if (at === NODES_ASKED) break;
    if (graph.typeOf(from) === 'closure') {
      const awaiting = awaitingFunction(heap, from);
      found.push(awaiting < 0 ? from : awaiting);
      continue;
    }
    for (let edge = graph.edgeStart(from); edge < graph.edgeEnd(from); edge++) {
      const to = graph.targetOf(edge);
      if (seen.has(to) || heap.dominatorOf(to) !== from) continue;
      if (graph.edgeTypeOf(edge) === 'hidden' || edgeCost(graph, from, edge) < EDGE_COSTS.prototype) {
        seen.add(to);
        pending.push(to);
      }
    }
  }
  return found;
}

/** The async function that a closure resumes, or -1. V8 creates that closure at an `await`; its scope has the function. */
function awaitingFunction({ graph }: Heap, closure: number): number {
  const scope = graph.follow(closure, 'internal', 'context');
  const suspended = scope < 0 ? -1 : graph.follow(scope, 'internal', 'extension');
  return suspended < 0 ? -1 : graph.follow(suspended, 'internal', 'function');
}

function placeOf(heap: Heap, closure: number): FunctionPlace | null {
  const file = scriptOfClosure(heap, closure);
  const place = heap.graph.locationOf(closure);
  if (place === null || file === null || isNodeFile(file)) return null;
  const name = heap.graph.nameOf(closure) || '(anonymous)';
  return { function: name, file, line: place.line + 1, column: place.column + 1 };
}
