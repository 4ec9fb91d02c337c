import { BoundHintsReader } from './bound-hints.js';
import { CleanupTimers } from './cleanup-timers.js';
import { Comparison } from './compare.js';
import { ContainerDescriber } from './container-growth.js';
import { ContainerWeigher } from './container-weight.js';
import { fileCost } from './costs.js';
import { ThreadInspector } from './inspector.js';
import type { Introspection } from './introspection.js';
import { NamedRoots } from './named-roots.js';
import { NestModules } from './nest-modules.js';
import { PathIds } from './path-ids.js';
import { Reflection } from './reflect.js';
import { findRoots } from './roots.js';
import type { CodePosition, WalkRoot } from './walk-result.js';
import { Walker, type WalkerContext } from './walker.js';

/** V8's ids of scripts that are not the program's own. */
export interface ForeignScripts {
  /** Node's. */
  internal: string[];
  packages: string[];
}

/** The probe as `openProbe` calls it: arguments and results are plain data. */
export interface InsideProbe extends Pick<
  Comparison,
  'endEarly' | 'endScout' | 'endFirstWalk' | 'beginReport' | 'report' | 'recount' | 'clear' | 'close'
> {
  begin(scripts: ForeignScripts): void;
  /** Works for about so long. @returns whether all is done, and how long it took by the target's clock */
  step(forMs: number): { done: boolean; ms: number };
  arrows(): CodePosition[];
  beginCapture(): string;
  endCapture(): number;
}

const MOST_CAPTURED = 200;

/** @param require the target's, where it has one */
export function createProbe(require: NodeJS.Require | undefined): InsideProbe {
  const introspection = openIntrospection(require);
  const foreign = { internal: new Set<string>(), packages: new Set<string>() };
  const captured = new CapturedObjects();
  const nestModules = new NestModules(introspection);
  const namedRoots = new NamedRoots(nestModules, (script) => foreign.packages.has(script));
  const context: WalkerContext = {
    ...introspection,
    nestModules,
    namedRoots,
    pathIds: new PathIds(),
    arrows: new Map(),
    isNodeScript: (script) => foreign.internal.has(script),
  };
  const timers = new CleanupTimers(introspection);
  const hints = new BoundHintsReader(introspection, timers);
  const comparison = new Comparison({
    types: introspection.types,
    namedRoots,
    weigher: new ContainerWeigher(introspection, (script) => foreign.internal.has(script)),
    hints,
    describer: new ContainerDescriber(introspection, hints),
    newWalker: (mostObjects) => {
      const roots = [...findRoots(introspection, require), ...namedRoots.roots(), ...captured.roots()];
      return new Walker(context, roots, mostObjects ?? undefined);
    },
    timersMs: (graph) => timers.programMs(graph, (script) => context.isNodeScript(script)),
  });
  return {
    begin(scripts) {
      foreign.internal = new Set(scripts.internal);
      foreign.packages = new Set(scripts.packages);
      comparison.begin();
    },
    step(forMs) {
      const startMs = performance.now();
      return { done: comparison.step(forMs), ms: performance.now() - startMs };
    },
    endEarly: () => comparison.endEarly(),
    endScout: () => comparison.endScout(),
    endFirstWalk: () => comparison.endFirstWalk(),
    beginReport: (most) => comparison.beginReport(most),
    report: () => comparison.report(),
    recount: (index) => comparison.recount(index),
    clear: (index) => comparison.clear(index),
    arrows: () => [...context.arrows.values()],
    beginCapture: () => captured.begin(),
    endCapture: () => captured.end(),
    close() {
      captured.end();
      comparison.close();
      introspection.inspector.close();
    },
  };
}

function openIntrospection(require: NodeJS.Require | undefined): Introspection {
  // `getBuiltinModule` came with Node 20.16 and 22.3; before, a program of ES modules gets `require` from the inspector.
  const builtIn = (name: string): unknown => process.getBuiltinModule?.(name) ?? require?.(name);
  const { types } = builtIn('node:util') as typeof import('node:util');
  return {
    types,
    reflection: new Reflection(types),
    inspector: new ThreadInspector(builtIn('node:inspector') as typeof import('node:inspector')),
  };
}

/** Objects that conditions of breakpoints hand in through a global function, which exists from `begin` to `end`. */
class CapturedObjects {
  readonly #name = `leak-lab ${process.pid} ${Math.random()}`;
  readonly #files = new Map<object, string>();

  /** @returns the name of the global function; its arguments are an object, and the file that knows it */
  begin(): string {
    const capture = (object: unknown, file: string): void => {
      if (typeof object === 'object' && object !== null && this.#files.size < MOST_CAPTURED)
        this.#files.set(object, file);
    };
    Reflect.set(globalThis, this.#name, capture);
    return this.#name;
  }

  /** @returns how many objects were handed in */
  end(): number {
    Reflect.deleteProperty(globalThis, this.#name);
    return this.#files.size;
  }

  roots(): WalkRoot[] {
    return Array.from(this.#files, ([object, name]) => ({
      object,
      edge: { kind: 'root', name },
      cost: fileCost(name),
    }));
  }
}
