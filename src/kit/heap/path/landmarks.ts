import { HeapGraph } from '../graph/heap-graph.js';
import { NestRecords, readNestRecords } from './nest-records.js';

/** What a search for owners has to know of a heap before it starts. */
export interface Landmarks {
  readonly nest: NestRecords;
  /** Global objects and the proxies before them. */
  readonly globals: ReadonlySet<number>;
  /** Node's `process`: a global that V8 does not show as one, for it is read through an accessor. */
  readonly processes: ReadonlySet<number>;
}

export function findLandmarks(graph: HeapGraph): Landmarks {
  return { nest: readNestRecords(graph), globals: findGlobals(graph), processes: findProcesses(graph) };
}

/** What V8's contexts name as their global objects, and what the root has shortcuts to. */
function findGlobals(graph: HeapGraph): Set<number> {
  const { root, firstEdge, edgeTo, edgeKinds, edgeNames } = graph;
  const globals = new Set<number>();
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    if (graph.edgeTypeOf(edge) === 'shortcut') globals.add(edgeTo[edge]!);
  }
  const internal = graph.edgeType('internal');
  for (const text of ['global_object', 'global_proxy_object']) {
    const name = graph.strings.indexOf(text);
    if (name < 0) continue;
    for (let edge = edgeNames.indexOf(name); edge >= 0; edge = edgeNames.indexOf(name, edge + 1)) {
      if (edgeKinds[edge] === internal) globals.add(edgeTo[edge]!);
    }
  }
  return globals;
}

function findProcesses(graph: HeapGraph): Set<number> {
  const { names, strings } = graph;
  const name = strings.indexOf('process');
  const processes = new Set<number>();
  if (name < 0) return processes;
  for (let node = names.indexOf(name); node >= 0; node = names.indexOf(name, node + 1)) {
    // The prototype and the constructor are called so as well.
    if (graph.typeOf(node) === 'object' && graph.follow(node, 'property', 'execArgv') >= 0)
      processes.add(node);
  }
  return processes;
}
