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

/** The root's shortcuts lead to the proxies; each V8 context knows both its proxy and its global. */
function findGlobals(graph: HeapGraph): Set<number> {
  const { root, firstEdge, edgeTo } = graph;
  const proxies: number[] = [];
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    if (graph.edgeTypeOf(edge) === 'shortcut') proxies.push(edgeTo[edge]!);
  }
  const globals = new Set(proxies);
  for (const proxy of proxies) {
    const context = graph.follow(proxy, 'internal', 'native_context');
    const contexts = context < 0 ? nativeContextsAbout(graph, proxy) : [context];
    for (const native of contexts) {
      for (const name of ['global_object', 'global_proxy_object'] as const) {
        const object = graph.follow(native, 'internal', name);
        if (object >= 0) globals.add(object);
      }
    }
  }
  return globals;
}

/** Newer V8s draw the edge only from the context to its proxy. */
function nativeContextsAbout(graph: HeapGraph, proxy: number): number[] {
  const name = graph.strings.indexOf('system / NativeContext');
  const contexts: number[] = [];
  if (name < 0) return contexts;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.names[node] !== name) continue;
    if (graph.follow(node, 'internal', 'global_proxy_object') === proxy) contexts.push(node);
  }
  return contexts;
}
