import { orderedTable } from '../collections/ordered-table.js';
import { eachSlot } from '../collections/slots.js';
import type { HeapGraph } from '../graph/heap-graph.js';
import { Heap } from '../heap.js';
import { exportedName, isEsModule } from './exports.js';
import type { OwnerStep } from './known-routes.js';
import type { Origin } from './origins.js';
import type { OwnerRoute } from './owner-search.js';
import { repeatsIn } from './repeats.js';
import { localsOf, suspendedFunction } from './suspended.js';

/** Separates the segments of a path. */
export const ARROW = ' › ';
const MAX_KEY = 40;
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A route in one line: `AppModule › UsersModule › LeakyUserCache.users`. */
export function describeRoute(heap: Heap, route: OwnerRoute): string {
  const segments = [originName(heap, route.origin)];
  /** Whether the next step continues the last segment. A file has variables, not properties, which start a new one. */
  let continues = route.origin.kind === 'nest' || route.origin.kind === 'global';
  const append = (text: string, startsNew: boolean): void => {
    if (startsNew || !continues) segments.push(text.replace(/^\./, ''));
    else segments.push((segments.pop() ?? '') + text);
    continues = true;
  };
  const { first, last, leftOut } = bothEnds(stepsOnce(heap, route.steps));
  for (const step of [...first, null, ...last]) {
    if (step === null) {
      if (leftOut > 0) append(` … ${leftOut} more steps … `, false);
      continue;
    }
    const text = describeStep(heap, step);
    // A program does not know a handle of Node, but the object that owns it, such as a server.
    if (text === '[<symbol owner_symbol>]') segments.splice(0, segments.length, heap.graph.nameOf(step.to));
    else if (text !== '') append(text, startsSegment(heap, step));
    if (step.times > 1) append(` ‹${step.times.toLocaleString('en')} times›`, false);
  }
  return segments.filter((segment, at) => segment !== segments[at - 1]).join(ARROW);
}

/** A step of a path that is written once. `times` belongs to it and the steps before it that repeat with it. */
export interface StepOnce extends OwnerStep {
  times: number;
}

/** The steps of a path along a chain, with those that repeat from link to link once. */
export function stepsOnce(heap: Heap, steps: readonly OwnerStep[]): StepOnce[] {
  const { graph } = heap;
  if (steps.length <= MAX_STEPS) return steps.map((step) => ({ ...step, times: 1 }));
  const keyOf = ({ edge, to, label }: OwnerStep): string =>
    edge < 0 ? `${label}` : `${graph.edgeTypeOf(edge)} ${graph.edgeName(edge)} ${heap.classes.of(to)}`;
  return repeatsIn(steps, keyOf).flatMap((repeat) =>
    repeat.steps.map((step, at) => ({ ...step, times: at === repeat.steps.length - 1 ? repeat.times : 1 })),
  );
}

/** Whether a step starts a segment of the text: one of Nest's records, a variable of a scope, or a local variable. */
function startsSegment(heap: Heap, { edge, from }: OwnerStep): boolean {
  return edge < 0 || heap.graph.edgeTypeOf(edge) === 'context' || isLocal(heap, from);
}

/** The most steps that a text or a list shows; a linked list may have a million. */
const MAX_STEPS = 48;

/** The first and the last steps of a long route, and the number of steps between them. */
export function bothEnds<T>(steps: readonly T[]): {
  first: readonly T[];
  last: readonly T[];
  leftOut: number;
} {
  const leftOut = steps.length - MAX_STEPS;
  if (leftOut <= 0) return { first: steps, last: [], leftOut: 0 };
  return { first: steps.slice(0, MAX_STEPS / 2), last: steps.slice(-MAX_STEPS / 2), leftOut };
}

/** The name of the origin of a route. */
export function originName(heap: Heap, origin: Origin): string {
  switch (origin.kind) {
    case 'nest':
      return heap.namedRoots.nest.moduleNames.get(origin.module) ?? 'Module';
    case 'module':
      return origin.script === null ? '(a module)' : heap.fileName(origin.script);
    case 'function':
      return `${heap.fileName(origin.script)}${ARROW}${heap.graph.nameOf(origin.closure) || '(anonymous)'}()`;
    case 'global':
      return heap.namedRoots.processes.has(origin.object) ? 'process' : 'globalThis';
    case 'root':
      return heap.graph.nameOf(origin.node) || '(root)';
  }
}

