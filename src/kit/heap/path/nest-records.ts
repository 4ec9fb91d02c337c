import { orderedEntries } from '../collections/ordered-table.js';
import { weakValues } from '../collections/weak-table.js';
import { HeapGraph } from '../graph/heap-graph.js';

/** What Nest's dependency injection container records about modules and providers. */
export interface NestRecords {
  /** For an instance that Nest created or was given: the modules that provide it, and its label. */
  readonly providedBy: ReadonlyMap<number, readonly { module: number; label: string }[]>;
  /** For a module: the modules that import it. */
  readonly importedBy: ReadonlyMap<number, readonly number[]>;
  /** The class names of modules. */
  readonly moduleNames: ReadonlyMap<number, string>;
}

/** The Maps of a Nest module (packages/core/injector/module.ts) whose values wrap instances. */
const PROVIDER_MAPS = ['_providers', '_controllers', '_injectables', '_middlewares'];
/** Nest's own module, which every other module imports. */
const CORE_MODULE = 'InternalCoreModule';

/**
 * Reads Nest's records from a heap. Module._providers maps a token to an InstanceWrapper, and the wrapper stores its
 * instances in a WeakMap, one host object for each context. Everything of another shape is ignored: without Nest, or
 * with a version of Nest that stores them differently, the records are empty.
 */
export function readNestRecords(graph: HeapGraph): NestRecords {
  const providedBy = new Map<number, { module: number; label: string }[]>();
  const importedBy = new Map<number, number[]>();
  const moduleNames = new Map<number, string>();
  for (const module of nestModules(graph)) {
    const metatype = graph.follow(module, 'property', '_metatype');
    const moduleName = metatype < 0 ? 'Module' : graph.nameOf(metatype);
    if (moduleName === CORE_MODULE) continue;
    moduleNames.set(module, moduleName);
    for (const property of PROVIDER_MAPS) {
      const map = graph.follow(module, 'property', property);
      if (map < 0) continue;
      for (const { value: wrapper } of orderedEntries(graph, map)) {
        if (wrapper < 0) continue;
        for (const instance of instancesOf(graph, wrapper)) {
          append(providedBy, instance, { module, label: providerLabel(graph, wrapper, instance) });
        }
      }
    }
    const imports = graph.follow(module, 'property', '_imports');
    if (imports < 0) continue;
    for (const { key: imported } of orderedEntries(graph, imports)) {
      if (imported >= 0) append(importedBy, imported, module);
    }
  }
  return { providedBy, importedBy, moduleNames };
}

function nestModules(graph: HeapGraph): number[] {
  const name = graph.strings.indexOf('Module');
  const object = graph.nodeType('object');
  const modules: number[] = [];
  if (name < 0) return modules;
  for (let node = graph.names.indexOf(name); node >= 0; node = graph.names.indexOf(name, node + 1)) {
    // The class of a CommonJS module is also called Module.
    if (graph.types[node] === object && graph.follow(node, 'property', '_providers') >= 0) modules.push(node);
  }
  return modules;
}

function instancesOf(graph: HeapGraph, wrapper: number): number[] {
  const values = graph.follow(wrapper, 'property', 'values');
  if (values < 0) return [];
  return weakValues(graph, values)
    .map((host) => graph.follow(host, 'property', 'instance'))
    .filter((instance) => instance >= 0 && graph.typeOf(instance) !== 'hidden');
}

const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise']);

/** The class of a provided instance. For a plain value or the result of a factory it is the token, which tells more. */
function providerLabel(graph: HeapGraph, wrapper: number, instance: number): string {
  const className = graph.nameOf(instance);
  if (graph.typeOf(instance) === 'object' && !PLAIN.has(className)) return className;
  const token = graph.follow(wrapper, 'property', 'token');
  if (token < 0 || graph.typeOf(token).endsWith(' string')) return className;
  return graph.nameOf(token);
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
