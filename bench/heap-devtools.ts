// The same questions to Chrome DevTools' model, as far as it answers them: it has no containers and no names.
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
