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

/** Where memory has gathered, and the object that an engineer of the program would point at. */
export interface Gathering {
  point: AccumulationPoint;
  bytes: number;
  /** What holds it, as a node. */
  holder: number;
  path: OwnerPath;
  /** The whole path to where it is kept, which may be inside of the holder. */
  keptAt: string;
  container: Container | null;
  /** Whether the holder holds it all alone, so that its size is that of the gathering. */
  isWhole: boolean;
  /** The functions among what is held, the program's own first. */
  functions: FunctionPlace[];
}

/**
 * Null for what is not the program's: everything that Node and V8 keep for themselves.
 *
 * @param grew whether it was gained since an earlier snapshot: what a container of Node's own gains, it was given
 */
export function gatheringAt(heap: Heap, point: AccumulationPoint, grew: boolean): Gathering | null {
  const isGlobal = point.kind === 'siblings' && heap.landmarks.globals.has(point.node);
  const functions = functionsKeptBy(heap, point.members);
  const holder = holderOf(heap, point);
  const container = containerAt(heap, holder);
  const path = ownerPath(heap, holder);
  if (path === null) return null;
  // Node's own functions and records hang from the global object, compiled code from the roots.
  const mayBeEngines = point.kind === 'siblings' && isEngine(point);
  if (mayBeEngines && (container === null || !(isGlobal ? functions.length > 0 : isProgram(path))))
    return null;
  const isGiven = grew && container !== null && path.origin === 'module';
  // Objects of a class of Node's that only native code holds were still made for the program.
  const isMade = grew && point.kind === 'siblings' && !isEngine(point);
  if (!(isProgram(path) || functions.length > 0 || isGiven || isMade)) return null;
  return {
    point,
    bytes: point.gatheredBytes,
    holder,
    path,
    keptAt: path.text,
    isWhole: point.kind === 'object' && holder === point.node,
    container,
    functions,
  };
}

/**
 * Gatherings that have one holder are one. Those inside of one instance of a package's class are one as well, and so
 * is what such an instance keeps in a private field: its owner can change neither, but can change how it is used.
 */
export function merged(heap: Heap, gatherings: readonly Gathering[]): Gathering[] {
  const inside = new Map<number, Gathering[]>();
  for (const one of gatherings) {
    const instance = packageInstanceAbove(heap, one.holder);
    if (instance >= 0) inside.set(instance, [...(inside.get(instance) ?? []), one]);
  }
  const lifted = new Map<Gathering, number>();
  for (const [instance, members] of inside) {
    const isPrivate = members.some(({ path }) => /\.#\w+$/.test(path.text));
    if (members.length > 1 || isPrivate) for (const one of members) lifted.set(one, instance);
  }
  const byHolder = new Map<number, Gathering>();
  for (const one of gatherings) {
    const holder = lifted.get(one) ?? one.holder;
    const same = byHolder.get(holder);
    if (same !== undefined) {
      same.bytes += one.bytes;
      if ((one.container?.entries ?? 0) > (same.container?.entries ?? 0)) same.container = one.container;
    } else {
      const path = holder === one.holder ? one.path : ownerPath(heap, holder);
      if (path !== null)
        byHolder.set(holder, { ...one, holder, path, isWhole: holder !== one.holder || one.isWhole });
    }
  }
  return [...byHolder.values()];
}

/** Where the story of the path begins in the program, or in a package of it. */
function isProgram({ origin, file, text }: OwnerPath): boolean {
  if (origin === 'nest') return true;
  if (origin === 'global') return text !== 'globalThis' && text !== 'process';
  return file !== null && !file.startsWith('node:');
}

const ENGINE = new Set(['Function', 'Object', 'system / Context', '(string)', '(array)', '(closure)']);

function isEngine({ madeOf }: AccumulationPoint): boolean {
  return madeOf.every(({ className }) => ENGINE.has(className) || className.startsWith('('));
}

function holderOf(heap: Heap, point: AccumulationPoint): number {
  if (point.kind === 'chain') return headOf(heap, point);
  if (point.kind === 'object' && containerAt(heap, point.node) !== null) return point.node;
  const common = commonHolder(heap, point.members);
  return common < 0 ? point.node : common;
}

/** The first link that a variable or a property names; of a list inside of V8, the object that has it. */
function headOf(heap: Heap, { node, members }: AccumulationPoint): number {
  const { graph } = heap;
  const head = members.find(
    (one) =>
      isText(heap, one) || (graph.typeOf(one) === 'object' && !graph.nameOf(one).startsWith('system /')),
  );
  return head ?? node;
}

/** A text that is appended to: V8 keeps it as a chain of what it was made from. */
export function isText({ graph }: Heap, node: number): boolean {
  return graph.typeOf(node) === 'concatenated string';
}
