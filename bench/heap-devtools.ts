// The same analysis with Chrome DevTools' model, which has no containers and no owner names.
import { createReadStream } from 'node:fs';
import { parse } from 'heap-snapshot-toolkit';
import { finish } from './heap-child.js';

interface Model {
  nodeCount: number;
  totalSize: number;
  retainedSizes: Float64Array;
  aggregatesWithFilter(filter: object): object;
}

const model = (await parse(createReadStream(process.argv[2]!))) as unknown as Model;
if (Object.keys(model.aggregatesWithFilter({})).length === 0) throw new Error('no histogram');
finish({ nodes: model.nodeCount, edges: null, heapBytes: model.retainedSizes[0]!, found: null });
