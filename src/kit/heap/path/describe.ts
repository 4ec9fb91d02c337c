import { orderedTable } from '../collections/ordered-table.js';
import { eachSlot } from '../collections/slots.js';
import { Heap } from '../heap.js';
import { exportedName, isEsModule } from './exports.js';
import { Origin, OwnerRoute, OwnerStep } from './owner-search.js';
import { shortFile } from './script-name.js';
import { localsOf, suspendedFunction } from './suspended.js';

/** Between what owns and what is owned. */
export const ARROW = ' › ';
const MAX_KEY = 40;
const IDENTIFIER = /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The route as a person would say it: `AppModule › UsersModule › LeakyUserCache.users`. */
export function describeRoute(heap: Heap, route: OwnerRoute): string {
  const segments = [beginning(heap, route.origin)];
  /** A file has variables, not properties: what comes next starts a segment of its own. */
  let dotted = route.origin.kind === 'nest' || route.origin.kind === 'global';
  const { first, last, leftOut } = ends(route.steps);
  for (const step of [...first, null, ...last]) {
    const said =
      step === null ? (leftOut > 0 ? ` … ${leftOut} more steps … ` : '') : describeStep(heap, step);
    if (said === '') continue;
    // Of a handle inside of Node a program knows the object that has it, such as a server.
    if (said === '[<symbol owner_symbol>]') {
      segments.splice(0, segments.length, heap.graph.nameOf(step!.to));
      continue;
    }
    const starts =
      step !== null &&
      (step.edge < 0 || heap.graph.edgeTypeOf(step.edge) === 'context' || isLocal(heap, step.from));
    if (starts || !dotted) segments.push(said.replace(/^\./, ''));
    else segments.push((segments.pop() ?? '') + said);
    dotted = true;
  }
  return segments.filter((segment, at) => segment !== segments[at - 1]).join(ARROW);
}

/** Nobody reads more steps than this; a linked list may have a million. */
const MAX_STEPS = 48;

/** The beginning and the end of a long list, and how many are between them. */
export function ends<T>(steps: readonly T[]): { first: readonly T[]; last: readonly T[]; leftOut: number } {
  const leftOut = steps.length - MAX_STEPS;
  if (leftOut <= 0) return { first: steps, last: [], leftOut: 0 };
  return { first: steps.slice(0, MAX_STEPS / 2), last: steps.slice(-MAX_STEPS / 2), leftOut };
}

/** What the beginning of a route is called. */
export function beginning(heap: Heap, origin: Origin): string {
  switch (origin.kind) {
    case 'nest':
      return heap.landmarks.nest.moduleNames.get(origin.module) ?? 'Module';
    case 'module':
      return origin.script === null ? '(a module)' : shortFile(origin.script);
    case 'function':
      return `${shortFile(origin.script)}${ARROW}${heap.graph.nameOf(origin.closure) || '(anonymous)'}()`;
    case 'global':
      return heap.landmarks.processes.has(origin.object) ? 'process' : 'globalThis';
    case 'root':
    default:
      return heap.graph.nameOf(origin.node) || '(root)';
  }
}

/** What one step adds to the name; empty for V8's own plumbing between a container and its entries. */
export function describeStep(heap: Heap, step: OwnerStep): string {
  const { graph } = heap;
  if (step.edge < 0) return step.label ?? '';
  const name = graph.edgeName(step.edge);
  switch (graph.edgeTypeOf(step.edge)) {
    case 'property':
      return property(name);
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

/** A function goes by its own name: compilers keep classes in variables such as `Service_1`. */
function variable(heap: Heap, target: number, name: string): string {
  const own = heap.graph.typeOf(target) === 'closure' ? heap.graph.nameOf(target) : '';
  return own !== '' && name.startsWith(own) ? own : name;
}

function property(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${name.startsWith('<symbol') ? name : quoted(name)}]`;
}

const SILENT = new Set([
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
  const slot = graph.strings.numberAt(graph.edgeNames[step.edge]!);
  if (slot >= 0) {
    if (isLocal(heap, step.from)) return 'a local variable';
    const exported = exportedName(graph, step.from, step.edge);
    return exported === null ? tableEntry(heap, step.from, slot) : property(exported);
  }
  if (graph.strings.ephemeronTable(graph.edgeNames[step.edge]!) >= 0) return ' ‹value in a WeakMap›';
  const waits = suspendedFunction(graph, step.from) >= 0;
  if (name === 'context') return waits ? '' : '()';
  if (name === 'receiver' && waits) return 'this';
  if (name === 'extension' && isEsModule(graph, step.to)) return '';
  return SILENT.has(name) ? '' : ` ‹${name}›`;
}

/** Whether a node is where a function that waits keeps its local variables. Their names are lost. */
function isLocal(heap: Heap, node: number): boolean {
  const { first, from } = heap.retainers;
  const holder = first[node] === first[node + 1] ? -1 : from[first[node]!]!;
  return holder >= 0 && localsOf(heap.graph, holder) === node;
}

/** `["key"]` for the value of a Map's entry, when the key is a string. */
function tableEntry(heap: Heap, tableNode: number, slot: number): string {
  const { graph } = heap;
  const table = orderedTable(graph.selfSizes[tableNode]!);
  if (table === null || slot < table.firstEntry) return `[${slot}]`;
  const at = slot - table.firstEntry;
  const index = Math.floor(at / table.entryWidth);
  if (table.kind === 'Set') return `[entry ${index}]`;
  if (at % table.entryWidth === 0) return `[key ${index}]`;
  let key = -1;
  eachSlot(graph, tableNode, 'internal', (other, target) => {
    if (other === slot - 1) key = target;
  });
  return key >= 0 && graph.typeOf(key) === 'string' ? `[${quoted(graph.nameOf(key))}]` : `[entry ${index}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_KEY ? `${text.slice(0, MAX_KEY - 1)}…` : text);
}
