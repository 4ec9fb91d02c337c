import type { Introspection } from './introspection.js';
import { ownKeysOf, isObject, valueAt } from './reflect.js';
import type { Edge } from './walk-result.js';

const MOST_PROTOTYPES = 6;
/** `fields.set(this, …)`, or a helper of a compiler that is given `this` and the WeakMap. */
const SETS_WEAK_FIELD = /\.set\(\s*this\s*,|[\w$]\(\s*this\s*,\s*[\w$]/;

/** A WeakMap that the scope of a class has, and the variable that it is in. */
interface WeakField {
  values: WeakMap<object, unknown>;
  edge: Edge;
}

/**
 * Fields that a class keeps in WeakMaps by instance. Compilers make them of `#private` fields: TypeScript below ES2022,
 * Babel, swc and esbuild. Nothing else leads from an instance to their values.
 */
export class WeakFields {
  readonly #introspection: Introspection;
  /** By prototype. */
  readonly #known = new WeakMap<object, WeakField[]>();

  constructor(introspection: Introspection) {
    this.#introspection = introspection;
  }

  /** @param object not a proxy @returns the fields that it has, by the variables of their WeakMaps */
  of(object: object): [edge: Edge, value: unknown][] {
    const { types } = this.#introspection;
    const found: [Edge, unknown][] = [];
    let at = Object.getPrototypeOf(object) as object | null;
    for (let level = 0; at && at !== Object.prototype && level < MOST_PROTOTYPES; level += 1) {
      if (types.isProxy(at)) break;
      for (const { values, edge } of this.#fieldsOf(at)) {
        if (WeakMap.prototype.has.call(values, object))
          found.push([edge, unwrapped(WeakMap.prototype.get.call(values, object))]);
      }
      at = Object.getPrototypeOf(at) as object | null;
    }
    return found;
  }

  #fieldsOf(prototype: object): WeakField[] {
    let fields = this.#known.get(prototype);
    if (!fields) {
      fields = this.#read(prototype);
      this.#known.set(prototype, fields);
    }
    return fields;
  }

  #read(prototype: object): WeakField[] {
    const { types, reflection, inspector } = this.#introspection;
    const constructor = valueAt(prototype, 'constructor');
    if (typeof constructor !== 'function' || !SETS_WEAK_FIELD.test(reflection.sourceOf(constructor)))
      return [];
    const details = inspector.functionDetails(constructor);
    if (!details) return [];
    const { script, line, column, scopes } = details;
    return scopes.flatMap(({ variables }, depth) =>
      Array.from(variables).flatMap(([name, values]): WeakField[] => {
        if (!types.isWeakMap(values)) return [];
        const scope = depth === scopes.length - 1 ? '' : 'anonymous';
        return [{ values, edge: { kind: 'private', name, script, scope, line, column } }];
      }),
    );
  }
}

/** Babel and swc store the value in a descriptor. */
function unwrapped(value: unknown): unknown {
  if (!isObject(value)) return value;
  const keys = ownKeysOf(value);
  const isDescriptor = keys.length === 2 && keys.includes('writable') && keys.includes('value');
  return isDescriptor ? valueAt(value, 'value') : value;
}
