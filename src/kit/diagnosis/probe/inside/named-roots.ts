import { ROOT_COSTS } from './costs.js';
import type { FunctionDetails } from './inspector.js';
import type { NestModules } from './nest-modules.js';
import type { WalkRoot } from './walk-result.js';

/** The outermost scope of a function in a file. The function around a CommonJS file has no name, nor has an ES module. */
const FILE_SCOPE = /^(Module|Script|Closure$)/;

/** A function through which the variables of its file are seen, across so many scopes. */
interface FileFunction {
  fn: WeakRef<object>;
  scopes: number;
}

/**
 * Roots whose names the programmer knows: files, and modules of Nest.
 *
 * Nothing lists the files of ES modules or the modules of Nest, so a first walk (the scout) collects them as it meets
 * them, and the next walks begin there. Between walks they are remembered by weak references.
 */
export class NamedRoots {
  readonly #nestModules: NestModules;
  readonly #isPackage: (script: string) => boolean;
  /** By script: the function with the fewest scopes between itself and the file. */
  readonly #fileFunctions = new Map<string, FileFunction>();
  readonly #modules = new Set<object>();
  #roots: { modules: WeakRef<object>[]; files: [script: string, fn: WeakRef<object>][] } = {
    modules: [],
    files: [],
  };

  /** @param isPackage whether a script belongs to an installed package, by V8's id */
  constructor(nestModules: NestModules, isPackage: (script: string) => boolean) {
    this.#nestModules = nestModules;
    this.#isPackage = isPackage;
  }

  meetObject(object: object): void {
    if (this.#nestModules.nameOf(object) !== null) this.#modules.add(object);
  }

  meetFunction(fn: object, { script, scopes }: FunctionDetails): void {
    const outermost = scopes.at(-1);
    if (!outermost || !FILE_SCOPE.test(outermost.description)) return;
    const known = this.#fileFunctions.get(script);
    if (known && known.scopes <= scopes.length && known.fn.deref()) return;
    this.#fileFunctions.set(script, { fn: new WeakRef(fn), scopes: scopes.length });
  }

  /** Makes what was met so far the roots of the next walks. @returns how many modules of Nest were met */
  settle(): number {
    this.#roots = {
      modules: [...this.#modules].map((module) => new WeakRef(module)),
      files: [...this.#fileFunctions].map(([script, { fn }]) => [script, fn]),
    };
    this.#modules.clear();
    this.#fileFunctions.clear();
    return this.#roots.modules.length;
  }

  roots(): WalkRoot[] {
    return [...this.#nestRoots(), ...this.#fileRoots()];
  }

  #nestRoots(): WalkRoot[] {
    const modules = this.#roots.modules.flatMap((module) => module.deref() ?? []);
    const imported = new Set(modules.flatMap((module) => this.#nestModules.importsOf(module)));
    return modules.map((object) => ({
      edge: { kind: 'nest', name: this.#nestModules.nameOf(object) ?? 'Module' },
      object,
      cost: imported.has(object) ? ROOT_COSTS.nestImported : ROOT_COSTS.nestRoot,
    }));
  }

  #fileRoots(): WalkRoot[] {
    return this.#roots.files.flatMap(([script, fn]): WalkRoot[] => {
      const object = fn.deref();
      if (!object) return [];
      const cost = this.#isPackage(script) ? ROOT_COSTS.dependency : ROOT_COSTS.ownModule;
      return [{ edge: { kind: 'module', name: '', script }, object, cost }];
    });
  }
}
