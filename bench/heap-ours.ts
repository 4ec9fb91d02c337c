// One analysis as a whole process: histogram, retained sizes, largest containers, path to the first.
import { histogram, largestContainers, ownerPath, printHistogram, readHeap } from '../src/kit/heap/index.js';
import { finish } from './heap-child.js';

const heap = await readHeap(process.argv[2]!);
const rows = histogram(heap);
const [largest] = largestContainers(heap);
const path = ownerPath(heap, largest!.node);
if (printHistogram(rows).length === 0) throw new Error('no histogram');
finish({
  nodes: heap.graph.nodeCount,
  edges: heap.graph.edgeCount,
  heapBytes: heap.totalBytes,
  found: path!.text,
});
