/** The variables of a scope as the inspector shows them: V8 makes such an object each time that it is asked. */
export class Scope {
  /** In V8's words: `Closure (createStore)`, `Module`, `Script`. */
  readonly description: string;
  readonly #object: object;
  #names: string[] | null = null;
  #variables: Map<string, unknown> | null = null;

  constructor(description: string, object: object) {
    this.description = description;
    this.#object = object;
  }

  get names(): readonly string[] {
    return (this.#names ??= Object.getOwnPropertyNames(this.#object));
  }

  /** Those that have a value by now, read when they are first asked for. */
  get variables(): ReadonlyMap<string, unknown> {
    if (this.#variables) return this.#variables;
    this.#variables = new Map();
    for (const name of this.names) {
      const [value] = this.valuesOf([name]);
      if (value) this.#variables.set(name, value.is);
    }
    return this.#variables;
  }

  /** V8 throws where a variable is read before its declaration has run: such a variable is null here. */
  valuesOf(names: readonly string[]): ({ is: unknown } | null)[] {
    return names.map((name) => {
      try {
        return { is: Reflect.get(this.#object, name) };
      } catch {
        return null;
      }
    });
  }
}
