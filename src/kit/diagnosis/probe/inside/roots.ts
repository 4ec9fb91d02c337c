import type { Root } from './types.js';

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Where a walk can begin without knowing the program: at its CommonJS files, since a path from a file is the one a
 * person would draw; at what the event loop holds last.
 *
 * @param begin what it costs to begin there
 */
export function findRoots(
  load: NodeJS.Require | undefined,
  begin: { ownModule: number; dependency: number; global: number; process: number; root: number },
): Root[] {
  const roots: Root[] = [];
  const add = (name: string, object: unknown, price: number): void => {
    if ((typeof object === 'object' && object !== null) || typeof object === 'function') {
      roots.push({ edge: { kind: 'root', name }, object, price });
    }
  };
  // Each module's object by itself: `children` and `parent` would lead to its neighbours.
  for (const [file, loaded] of Object.entries(load?.cache ?? {})) {
    const price = /[\\/]node_modules[\\/]/.test(file) ? begin.dependency : begin.ownModule;
    // Whoever loads a module afresh may leave a hole.
    add(file, (loaded as { exports: unknown } | undefined)?.exports, price);
  }
  const handles = process as unknown as {
    _getActiveHandles(): object[];
    _getActiveRequests(): object[];
  };
  /** So many of one class are a list of their own: nobody else counts them. */
  const MANY = 64;
  const byClass = new Map<string, object[]>();
  for (const one of [...handles._getActiveHandles(), ...handles._getActiveRequests()]) {
    const { name } = one.constructor;
    const open = byClass.get(name);
    if (open) open.push(one);
    else byClass.set(name, [one]);
  }
  for (const [name, open] of byClass) {
    if (open.length > MANY) add(`open handles of ${name}`, open, begin.root);
    else for (const one of open) add(name, one, begin.root);
  }
  // A timer of the same length stands in one list with ours, and lists of timers are held by nothing else to be seen.
  const upTo = (count: number, unitMs: number): number[] =>
    Array.from({ length: count }, (_, at) => (at + 1) * unitMs);
  // Tried one by one, within a millisecond: what people write down.
  const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
  const short = [1, ...upTo(10, 10), ...upTo(20, 100)];
  const usual = [...upTo(120, SECOND), ...upTo(120, 5 * SECOND)];
  const long = [...upTo(60, MINUTE), ...upTo(24, HOUR)];
  const lengthsMs = new Set([...short, ...usual, ...long]);
  for (const ms of lengthsMs) {
    const ours = setTimeout(() => {}, ms) as unknown as { _idleNext: object | null };
    const neighbour = ours._idleNext; // the one started before ours
    clearTimeout(ours as never);
    if (neighbour && '_onTimeout' in neighbour)
      add(`timers of ${ms.toLocaleString('en')} ms`, neighbour, begin.root);
  }
  const NODES_OWN = new Set([
    'Atomics',
    'JSON',
    'Math',
    'Intl',
    'Reflect',
    'WebAssembly',
    'console',
    'global',
    'globalThis',
  ]);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, name);
    const value: unknown = property && 'value' in property ? property.value : undefined;
    if (value === globalThis || value === process || NODES_OWN.has(name)) continue;
    const isNative =
      typeof value === 'function' && Function.prototype.toString.call(value).endsWith('{ [native code] }');
    if (!isNative) add(`globalThis.${name}`, value, begin.global);
  }
  add('process', process, begin.process);
  return roots;
}
