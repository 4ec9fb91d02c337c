/** A scope that a function closes over, as an object: the inspector shows another one each time. */
export interface ScopeRecord {
  readonly values: readonly (readonly [name: string, value: unknown])[];
}

/** So many scopes of one function are compared; more of them have other values. */
const MOST_COMPARED = 200;

class Scope implements ScopeRecord {
  readonly #isScope = true;

  constructor(readonly values: readonly (readonly [name: string, value: unknown])[]) {}

  /** Unlike `instanceof`, this does not ask the prototype of an object, which may be a proxy. */
  static is(object: object): object is Scope {
    return #isScope in object && object.#isScope;
  }
}

export const isScopeRecord = (object: object): object is ScopeRecord => Scope.is(object);

/**
 * Tells scopes apart by their variables. Two functions that see the same values in the same scope share it, but for
 * scopes that have no objects in them.
 */
export class ScopeRecords {
  readonly #byShape = new Map<string, Scope[]>();

  recordOf(description: string, variables: ReadonlyMap<string, unknown>): ScopeRecord {
    const shape = `${description} ${[...variables.keys()].join()}`;
    const alike = this.#byShape.get(shape) ?? [];
    const same = alike.find(({ values }) => values.every(([name, value]) => variables.get(name) === value));
    if (same) return same;
    const made = new Scope([...variables]);
    if (alike.length < MOST_COMPARED) alike.push(made);
    this.#byShape.set(shape, alike);
    return made;
  }

  forget(): void {
    this.#byShape.clear();
  }
}
