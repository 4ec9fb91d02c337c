import { types } from 'node:util';
import { bareObjectsIn } from './bare-objects.js';
import { SelfInspection } from './inspect-self.js';
import { isPrototype, ownObjects } from './own-objects.js';
import { announceCost } from './cost.js';

export interface LiveHeapOptions {
  notify: (note: string) => void;
  /** The roots of the console's own objects, and the objects of the program at which they end. */
  own: () => { roots: object[]; program: unknown[] };
  /** The clients' global objects: the variables of a prompt are not part of the program. */
  prompts: () => object[];
}

/** A class, or the name of one. */
export type Kind = string | (abstract new (...args: never[]) => unknown);

/** The live objects of this process, without those of the console. V8 finds them without a snapshot. */
export class LiveHeap {
  constructor(private readonly options: LiveHeapOptions) {}

  /** Calls `use` with each live object that inherits from a prototype. `use` must not store them. */
  each(prototype: object, verb: string, force: boolean | undefined, use: (object: object) => void): void {
    this.eachOf(prototype, { verb, force }, use);
  }

  /** The same for all objects, also those without a prototype that other objects reference. It takes longer. */
  eachOfAll(verb: string, force: boolean | undefined, use: (object: object) => void): void {
    this.eachOf(Object.prototype, { verb, force, bare: true }, use);
  }

  private eachOf(
    prototype: object,
    { verb, force, bare }: { verb: string; force: boolean | undefined; bare?: true },
    use: (object: object) => void,
  ): void {
    const step = bare ? 'live-objects-and-dictionaries' : 'live-objects';
    announceCost(step, { notify: this.options.notify, verb, force });
    SelfInspection.ask((inspection) => {
      const { roots, program } = this.options.own();
      const instances = inspection.instancesOf(prototype);
      const own = ownObjects([...roots, inspection, inspection.own], program);
      const seen = new Set(own);
      for (const instance of instances) {
        // The prototypes of subclasses inherit from it as well, and are not instances.
        if (own.has(instance) || types.isProxy(instance) || isPrototype(instance)) continue;
        use(instance);
        if (bare) for (const one of bareObjectsIn(instance, seen)) use(one);
      }
    });
  }

  /** Live objects of a class and its subclasses; by name, those whose own class has that name. */
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

/** The prototype to search below for a class name. A built-in has its own, and searching there takes less memory. */
function rootOf(name: string): object {
  // A global of that name may be anything.
  const known = Object.getOwnPropertyDescriptor(globalThis, name)?.value as
    { prototype?: object } | undefined;
  return known?.prototype ?? Object.prototype;
}

/** Names objects by their class. It reads each prototype once, and calls no getter of the program. */
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
  if (prototype === null) return 'Object'; // as V8 names it
  for (
    let at: object | null = prototype;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    const name =
      typeof constructor === 'function'
        ? Object.getOwnPropertyDescriptor(constructor, 'name')?.value
        : undefined;
    if (typeof name === 'string' && name !== '') return name;
  }
  return '(anonymous)';
}
