import type { Container } from '../answers/containers.js';
import { neighboursPastStores, type Neighbours } from '../answers/neighbours.js';
import { factsOf, type NodeFacts } from '../answers/node-facts.js';
import { Heap } from '../heap.js';
import { ownerPath, type OwnerPath } from '../path/owner-path.js';
import { promptNodes } from '../path/prompts.js';
import { drawNeighbourhood, drawPath, type Drawing } from '../print/drawing.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';

/** Everything about one object of a snapshot, as plain data that can be posted. */
export interface ObjectReport {
  facts: NodeFacts;
  /** Null when nothing retains it. */
  path: OwnerPath | null;
  retainers: Neighbours;
  references: Neighbours;
  drawings: { path: Drawing | null; retainers: Drawing; references: Drawing };
}

export interface ObjectReportOptions {
  /** V8's id of the object. */
  id: number;
  /** V8's ids of the global objects of prompts, and of what remembers for them: who looks on owns nothing. */
  prompts?: readonly number[];
  /** What the object is as a container, for its picture. */
  container?: Pick<Container, 'kind' | 'entries' | 'precision'>;
}

/** Reads a snapshot file and asks it about one object. Blocks its thread: see `examineInWorker`. */
export async function objectReport(file: string, options: ObjectReportOptions): Promise<ObjectReport> {
  const heap = new Heap(await readHeapGraph(file));
  const node = heap.graph.nodeById(options.id);
  const lookers = promptNodes(heap, options.prompts ?? []);
  const path = ownerPath(heap, node, lookers);
  return {
    facts: factsOf(heap, node),
    path,
    retainers: neighboursPastStores(heap, node, 'retainers', { lookers }),
    references: neighboursPastStores(heap, node, 'references'),
    drawings: {
      path: path && drawPath(path, options.container),
      retainers: drawNeighbourhood(heap, node, 'retainers', { lookers }),
      references: drawNeighbourhood(heap, node, 'references'),
    },
  };
}
