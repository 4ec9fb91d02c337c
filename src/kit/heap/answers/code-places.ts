import { Heap } from '../heap.js';
import { COSTS } from '../path/costs.js';
import { edgeCost } from '../path/edge-costs.js';
import type { CodePlace } from '../path/owner-path.js';
import { scriptOfClosure } from '../path/scopes.js';
import { isNodeFile, isOwnFile } from '../path/script-name.js';

export interface FunctionPlace extends CodePlace {
  function: string;
}

/** How far below a record its functions are looked for. */
const NODES_ASKED = 60;

/**
 * The functions that some objects keep, by where they were written: those of the program's own files first, then
 * those of packages, the commonest first; Node's not at all. A callback tells who registered it, when what holds it (a
 * timer, an emitter of Node's) does not.
 */
export function functionsKeptBy(heap: Heap, members: readonly number[]): FunctionPlace[] {
  const places = new Map<string, { place: FunctionPlace; votes: number }>();
  for (const member of members) {
    const own = closuresBelow(heap, member).flatMap((closure) => placeOf(heap, closure) ?? []);
    // Once for each member, however many functions of one place it keeps.
    for (const [key, place] of new Map(own.map((one) => [JSON.stringify(one), one]))) {
      places.set(key, { place, votes: (places.get(key)?.votes ?? 0) + 1 });
    }
  }
  const ownFirst = (place: FunctionPlace): number => (isOwnFile(place.file) ? 1 : 0);
  return [...places.values()]
    .toSorted((a, b) => ownFirst(b.place) - ownFirst(a.place) || b.votes - a.votes)
    .map(({ place }) => place);
}

/** Functions at or below a node that go when it goes, the nearest first. What they close over is not looked into. */
function closuresBelow(heap: Heap, node: number): number[] {
  const { graph, dominators } = heap;
  const found: number[] = [];
  const pending = [node];
  const seen = new Set(pending);
  for (let at = 0; at < pending.length && at < NODES_ASKED; at++) {
    const from = pending[at]!;
    if (graph.typeOf(from) === 'closure') {
      const waiting = functionThatWaits(heap, from);
      found.push(waiting < 0 ? from : waiting);
      continue;
    }
    for (let edge = graph.firstEdge[from]!; edge < graph.firstEdge[from + 1]!; edge++) {
      const to = graph.edgeTo[edge]!;
      if (seen.has(to) || dominators.of[to] !== from) continue;
      if (graph.edgeTypeOf(edge) === 'hidden' || edgeCost(graph, from, edge) < COSTS.prototype) {
        seen.add(to);
        pending.push(to);
      }
    }
  }
  return found;
}

/** Behind an `await` V8 puts a function of its own; its scope has the suspended function. */
function functionThatWaits({ graph }: Heap, closure: number): number {
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
