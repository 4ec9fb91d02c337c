import {
  AccumulationPoint,
  Container,
  FunctionPlace,
  Heap,
  OwnerPath,
  commonRetainer,
  containerAt,
  functionsRetainedBy,
  isNodeFile,
  ownerPath,
  packageInstanceAbove,
} from '../../heap/index.js';

/** An accumulation point of the dominator tree, with the retainer that an engineer of the program would name. */
export interface Accumulation {
  point: AccumulationPoint;
  bytes: number;
  /** The node to name. */
  retainer: number;
  /** The owner path to the retainer. */
  path: OwnerPath;
  /** The whole path to the accumulation point, which may be inside the retainer. */
  fullPath: string;
  container: Container | null;
  /** Whether the retainer alone retains all of it, so that its retained size is that of the accumulation. */
  isWhole: boolean;
  /** The functions among what is retained, those of the program's own files first. */
  functions: FunctionPlace[];
}

/**
 * The accumulation at a point, or null if it belongs to Node or V8.
 *
 * @param grew whether it was gained since an earlier snapshot. A container of Node that grew was filled by the program,
 * so that it is a suspect then.
 */
export function accumulationAt(heap: Heap, point: AccumulationPoint, grew: boolean): Accumulation | null {
  const functions = functionsRetainedBy(heap, point.members);
  const retainer = retainerOf(heap, point);
  const container = containerAt(heap, retainer);
  const path = ownerPath(heap, retainer);
  if (path === null) return null;
  const accumulation: Accumulation = {
    point,
    bytes: point.accumulatedBytes,
    retainer,
    path,
    fullPath: path.text,
    isWhole: point.kind === 'object' && retainer === point.node,
    container,
    functions,
  };
  return isOfProgram(heap, accumulation, grew) ? accumulation : null;
}

/** Whether the program retains or created an accumulation, and not Node or V8 for themselves. */
function isOfProgram(
  heap: Heap,
  { point, path, container, functions }: Accumulation,
  grew: boolean,
): boolean {
  const ofEngine = isOfEngine(point);
  // The global object dominates Node's own functions and records, and V8's roots dominate compiled code.
  if (point.kind === 'siblings' && ofEngine) {
    const isGlobal = heap.namedRoots.globals.has(point.node);
    if (container === null || !(isGlobal ? functions.length > 0 : startsInProgram(path))) return false;
  }
  if (startsInProgram(path) || functions.length > 0) return true;
  if (!grew) return false;
  // The program filled a container of a module of Node.
  if (container !== null && path.origin === 'module') return true;
  // The program created objects of Node's classes that only native code retains.
  return point.kind === 'siblings' && !ofEngine;
}

/**
 * Merges accumulations so that each retainer has one. An instance of a package's class is the retainer of all
 * accumulations inside it if there are several, or if one is in a private field: the program cannot change the inside of
 * such an instance, only how it uses the instance.
 */
export function merged(heap: Heap, accumulations: readonly Accumulation[]): Accumulation[] {
  const retainers = retainersToName(heap, accumulations);
  const byRetainer = new Map<number, Accumulation>();
  for (const one of accumulations) {
    const retainer = retainers.get(one) ?? one.retainer;
    const same = byRetainer.get(retainer);
    if (same === undefined) {
      const isInside = retainer !== one.retainer;
      const path = isInside ? ownerPath(heap, retainer) : one.path;
      if (path !== null)
        byRetainer.set(retainer, { ...one, retainer, path, isWhole: isInside || one.isWhole });
      continue;
    }
    same.bytes += one.bytes;
    if ((one.container?.entries ?? 0) > (same.container?.entries ?? 0)) same.container = one.container;
  }
  return [...byRetainer.values()];
}

/** The instance of a package's class to name instead of the retainer, for the accumulations inside one. */
function retainersToName(heap: Heap, accumulations: readonly Accumulation[]): Map<Accumulation, number> {
  const inside = new Map<number, Accumulation[]>();
  for (const one of accumulations) {
    const instance = packageInstanceAbove(heap, one.retainer);
    if (instance >= 0) inside.set(instance, [...(inside.get(instance) ?? []), one]);
  }
  const retainers = new Map<Accumulation, number>();
  for (const [instance, members] of inside) {
    const isPrivate = members.some(({ path }) => /\.#\w+$/.test(path.text));
    if (members.length > 1 || isPrivate) for (const one of members) retainers.set(one, instance);
  }
  return retainers;
}

/** Whether a path starts in the program, or in a package of it. */
function startsInProgram({ origin, file, text }: OwnerPath): boolean {
  if (origin === 'nest') return true;
  if (origin === 'global') return text !== 'globalThis' && text !== 'process';
  return file !== null && !isNodeFile(file);
}

const ENGINE_CLASSES = new Set([
  'Function',
  'Object',
  'system / Context',
  '(string)',
  '(array)',
  '(closure)',
]);

/** Whether an accumulation has only classes that Node and V8 create many objects of for themselves. */
function isOfEngine({ composition }: AccumulationPoint): boolean {
  return composition.every(({ className }) => ENGINE_CLASSES.has(className) || className.startsWith('('));
}

/** The node to name for an accumulation point: a container, the first link of a chain, or what the members share. */
function retainerOf(heap: Heap, point: AccumulationPoint): number {
  if (point.kind === 'chain') return firstNamedLink(heap, point);
  if (point.kind === 'object' && containerAt(heap, point.node) !== null) return point.node;
  const common = commonRetainer(heap, point.members);
  return common < 0 ? point.node : common;
}

/** The first link of a chain that is an object of the program or a string; for a list inside V8, the object that owns it. */
function firstNamedLink(heap: Heap, { node, members }: AccumulationPoint): number {
  const { graph } = heap;
  const link = members.find(
    (one) =>
      isText(heap, one) || (graph.typeOf(one) === 'object' && !graph.nameOf(one).startsWith('system /')),
  );
  const isFunction = (one: number | undefined): one is number =>
    one !== undefined && graph.typeOf(one) === 'closure';
  return link ?? (isFunction(members[0]) ? members[0] : node);
}

/** Whether a node is a string that was appended to: V8 stores it as a chain of its pieces. */
export function isText({ graph }: Heap, node: number): boolean {
  return graph.typeOf(node) === 'concatenated string';
}
