import { types } from 'node:util';
import { bareObjectsIn } from './bare-objects.js';
import { SelfInspection } from './inspect-self.js';
import { isPrototype, ownObjects } from './own-objects.js';
import { pay } from './cost.js';

export interface LiveHeapOptions {
  say: (note: string) => void;
  /** The console's own objects, and where it ends and the program begins. */
  own: () => { roots: object[]; program: unknown[] };
  /** The global objects of the consoles: what a person keeps there is no part of the program. */
  prompts: () => object[];
}

/** Whose live objects: a class, the name of one, or all of them. */
export type Kind = string | (abstract new (...args: never[]) => unknown);

/** The live objects of this process, without those of the console: no snapshot is taken for them. */
export class LiveHeap {
  constructor(private readonly options: LiveHeapOptions) {}

  /** Calls `use` with each. It must not keep them: they are gone from here when the call ends. */
  each(prototype: object, verb: string, force: boolean | undefined, use: (object: object) => void): void {
    this.eachOf(prototype, { verb, force }, use);
  }

  /** The same with those that inherit nothing, as far as other objects hold them. It takes longer. */
  eachOfAll(verb: string, force: boolean | undefined, use: (object: object) => void): void {
    this.eachOf(Object.prototype, { verb, force, bare: true }, use);
  }

  private eachOf(
    prototype: object,
    { verb, force, bare }: { verb: string; force: boolean | undefined; bare?: true },
    use: (object: object) => void,
  ): void {
    pay(bare ? 'live objects and what they hold' : 'live objects', { say: this.options.say, verb, force });
    SelfInspection.ask((inspection) => {
      const { roots, program } = this.options.own();
      const instances = inspection.instancesOf(prototype);
      const own = ownObjects([...roots, inspection, inspection.own], program);
      const seen = new Set(own);
      for (const instance of instances) {
        // A prototype has its class's own above it, and is no object of anybody.
        if (own.has(instance) || types.isProxy(instance) || isPrototype(instance)) continue;
        use(instance);
        if (bare) for (const one of bareObjectsIn(instance, seen)) use(one);
      }
    });
  }

  /** The objects of one kind: of a class with its subclasses; of a name those whose own class is called so. */
  ofKind(kind: Kind, verb: string, force?: boolean): object[] {
    const found: object[] = [];
    if (typeof kind === 'function')
      this.each(kind.prototype as object, verb, force, (one) => found.push(one));
    else {
      const named = classNames();
      this.each(rootOf(kind), verb, force, (one) => {
        if (named(one) === kind) found.push(one);
      });
    }
    return found;
  }
}

/** Where to look for what is called so: a built-in is asked for by itself, which takes less memory. */
function rootOf(name: string): object {
  const known = Object.getOwnPropertyDescriptor(globalThis, name)?.value as
    { prototype?: object } | undefined;
  return known?.prototype ?? Object.prototype;
}

/** Names objects by their class. Each prototype is looked at once, and no getter of the program is called. */
export function classNames(): (object: object) => string {
  const names = new Map<object | null, string>();
  return (object) => {
    const prototype = Object.getPrototypeOf(object) as object | null;
    let name = names.get(prototype);
    if (name === undefined) {
      name = nameOfClass(prototype);
      names.set(prototype, name);
    }
    return name;
  };
}

function nameOfClass(prototype: object | null): string {
  if (prototype === null) return 'Object'; // as V8 says
  for (
    let at: object | null = prototype;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    const name =
      typeof made === 'function' ? Object.getOwnPropertyDescriptor(made, 'name')?.value : undefined;
    if (typeof name === 'string' && name !== '') return name;
  }
  return '(anonymous)';
}
