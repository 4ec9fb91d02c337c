import { HeapGraph } from '../graph/heap-graph.js';
import { NestRecords, readNestRecords } from './nest-records.js';

/** What a search for owners has to know of a heap before it starts. */
export interface Landmarks {
  readonly nest: NestRecords;
  /** Global objects and the proxies before them. */
  readonly globals: ReadonlySet<number>;
}

export function findLandmarks(graph: HeapGraph): Landmarks {
  return { nest: readNestRecords(graph), globals: findGlobals(graph) };
}

/** What V8's contexts name as their global objects, and what the root has shortcuts to. */
function findGlobals(graph: HeapGraph): Set<number> {
  const { root, firstEdge, edgeTo, edgeKinds, edgeNames, edgeCount } = graph;
  const globals = new Set<number>();
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    if (graph.edgeTypeOf(edge) === 'shortcut') globals.add(edgeTo[edge]!);
  }
  const internal = graph.edgeType('internal');
  const object = graph.strings.indexOf('global_object');
  const proxy = graph.strings.indexOf('global_proxy_object');
  if (object < 0 && proxy < 0) return globals;
  for (let edge = 0; edge < edgeCount; edge++) {
    const name = edgeNames[edge]!;
    if ((name === object || name === proxy) && edgeKinds[edge] === internal) globals.add(edgeTo[edge]!);
  }
  return globals;
}
