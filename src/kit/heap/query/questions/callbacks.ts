import { eachEdge } from '../../graph/each-edge.js';
import type { Heap } from '../../heap.js';
import { functionText, GroupedBy, type Grouped } from '../functions.js';
import type { Question } from '../question.js';
import { groupedAnswer } from './grouped.js';

export const listeners: Question = {
  name: 'listeners',
  purpose: 'listeners of emitters and event targets, by event and by the function that was added',
  takes: [],
  ask(session, _given, page) {
    const groups = session.once('listeners', () => [
      ...emitterListeners(session.heap),
      ...targetListeners(session.heap),
    ]);
    const sorted = groups.toSorted((a, b) => b.count - a.count);
    return groupedAnswer({ question: 'listeners', one: 'listener', by: 'event and function' }, sorted, page);
  },
};

/** `_events` of an EventEmitter: the listeners of each event, as a function or as an array of functions. */
function emitterListeners(heap: Heap): Grouped[] {
  const { graph } = heap;
  const groups = new GroupedBy(heap);
  for (const emitter of nodesOfType(heap, 'object')) {
    const events = graph.follow(emitter, 'property', '_events');
    if (events < 0 || graph.typeOf(events) !== 'object') continue;
    eachEdge(graph, events, 'property', (name, listener) => {
      if (name === '__proto__') return;
      for (const closure of functionsOf(heap, listener))
        groups.add(`${name}: ${functionText(heap, closure)}`, closure);
    });
  }
  return groups.sorted();
}

/** A listener, those of an array, and the original of one that was added with `once`. */
function functionsOf(heap: Heap, node: number): number[] {
  const { graph } = heap;
  if (graph.typeOf(node) === 'closure') {
    const original = graph.follow(node, 'property', 'listener');
    return [original >= 0 && graph.typeOf(original) === 'closure' ? original : node];
  }
  const found: number[] = [];
  if (graph.nameOf(node) !== 'Array') return found;
  eachEdge(graph, node, 'element', (_name, element) => {
    if (graph.typeOf(element) === 'closure') found.push(...functionsOf(heap, element));
  });
  return found;
}

/** Node's record of a listener of an EventTarget, such as an AbortSignal. */
function targetListeners(heap: Heap): Grouped[] {
  const { graph } = heap;
  const groups = new GroupedBy(heap);
  for (const record of nodesOfName(heap, 'Listener')) {
    const callback = graph.follow(record, 'property', 'callback');
    if (callback < 0) continue;
    const closure = graph.typeOf(callback) === 'closure' ? callback : -1;
    groups.add(`event target: ${closure < 0 ? graph.nameOf(callback) : functionText(heap, closure)}`, record);
  }
  return groups.sorted();
}

export const timers: Question = {
  name: 'timers',
  purpose: 'timers and intervals that are set, by the function that they call',
  takes: [],
  ask(session, _given, page) {
    const { heap } = session;
    const groups = session.once('timers', () => {
      const found = new GroupedBy(heap);
      for (const className of ['Timeout', 'Immediate']) {
        for (const timer of nodesOfName(heap, className)) {
          const field = className === 'Timeout' ? '_onTimeout' : '_onImmediate';
          const callback = heap.graph.follow(timer, 'property', field);
          // Prototypes have the class too, and a timer that ran has no callback any more.
          if (callback < 0 || heap.graph.typeOf(callback) !== 'closure') continue;
          found.add(`${className}: ${functionText(heap, callback)}`, timer);
        }
      }
      return found.sorted();
    });
    return groupedAnswer({ question: 'timers', one: 'timer', by: 'function' }, groups, page);
  },
};

export const promises: Question = {
  name: 'promises',
  purpose: 'promises that something waits for and that are not settled, by what waits',
  takes: [],
  ask(session, _given, page) {
    const { heap } = session;
    const groups = session.once('promises', () => pending(heap));
    return groupedAnswer(
      {
        question: 'promises',
        one: 'pending promise',
        by: 'what waits',
        notes: [
          'A snapshot does not tell a pending promise that nothing waits for from one that is settled with a small number.',
        ],
      },
      groups,
      page,
    );
  },
};

/** A pending promise has the list of its reactions where a settled one has its value. */
function pending(heap: Heap): Grouped[] {
  const { graph } = heap;
  const groups = new GroupedBy(heap);
  for (const promise of nodesOfName(heap, 'Promise')) {
    const reaction = graph.follow(promise, 'internal', 'reactions_or_result');
    if (reaction < 0 || graph.nameOf(reaction) !== 'system / PromiseReaction') continue;
    groups.add(waiting(heap, reaction), promise);
  }
  return groups.sorted();
}

/** The function that a reaction calls, or the async function that it resumes. */
function waiting(heap: Heap, reaction: number): string {
  const { graph } = heap;
  for (let edge = graph.edgeStart(reaction); edge < graph.edgeEnd(reaction); edge++) {
    const closure = graph.targetOf(edge);
    if (graph.typeOf(closure) !== 'closure') continue;
    const scope = graph.follow(closure, 'internal', 'context');
    const suspended = scope < 0 ? -1 : graph.follow(scope, 'internal', 'extension');
    const resumed = suspended < 0 ? -1 : graph.follow(suspended, 'internal', 'function');
    if (resumed >= 0) return `await in ${functionText(heap, resumed)}`;
    return functionText(heap, closure);
  }
  return 'another promise';
}

function* nodesOfType({ graph }: Heap, type: 'object'): Generator<number> {
  const wanted = graph.nodeType(type);
  for (let node = 0; node < graph.nodeCount; node++) if (graph.types[node] === wanted) yield node;
}

function* nodesOfName(heap: Heap, name: string): Generator<number> {
  const wanted = heap.graph.strings.indexOf(name);
  for (const node of nodesOfType(heap, 'object')) if (heap.graph.names[node] === wanted) yield node;
}
