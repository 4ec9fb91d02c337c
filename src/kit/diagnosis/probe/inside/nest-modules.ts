import { type Reflection, type UtilTypes, isObject, valueAt } from './reflect.js';

/** The Maps of a Nest module (packages/core/injector/module.ts) whose values wrap instances. */
const PROVIDER_MAPS = ['_providers', '_controllers', '_injectables', '_middlewares'];
/** Nest's own, which every module has: they lead everywhere and name nothing. */
const INTERNAL = new Set(['InternalCoreModule', 'ModuleRef', 'ApplicationConfig']);
/** Classes that do not name a provider: its token does. */
const PLAIN = new Set(['Object', 'Array', 'Map', 'Set', 'WeakMap', 'Promise', 'Function', 'Proxy']);

/** Reads the records that Nest has of its modules. */
export class NestModules {
  readonly #types: UtilTypes;
  readonly #reflection: Reflection;

  constructor({ types, reflection }: { types: UtilTypes; reflection: Reflection }) {
    this.#types = types;
    this.#reflection = reflection;
  }

  /** The name of a module, which is known by its fields; null for anything else. */
  nameOf(object: object): string | null {
    const isModule =
      this.#types.isMap(valueAt(object, '_providers')) && this.#types.isSet(valueAt(object, '_imports'));
    if (!isModule) return null;
    const metatype = valueAt(object, '_metatype');
    const name = typeof metatype === 'function' ? String(valueAt(metatype, 'name')) : 'Module';
    return INTERNAL.has(name) ? null : name;
  }

  importsOf(module: object): object[] {
    const imports = valueAt(module, '_imports');
    return this.#types.isSet(imports) ? [...Set.prototype.values.call(imports)].filter(isObject) : [];
  }

  /** What a module imports and provides, each with its name; null for anything that is no module. */
  edgesOf(module: object): [name: string, object: object][] | null {
    if (this.nameOf(module) === null) return null;
    const edges = this.importsOf(module).flatMap((imported): [string, object][] => {
      const name = this.nameOf(imported);
      return name === null ? [] : [[name, imported]];
    });
    for (const key of PROVIDER_MAPS) edges.push(...this.#providersIn(valueAt(module, key)));
    return edges;
  }

  *#providersIn(wrappers: unknown): Generator<[name: string, object: object]> {
    if (!this.#types.isMap(wrappers)) return;
    for (const [token, wrapper] of Map.prototype.entries.call(wrappers)) {
      if (!isObject(wrapper) || this.#reflection.classOf(wrapper) !== 'InstanceWrapper') continue;
      // The one accessor that the probe calls. It is Nest's own: it reads a WeakMap and does nothing else.
      const instance: unknown = Reflect.get(wrapper, 'instance');
      if (!this.#reflection.isReadable(instance)) continue;
      const label = this.#labelOf(instance, token);
      if (!INTERNAL.has(label)) yield [label, instance];
    }
  }

  /** The class of a provider; for a plain value, or what a factory made, the token that it is injected by. */
  #labelOf(instance: object, token: unknown): string {
    const className = this.#reflection.classOf(instance);
    if (!PLAIN.has(className)) return className;
    if (typeof token === 'symbol') return token.description ?? className;
    return typeof token === 'string' ? token : className;
  }
}
