type Root = [name: string, object: object, cost: number];

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Where a walk begins: modules first, since a path from a file is the one a person would draw; what the event loop
 * holds last. Programs of ES modules have no cache of modules that can be seen: their functions, reached from
 * servers and timers, lead to their variables.
 */
export function findRoots(load: NodeJS.Require | undefined): Root[] {
  const roots: Root[] = [];
  // Each module's object by itself: `children` and `parent` would lead to its neighbours.
  for (const [file, loaded] of Object.entries(load?.cache ?? {})) {
    // Whoever loads a module afresh may leave a hole.
    const exports = (loaded as { exports: unknown } | undefined)?.exports;
    if ((typeof exports === 'object' && exports !== null) || typeof exports === 'function') {
      roots.push([file, exports, 0]);
    }
  }
  const handles = process as unknown as {
    _getActiveHandles(): object[];
    _getActiveRequests(): object[];
  };
  for (const handle of handles._getActiveHandles()) roots.push([handle.constructor.name, handle, 40]);
  for (const request of handles._getActiveRequests()) roots.push([request.constructor.name, request, 60]);
  // A timer of the same length stands in one list with ours, and lists of timers are held by nothing else to be seen.
  const LENGTHS_MS = [
    1, 10, 50, 100, 200, 250, 500, 1e3, 2e3, 5e3, 1e4, 1.5e4, 2e4, 3e4, 6e4, 1.2e5, 3e5, 6e5, 9e5, 1.8e6,
    3.6e6, 7.2e6, 8.64e7,
  ];
  for (const ms of LENGTHS_MS) {
    const ours = setTimeout(() => {}, ms) as unknown as { _idleNext: object | null };
    const neighbour = ours._idleNext; // the one started before ours
    clearTimeout(ours as never);
    if (neighbour && '_onTimeout' in neighbour) roots.push([`timers of ${ms} ms`, neighbour, 40]);
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, name);
    const value: unknown = property && 'value' in property ? property.value : undefined;
    if (value === globalThis || value === process) continue;
    const native =
      typeof value === 'function' && Function.prototype.toString.call(value).endsWith('{ [native code] }');
    const own = [
      'Atomics',
      'JSON',
      'Math',
      'Intl',
      'Reflect',
      'WebAssembly',
      'console',
      'global',
      'globalThis',
    ];
    if (native || own.includes(name)) continue;
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      roots.push([`globalThis.${name}`, value, 6]);
    }
  }
  roots.push(['process', process, 40]);
  return roots;
}
