import { EDGE_COSTS, propertyCost } from './costs.js';
import type { EdgeSink } from './edge-sink.js';
import { ENTRY, SAMPLED, offerArrayEntries, offerMapEntries, offerSetEntries } from './entry-edges.js';
import { FunctionEdges, offerGetter, type Postponed } from './function-edges.js';
import type { Introspection } from './introspection.js';
import type { NamedRoots } from './named-roots.js';
import type { NestModules } from './nest-modules.js';
import { ownKeysOf, LongText, isVisited, valueAt } from './reflect.js';
import type { Edge } from './walk-result.js';
import { WeakFields } from './weak-fields.js';

/** Fewer own properties are a record, not a dictionary. */
const DICTIONARY = 24;
/** Of a dictionary up to this size, every property is offered; of a larger one, a sample. */
const ALL_PROPERTIES = 400;
/**
 * The inspector lists the entries of a collection with its private fields, so the private fields of a larger one are
 * not read.
 */
const MOST_LISTED = 1_000;

const PROTOTYPE: Edge = { kind: 'prototype', name: '' };

export interface EdgesContext extends Introspection {
  namedRoots: NamedRoots;
  nestModules: NestModules;
  /** Whether a script is Node's own, by V8's id. */
  isNodeScript(script: string): boolean;
}

/** Offers everything that can be reached from an object in one step. */
export class Edges {
  readonly #context: EdgesContext;
  readonly #sink: EdgeSink;
  readonly #functions: FunctionEdges;
  readonly #weakFields: WeakFields;

  constructor(context: EdgesContext, sink: EdgeSink) {
    this.#context = context;
    this.#sink = sink;
    this.#functions = new FunctionEdges(context, sink);
    this.#weakFields = new WeakFields(context);
  }

  /** How many functions were inspected. */
  get inspected(): number {
    return this.#functions.inspected;
  }

  /** Functions that were not inspected although their closure may retain something. */
  get notInspected(): number {
    return this.#functions.notInspected;
  }

  nextPostponed(): Postponed | null {
    return this.#functions.nextPostponed();
  }

  /** @param object not a proxy */
  offerFrom(object: object, weight: number, pathId: number): void {
    if (typeof object === 'function') this.#functions.offerFrom(object, weight, pathId);
    else if (LongText.is(object)) this.#sink.addContainer({ kind: 'String', object }, object.length);
    else this.#offerFromObject(object, weight);
  }

  #offerFromObject(object: object, weight: number): void {
    const { types, reflection, namedRoots, nestModules } = this.#context;
    const sink = this.#sink;
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype) sink.offer(prototype, PROTOTYPE, EDGE_COSTS.prototype, 1);
    if (types.isAnyArrayBuffer(object)) {
      sink.addContainer({ kind: 'Buffer', object }, object.byteLength);
      return;
    }
    if (types.isArrayBufferView(object)) {
      sink.offer(object.buffer, { kind: 'property', name: 'buffer' }, EDGE_COSTS.property, weight);
      return;
    }
    let entries = 0;
    if (Array.isArray(object)) entries = offerArrayEntries(object, weight, sink);
    else {
      if (types.isMap(object)) entries = offerMapEntries(object, weight, sink);
      else if (types.isSet(object)) entries = offerSetEntries(object, weight, sink);
      namedRoots.meetObject(object);
      const nestEdges = nestModules.edgesOf(object);
      for (const [name, to] of nestEdges ?? [])
        sink.offer(to, { kind: 'nest', name }, EDGE_COSTS.nest, weight);
      this.#offerProperties(object, weight, nestEdges ? EDGE_COSTS.nestRecord : 0);
    }
    for (const [edge, value] of this.#weakFields.of(object))
      sink.offer(value, edge, EDGE_COSTS.property, weight);
    if (entries < MOST_LISTED && reflection.declaresPrivate(object)) this.#offerPrivateFields(object, weight);
  }

  #offerProperties(object: object, weight: number, extraCost: number): void {
    const keys = ownKeysOf(object);
    if (keys.length >= DICTIONARY) this.#sink.addContainer({ kind: 'Object', object }, keys.length);
    const isLarge = keys.length > ALL_PROPERTIES;
    const offered = isLarge ? SAMPLED : keys.length;
    for (let index = 0; index < offered; index += 1) {
      const key = keys[index]!;
      if (key === '_idlePrev') continue; // Node's timers are in rings: one direction is enough
      const value = valueAt(object, key);
      if (value === undefined) offerGetter(object, key, weight, this.#sink);
      if (!isVisited(value)) continue;
      const edge: Edge = isLarge ? ENTRY : { kind: 'property', name: String(key) };
      this.#sink.offer(value, edge, propertyCost(key) + extraCost, (weight * keys.length) / offered);
    }
  }

  #offerPrivateFields(object: object, weight: number): void {
    for (const [name, value] of this.#context.inspector.privateFields(object))
      this.#sink.offer(value, { kind: 'private', name }, EDGE_COSTS.property, weight);
  }
}
