import type { Container } from '../answers/containers.js';
import { neighboursThroughStores, type Neighbours } from '../answers/neighbours.js';
import { factsOf, type NodeFacts } from '../answers/node-facts.js';
import { Heap } from '../heap.js';
import { ownerPath, type OwnerPath } from '../path/owner-path.js';
import { findPromptNodes } from '../path/prompts.js';
import { drawNeighbourhood, drawPath, type Drawing } from '../print/drawing.js';
import { readHeapGraph } from '../read/read-heap-snapshot.js';

/** The results for one object of a snapshot, as plain data that can be posted. */
export interface ObjectReport {
  facts: NodeFacts;
  /** Null if nothing retains it. */
  path: OwnerPath | null;
  retainers: Neighbours;
  references: Neighbours;
  drawings: { path: Drawing | null; retainers: Drawing; references: Drawing };
}

export interface ObjectReportOptions {
  /** V8's id of the object. */
  id: number;
  /** V8's ids of the global objects of consoles, and of objects that store results for them: see `findPromptNodes`. */
  prompts?: readonly number[];
  /** The object as a container, for the text in its picture. */
  container?: Pick<Container, 'kind' | 'entries' | 'precision'>;
}

/** Reads a snapshot file and computes the results for one object. It blocks its thread: see `examineInWorker`. */
export async function objectReport(file: string, options: ObjectReportOptions): Promise<ObjectReport> {
  const heap = new Heap(await readHeapGraph(file));
  const node = heap.graph.nodeById(options.id);
  const promptNodes = findPromptNodes(heap, options.prompts ?? []);
  const path = ownerPath(heap, node, promptNodes);
  return {
    facts: factsOf(heap, node),
    path,
    retainers: neighboursThroughStores(heap, node, 'retainers', { promptNodes }),
    references: neighboursThroughStores(heap, node, 'references'),
    drawings: {
      path: path && drawPath(path, options.container),
      retainers: drawNeighbourhood(heap, node, 'retainers', { promptNodes }),
      references: drawNeighbourhood(heap, node, 'references'),
    },
  };
}
