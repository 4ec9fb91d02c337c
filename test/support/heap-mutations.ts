import { HeapBuilder } from './heap-builder.js';
import { randomHeap } from './heap-random-graph.js';
import { seeded } from './heap-random.js';

const HUGE = [
  '0',
  '-1',
  '255',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '1e9',
  '0.5',
];
const TOKENS = [
  '[',
  ']',
  '{',
  '}',
  '"',
  ',',
  ':',
  '\\',
  '\\u12',
  'null',
  '\n',
  '\0',
  '"nodes":[',
  '"strings":[',
  '\u00ff',
];

/** A small valid snapshot with every kind of structure. */
function original(seed: number): HeapBuilder {
  const heap = randomHeap(seed);
  const map = heap.map([[heap.node('string', 'key "1" \\ é'), heap.object('User')]]);
  const scope = heap.object('system / Context');
  const native = heap.node('hidden', 'system / NativeContext');
  const module = heap.object('Module');
  const wrapper = heap.object('InstanceWrapper');
  heap
    .edge(0, 'shortcut', 'scope', scope)
    .edge(scope, 'internal', 'previous', native)
    .edge(scope, 'context', 'map', map);
  heap.edge(scope, 'context', 'module', module).property(module, '_providers', heap.map([[map, wrapper]]));
  heap.property(wrapper, 'values', map);
  heap.locations.push([map, 1, 2, 3]);
  return heap;
}

/** A snapshot with one to four mutations. A seed always gives the same bytes. */
export function mutated(seed: number): Buffer {
  const below = seeded(seed);
  let bytes: Buffer = Buffer.from(original(seed % 97).text(seed % 2 === 0));
  for (let times = 1 + below(4); times > 0; times--) bytes = mutate(bytes, below);
  return bytes;
}

function mutate(bytes: Buffer, below: (bound: number) => number): Buffer {
  const at = below(bytes.length + 1);
  const length = below(below(3) === 0 ? 200 : 4) + 1;
  const replace = (from: number, to: number, by: Buffer | string): Buffer =>
    Buffer.concat([bytes.subarray(0, from), Buffer.from(by), bytes.subarray(to)]);
  switch (below(8)) {
    case 0:
      return replace(at, at + 1, Buffer.of(below(256)));
    case 1:
      return replace(at, at + length, '');
    case 2:
      return replace(at, at, bytes.subarray(below(bytes.length)).subarray(0, length));
    case 3:
      return replace(at, at, TOKENS[below(TOKENS.length)]!);
    case 4:
      return bytes.subarray(0, at);
    case 5:
      return replace(at, at + length, bytes.subarray(below(bytes.length)).subarray(0, below(200)));
    default: {
      // Replaces a number, which is most often a count or an index.
      const numbers = [...bytes.toString('latin1').matchAll(/\d+/g)];
      const number = numbers[below(numbers.length)];
      if (number === undefined) return bytes;
      const by = below(2) === 0 ? HUGE[below(HUGE.length)]! : String(below(60));
      return replace(number.index, number.index + number[0].length, by);
    }
  }
}
