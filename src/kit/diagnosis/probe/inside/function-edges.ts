import { EDGE_COSTS, propertyCost } from './costs.js';
import type { EdgeSink } from './edge-sink.js';
import type { FunctionDetails } from './inspector.js';
import type { Introspection } from './introspection.js';
import { isSpent, LargeScopes } from './large-scopes.js';
import type { NamedRoots } from './named-roots.js';
import { valueAt } from './reflect.js';

/** Of functions with the same source, so many are inspected: the others are alike. */
const MOST_OF_SOURCE = 8;
/** Two sources are taken for the same by their length and their beginning. */
const SOURCE_COMPARED = 80;
/**
 * A source that is shorter may be that of many functions that have nothing in common: bundles have a getter `()=>a` for
 * each export of each module. These are told apart by their path, and so many are inspected in all: 0.2 s.
 */
const MOST_OF_SHORT_SOURCE = 2_000;

/** Variables that may be copied in all for functions that were postponed: about a second. */
const MOST_COPIED = 2_000_000;

/** A function that was too expensive to inspect at its turn. */
export interface Postponed {
  fn: object;
  /** Offers what it closes over. The walk must be at the function. */
  inspect(): void;
}

interface FunctionEdgesContext extends Introspection {
  namedRoots: NamedRoots;
  isNodeScript(script: string): boolean;
}

/** Offers what can be reached from a function in one step: its properties, and the variables that it closes over. */
export class FunctionEdges {
  readonly #context: FunctionEdgesContext;
  readonly #sink: EdgeSink;
  readonly #metOfSource = new Map<string, number>();
  readonly #large = new LargeScopes();
  /** Functions that may close over more than the large scope that they are in, and those that are declared in it. */
  readonly #postponed: { others: Postponed[]; declared: Postponed[] } = { others: [], declared: [] };
  #mayCopy = MOST_COPIED;
  inspected = 0;

  constructor(context: FunctionEdgesContext, sink: EdgeSink) {
    this.#context = context;
    this.#sink = sink;
  }

  offerFrom(fn: object, weight: number, pathId: number): void {
    const { reflection } = this.#context;
    const source = reflection.sourceOf(fn);
    const isClass = source.startsWith('class');
    this.#offerProperties(fn, isClass, weight);
    if (isClass) this.#offerClass(fn, weight);
    const inspect = (): void => this.#inspect(fn, source, weight, pathId);
    const list = this.#postponedWith(fn);
    if (list) list.push({ fn, inspect });
    else inspect();
  }

  /** Functions that were not inspected although their closure may retain something. */
  get notInspected(): number {
    return this.#postponed.others.length;
  }

  /** The next function that was postponed; null where none is left, or where they would take too long. */
  nextPostponed(): Postponed | null {
    if (this.#mayCopy <= 0) return null;
    return this.#postponed.others.pop() ?? this.#postponed.declared.pop() ?? null;
  }

  /** Where a function has to wait because it is in a large scope; null where it need not. */
  #postponedWith(fn: object): Postponed[] | null {
    const variable = this.#sink.nearestVariable();
    const home = variable && this.#large.of(variable.value);
    if (!home) return null;
    // A function declaration sees nothing but the scope that it is in.
    if (variable.value === fn && valueAt(fn, 'name') === variable.edge.name) return this.#postponed.declared;
    return isSpent(home) ? this.#postponed.others : null;
  }

  #inspect(fn: object, source: string, weight: number, pathId: number): void {
    const { reflection, namedRoots } = this.#context;
    const details = this.#detailsOf(fn, source, pathId);
    if (!details) return;
    if (reflection.usesLexicalThis(fn)) this.#sink.addArrow(details);
    for (const [name, value] of details.bound)
      this.#sink.offer(value, { kind: 'bound', name }, EDGE_COSTS.bound, weight);
    namedRoots.meetFunction(fn, details);
    this.#offerVariables(details, weight);
  }

  #offerProperties(fn: object, isClass: boolean, weight: number): void {
    for (const key of Reflect.ownKeys(fn)) {
      // V8 makes the prototype of a plain function when it is first read.
      if (key === 'name' || key === 'length' || (key === 'prototype' && !isClass)) continue;
      if (key === 'arguments' || key === 'caller') continue;
      this.#sink.offer(valueAt(fn, key), { kind: 'property', name: String(key) }, propertyCost(key), weight);
      offerGetter(fn, key, weight, this.#sink);
    }
  }

  #offerClass(constructor: object, weight: number): void {
    const { inspector, reflection } = this.#context;
    if (reflection.declaresStaticPrivate(constructor)) {
      for (const [name, value] of inspector.privateFields(constructor))
        this.#sink.offer(value, { kind: 'private', name }, EDGE_COSTS.property, weight);
    }
    const parent = Object.getPrototypeOf(constructor) as object | null;
    if (parent) this.#sink.offer(parent, { kind: 'prototype', name: '' }, EDGE_COSTS.prototype, 1);
  }

  /** Null for native functions, for functions of Node, and where enough functions of the same source were inspected. */
  #detailsOf(fn: object, source: string, pathId: number): FunctionDetails | null {
    const name = valueAt(fn, 'name');
    const isBound = typeof name === 'string' && name.startsWith('bound ');
    if (!isBound && source.endsWith('{ [native code] }')) return null;
    // All bound functions have the same source, so that they are told apart by their path.
    const key = isBound ? `bound ${pathId}` : `${source.length} ${source.slice(0, SOURCE_COMPARED)}`;
    const isShort = !isBound && source.length < SOURCE_COMPARED;
    const isEnough = isShort
      ? this.#timesMet(key) > MOST_OF_SHORT_SOURCE || this.#timesMet(`${key} ${pathId}`) > MOST_OF_SOURCE
      : this.#timesMet(key) > MOST_OF_SOURCE;
    if (isEnough) return null;
    this.inspected += 1;
    const details = this.#context.inspector.functionDetails(fn);
    return details && details.script !== '' && this.#context.isNodeScript(details.script) ? null : details;
  }

  #timesMet(key: string): number {
    const times = (this.#metOfSource.get(key) ?? 0) + 1;
    this.#metOfSource.set(key, times);
    return times;
  }

  #offerVariables({ script, line, column, scopes }: FunctionDetails, weight: number): void {
    for (const [depth, found] of scopes.entries()) {
      const { description } = found;
      const isFile = depth === scopes.length - 1 || /^(Module|Script)/.test(description);
      const scope = isFile ? '' : (/\((.*)\)/.exec(description)?.[1] ?? 'anonymous');
      const cost = EDGE_COSTS.scope + depth * EDGE_COSTS.outerScope + EDGE_COSTS.variable;
      const large = this.#large.meet(script, found);
      if (large) {
        this.#mayCopy -= large.size;
        const costInAll = this.#sink.costSoFar() + cost;
        if (costInAll >= large.offeredAt) continue;
        large.offeredAt = costInAll;
      }
      // There is one file, however many of its functions the visited one stands for.
      const ofScope = isFile ? 1 : weight;
      for (const [name, value] of found.variables) {
        if (large) this.#large.add(large, value);
        this.#sink.offer(value, { kind: 'variable', name, script, scope, line, column }, cost, ofScope);
      }
    }
  }
}

/** Offers the function of a getter, which is not called: what the getter returns may be in its closure alone. */
export function offerGetter(object: object, key: PropertyKey, weight: number, sink: EdgeSink): void {
  const property: { get?: unknown } | undefined = Object.getOwnPropertyDescriptor(object, key);
  if (property?.get)
    sink.offer(property.get, { kind: 'property', name: String(key) }, EDGE_COSTS.property, weight);
}
