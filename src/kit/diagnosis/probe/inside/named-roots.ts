import type { types as utilTypes } from 'node:util';
import type { FunctionInside } from './inspector.js';
import type { Objects } from './reflect.js';
import type { Root } from './types.js';

/** Where names begin that a person of the program knows: files, and modules of Nest. */
export interface Landmarks {
  passObject(object: object): void;
  passFunction(program: object, inside: FunctionInside): void;
  /** What was passed so far is where the next walks begin. @returns how many modules of Nest that is. */
  settle(): number;
  roots(): Root[];
  /** What a module of Nest imports and provides, each with its name; null of anything else. */
  nestSteps(object: object): [name: string, object: object][] | null;
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * Neither the files of ES modules nor the modules of Nest can be asked for: a walk comes by them, and what it came
 * by first is seldom what a person would begin with. So one walk scouts, and the next begins where names do. What
 * is remembered in between is remembered weakly.
 *
 * @param begin what it costs to begin there
 * @param isPackage of a script, by V8's id
 */
export function makeLandmarks(
  types: typeof utilTypes,
  { valueAt, classOf }: Objects,
  begin: { nestRoot: number; nestImported: number; ownModule: number; dependency: number },
  isPackage: (script: string) => boolean,
): Landmarks {
  /** The Maps of a Nest module (packages/core/injector/module.ts) whose values wrap instances. */
  const PROVIDERS = ['_providers', '_controllers', '_injectables', '_middlewares'];
  /** Nest's own, which every module has: they lead everywhere, and name nothing. */
  const NESTS_OWN = new Set(['InternalCoreModule', 'ModuleRef', 'ApplicationConfig']);
  const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'WeakMap', 'Promise', 'Function', 'Proxy']);

  interface Window {
    program: WeakRef<object>;
    scopes: number;
  }
  /** For each script, the function that sees its variables through the fewest others. */
  const windows = new Map<string, Window>();
  const modules = new Map<object, string>();
  let settled: { modules: WeakRef<object>[]; windows: [script: string, program: WeakRef<object>][] } = {
    modules: [],
    windows: [],
  };

  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

  /** The name of a module, by the shape of its books; null of anything else. */
  function moduleName(object: object): string | null {
    const isBooks = types.isMap(valueAt(object, '_providers')) && types.isSet(valueAt(object, '_imports'));
    if (!isBooks) return null;
    const metatype = valueAt(object, '_metatype');
    const name = typeof metatype === 'function' ? String(valueAt(metatype, 'name')) : 'Module';
    return NESTS_OWN.has(name) ? null : name;
  }

  function importsOf(module: object): object[] {
    const imports = valueAt(module, '_imports') as Set<unknown>;
    return [...(Set.prototype.values.call(imports) as Iterable<unknown>)].filter(isObject);
  }

  /** By its class; products of factories and plain values by the token that asks for them. */
  function labelOf(instance: object, token: unknown): string {
    const className = classOf(instance);
    if (!PLAIN.has(className)) return className;
    if (typeof token === 'symbol') return token.description ?? className;
    return typeof token === 'string' ? token : className;
  }

  return {
    passObject(object) {
      const name = moduleName(object);
      if (name !== null) modules.set(object, name);
    },
    passFunction(program, { script, scopes }) {
      // What wraps a CommonJS file has no name; nor has the scope of an ES module.
      const outermost = scopes.at(-1);
      if (!outermost || !/^(Module|Script|Closure$)/.test(outermost.description)) return;
      const known = windows.get(script);
      if (known && known.scopes <= scopes.length && known.program.deref()) return;
      windows.set(script, { program: new WeakRef(program), scopes: scopes.length });
    },
    settle() {
      settled = {
        modules: [...modules.keys()].map((module) => new WeakRef(module)),
        windows: [...windows].map(([script, { program }]) => [script, program]),
      };
      modules.clear();
      windows.clear();
      return settled.modules.length;
    },
    roots() {
      const books = settled.modules.flatMap((module) => module.deref() ?? []);
      const imported = new Set(books.flatMap(importsOf));
      const files = settled.windows.flatMap(([script, program]): Root[] => {
        const object = program.deref();
        if (!object) return [];
        const price = isPackage(script) ? begin.dependency : begin.ownModule;
        return [{ edge: { kind: 'module', name: '', script }, object, price }];
      });
      const nest = books.map((object): Root => ({
        edge: { kind: 'nest', name: moduleName(object) ?? 'Module' },
        object,
        price: imported.has(object) ? begin.nestImported : begin.nestRoot,
      }));
      return [...nest, ...files];
    },
    nestSteps(module) {
      if (moduleName(module) === null) return null;
      const steps = importsOf(module).flatMap((one): [string, object][] => {
        const name = moduleName(one);
        return name === null ? [] : [[name, one]];
      });
      for (const list of PROVIDERS) {
        const wrapped = valueAt(module, list);
        if (!types.isMap(wrapped)) continue;
        for (const [token, wrapper] of Map.prototype.entries.call(wrapped) as Iterable<[unknown, unknown]>) {
          if (!isObject(wrapper) || classOf(wrapper) !== 'InstanceWrapper') continue;
          // Nest's own accessor: it looks into a WeakMap, and does nothing else.
          const { instance } = wrapper as { instance?: unknown };
          if (!isObject(instance) || types.isProxy(instance)) continue;
          const label = labelOf(instance, token);
          if (!NESTS_OWN.has(label)) steps.push([label, instance]);
        }
      }
      return steps;
    },
  };
}
