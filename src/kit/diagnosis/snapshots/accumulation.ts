import {
  AccumulationPoint,
  Container,
  FunctionPlace,
  Heap,
  OwnerPath,
  commonHolder,
  containerAt,
  functionsKeptBy,
  ownerPath,
  packageInstanceAbove,
} from '../../heap/index.js';

/** An accumulation point of the dominator tree, with the object that an engineer of the program would name. */
export interface Accumulation {
  point: AccumulationPoint;
  bytes: number;
  /** The node to name. */
  retainer: number;
  path: OwnerPath;
  /** The whole path to the accumulation point, which may lie inside the retainer. */
  fullPath: string;
  container: Container | null;
  /** Whether the retainer alone retains all of it, so that its retained size is that of the accumulation. */
  isWhole: boolean;
  /** The functions among what is retained, the program's own first. */
  functions: FunctionPlace[];
}

/**
 * The retainer to name at an accumulation point; null for what belongs to Node or V8.
 *
 * @param grew whether it was gained since an earlier snapshot: the program filled a container of Node's that grew
 */
export function accumulationAt(heap: Heap, point: AccumulationPoint, grew: boolean): Accumulation | null {
  const isGlobal = point.kind === 'siblings' && heap.landmarks.globals.has(point.node);
  const functions = functionsKeptBy(heap, point.members);
  const retainer = retainerOf(heap, point);
  const container = containerAt(heap, retainer);
  const path = ownerPath(heap, retainer);
  if (path === null) return null;
  // Node's own functions and records are dominated by the global object, compiled code by the roots.
  const mayBeEngines = point.kind === 'siblings' && isEngine(point);
  if (mayBeEngines && (container === null || !(isGlobal ? functions.length > 0 : isProgram(path))))
    return null;
  const isGiven = grew && container !== null && path.origin === 'module';
  // Objects of Node's classes that only native code retains were still created for the program.
  const isMade = grew && point.kind === 'siblings' && !isEngine(point);
  if (!(isProgram(path) || functions.length > 0 || isGiven || isMade)) return null;
  return {
    point,
    bytes: point.gatheredBytes,
    retainer,
    path,
    fullPath: path.text,
    isWhole: point.kind === 'object' && retainer === point.node,
    container,
    functions,
  };
}

/**
 * One accumulation for each retainer. Accumulations inside one instance of a package's class are one as well, and so is
 * what such an instance keeps in a private field: the program cannot change either, but can change how it uses it.
 */
export function merged(heap: Heap, accumulations: readonly Accumulation[]): Accumulation[] {
  const inside = new Map<number, Accumulation[]>();
  for (const one of accumulations) {
    const instance = packageInstanceAbove(heap, one.retainer);
    if (instance >= 0) inside.set(instance, [...(inside.get(instance) ?? []), one]);
  }
  const lifted = new Map<Accumulation, number>();
  for (const [instance, members] of inside) {
    const isPrivate = members.some(({ path }) => /\.#\w+$/.test(path.text));
    if (members.length > 1 || isPrivate) for (const one of members) lifted.set(one, instance);
  }
  const byRetainer = new Map<number, Accumulation>();
  for (const one of accumulations) {
    const retainer = lifted.get(one) ?? one.retainer;
    const same = byRetainer.get(retainer);
    if (same !== undefined) {
      same.bytes += one.bytes;
      if ((one.container?.entries ?? 0) > (same.container?.entries ?? 0)) same.container = one.container;
    } else {
      const path = retainer === one.retainer ? one.path : ownerPath(heap, retainer);
      if (path !== null)
        byRetainer.set(retainer, {
          ...one,
          retainer,
          path,
          isWhole: retainer !== one.retainer || one.isWhole,
        });
    }
  }
  return [...byRetainer.values()];
}

/** Whether a path begins in the program, or in a package of it. */
function isProgram({ origin, file, text }: OwnerPath): boolean {
  if (origin === 'nest') return true;
  if (origin === 'global') return text !== 'globalThis' && text !== 'process';
  return file !== null && !file.startsWith('node:');
}

const ENGINE = new Set(['Function', 'Object', 'system / Context', '(string)', '(array)', '(closure)']);

function isEngine({ madeOf }: AccumulationPoint): boolean {
  return madeOf.every(({ className }) => ENGINE.has(className) || className.startsWith('('));
}

function retainerOf(heap: Heap, point: AccumulationPoint): number {
  if (point.kind === 'chain') return headOf(heap, point);
  if (point.kind === 'object' && containerAt(heap, point.node) !== null) return point.node;
  const common = commonHolder(heap, point.members);
  return common < 0 ? point.node : common;
}

/** The first link that a variable or a property names; for a list inside V8, the object that owns it. */
function headOf(heap: Heap, { node, members }: AccumulationPoint): number {
  const { graph } = heap;
  const head = members.find(
    (one) =>
      isText(heap, one) || (graph.typeOf(one) === 'object' && !graph.nameOf(one).startsWith('system /')),
  );
  return head ?? node;
}

/** A string that is appended to: V8 stores it as a chain of its pieces. */
export function isText({ graph }: Heap, node: number): boolean {
  return graph.typeOf(node) === 'concatenated string';
}
