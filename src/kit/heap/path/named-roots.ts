import { HeapGraph } from '../graph/heap-graph.js';
import { NestRecords, readNestRecords } from './nest-records.js';

/** The nodes at which an owner path may start, as far as they are found by a pass over the heap. */
export interface NamedRoots {
  readonly nest: NestRecords;
  /** Global objects and their proxies. */
  readonly globals: ReadonlySet<number>;
  /** Node's `process`. It is a global, but V8 shows no edge from the global object, which has an accessor for it. */
  readonly processes: ReadonlySet<number>;
}

export function findNamedRoots(graph: HeapGraph): NamedRoots {
  return { nest: readNestRecords(graph), globals: findGlobals(graph), processes: findProcesses(graph) };
}

/** The targets of the root's shortcuts, and the global objects and proxies of V8's contexts. */
function findGlobals(graph: HeapGraph): Set<number> {
  const { root, edgeKinds, edgeNames } = graph;
  const globals = new Set<number>();
  for (let edge = graph.edgeStart(root); edge < graph.edgeEnd(root); edge++) {
    if (graph.edgeTypeOf(edge) === 'shortcut') globals.add(graph.targetOf(edge));
  }
  const internal = graph.edgeType('internal');
  for (const text of ['global_object', 'global_proxy_object']) {
    const name = graph.strings.indexOf(text);
    if (name < 0) continue;
    for (let edge = edgeNames.indexOf(name); edge >= 0; edge = edgeNames.indexOf(name, edge + 1)) {
      if (edgeKinds[edge] === internal) globals.add(graph.targetOf(edge));
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
    // Its prototype and its constructor have the same name.
    if (graph.typeOf(node) === 'object' && graph.follow(node, 'property', 'execArgv') >= 0)
      processes.add(node);
  }
  return processes;
}