/** The text of one step; '' for a step inside V8, such as from a container to its table. */
export function describeStep(heap: Heap, step: OwnerStep): string {
  const { graph } = heap;
  if (step.edge < 0) return step.label ?? '';
  const name = graph.edgeName(step.edge);
  switch (graph.edgeTypeOf(step.edge)) {
    case 'property':
      return propertyText(heap, step.edge, step.from);
    case 'context':
      return variable(heap, step.to, name);
    case 'element':
      return `[${name}]`;
    case 'internal':
      return internal(heap, step, name);
    case 'shortcut':
    case 'hidden':
      return '';
    default:
      return ` ‹${name}›`;
  }
}

/** The name of a variable, or of the function in it: compilers store classes in variables such as `Service_1`. */
function variable(heap: Heap, target: number, name: string): string {
  const own = heap.graph.typeOf(target) === 'closure' ? heap.graph.nameOf(target) : '';
  return own !== '' && name.startsWith(own) ? own : name;
}

/** A property as it is written in code. A key of a plain object that may be data stands in brackets. */
export function propertyText(heap: Heap, edge: number, from: number): string {
  const { graph } = heap;
  const name = graph.edgeName(edge);
  const isData = IDENTIFIER.test(name) && graph.nameOf(from) === 'Object' && heap.isDataKey(edge);
  return isData ? `[${quoted(name)}]` : property(name);
}

function property(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${name.startsWith('<symbol') ? name : quoted(name)}]`;
}

/** Internal edges that a text leaves out. */
const UNNAMED_EDGES = new Set([
  'table',
  'elements',
  'properties',
  'value',
  'previous',
  'global_object',
  'parameters_and_registers',
]);

function internal(heap: Heap, step: OwnerStep, name: string): string {
  const { graph } = heap;
  const nameNumber = graph.nameNumberOf(step.edge);
  const slot = graph.strings.numberAt(nameNumber);
  if (slot >= 0) {
    if (isLocal(heap, step.from)) return 'a local variable';
    const exported = exportedName(graph, step.from, step.edge);
    return exported === null ? tableEntry(heap, step, slot) : property(exported);
  }
  if (graph.strings.ephemeronTable(nameNumber) >= 0) return ' ‹value in a WeakMap›';
  const isSuspended = suspendedFunction(graph, step.from) >= 0;
  if (name === 'context') return isSuspended ? '' : '()';
  if (name === 'receiver' && isSuspended) return 'this';
  if (name === 'extension' && isEsModule(graph, step.to)) return '';
  return UNNAMED_EDGES.has(name) ? '' : ` ‹${name}›`;
}

/** Whether a node stores the local variables of a suspended function. V8 does not keep their names. */
function isLocal(heap: Heap, node: number): boolean {
  const [retainer] = heap.retainersOf(node);
  return retainer !== undefined && localsOf(heap.graph, retainer) === node;
}

/** The text of an entry of a table: `["key"]` for a value of a Map whose key is a string, otherwise its index. */
function tableEntry(heap: Heap, step: OwnerStep, slot: number): string {
  const { graph } = heap;
  const table = orderedTable(graph.selfBytesOf(step.from));
  if (table === null || slot < table.firstEntry) return `[${slot}]`;
  const at = slot - table.firstEntry;
  const index = Math.floor(at / table.entryWidth);
  if (table.kind === 'Set') return `[entry ${index}]`;
  if (at % table.entryWidth === 0) return `[key ${index}]`;
  const key = targetOfSlot(graph, step, slot - 1);
  return key >= 0 && graph.typeOf(key) === 'string' ? `[${quoted(graph.nameOf(key))}]` : `[entry ${index}]`;
}

/**
 * The target of the slot before that of a step, or -1. V8 writes the slots of a table in their order, so that it is the
 * edge before. A table may have millions, which are searched only where they are not in order.
 */
function targetOfSlot(graph: HeapGraph, { from, edge }: OwnerStep, slot: number): number {
  const slotOf = (other: number): number => graph.strings.numberAt(graph.nameNumberOf(other));
  const before = edge > graph.edgeStart(from) ? slotOf(edge - 1) : -1;
  if (before === slot) return graph.targetOf(edge - 1);
  if (before < slot) return -1;
  let found = -1;
  eachSlot(graph, from, 'internal', (other, target) => {
    if (other === slot) found = target;
  });
  return found;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_KEY ? `${text.slice(0, MAX_KEY - 1)}…` : text);
}
