import type inspectorModule from 'node:inspector';
import type { Protocol } from 'devtools-protocol';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import type { CodePosition } from './walk-result.js';
import { Scope } from './scope.js';

type Commands = ProtocolMapping.Commands;
type Properties = Protocol.Runtime.GetPropertiesResponse;

/** What only the inspector shows of a function. */
export interface FunctionDetails {
  /** V8's id of its script; empty for a bound function. */
  script: string;
  line: number;
  column: number;
  /** From the innermost scope to that of the file, without the global scope. */
  scopes: Scope[];
  /** Of a bound function: `[[TargetFunction]]`, `[[BoundThis]]`, `[[BoundArgs]]`. */
  bound: [name: string, value: unknown][];
}

/** Objects that the inspector has shown are released by this group. */
const GROUP = 'leak-lab-walk';
const RELEASE_EVERY = 32;

/**
 * Reads closures, private fields and promises through the inspector of the thread that it runs in.
 *
 * Such a session answers before `post` returns, without a message through the event loop: 0.1 ms per object, in the
 * middle of a walk.
 */
export class ThreadInspector {
  readonly #session: inspectorModule.Session;
  /** An object that both this code and the inspector hold. Values pass through it in both directions. */
  readonly #exchange: { given: unknown; taken: unknown } = { given: undefined, taken: undefined };
  readonly #exchangeId: Protocol.Runtime.RemoteObjectId;
  #inspected = 0;

  constructor({ Session }: typeof inspectorModule) {
    this.#session = new Session();
    this.#session.connect();
    const key = `leak-lab ${process.pid} ${Math.random()}`;
    Reflect.set(globalThis, key, this.#exchange);
    const opened = this.#post('Runtime.evaluate', { expression: `globalThis[${JSON.stringify(key)}]` });
    Reflect.deleteProperty(globalThis, key); // before any code of the program can run
    const objectId = opened?.result.objectId;
    if (objectId === undefined) throw new Error('the inspector of this thread did not answer');
    this.#exchangeId = objectId;
  }

  /** @returns null for a function without source: of V8, or of an addon */
  functionDetails(fn: object): FunctionDetails | null {
    const { internalProperties = [] } = this.#propertiesOf(fn);
    const bound = internalProperties.filter(
      ({ name }) => name.startsWith('[[Bound') || name === '[[TargetFunction]]',
    );
    const position = positionIn(internalProperties);
    if (!position && bound.length === 0) return null;
    const scopes = internalProperties.find(({ name }) => name === '[[Scopes]]');
    return {
      ...(position ?? { script: '', line: 1, column: 1 }),
      scopes: scopes ? scopesIn(this.#valueOf(scopes.value)) : [],
      bound: bound.map(({ name, value }) => [name, this.#valueOf(value)]),
    };
  }

  /** Where a function or class is written, without its scopes. @returns null for a function without source */
  positionOf(fn: object): CodePosition | null {
    return positionIn(this.#propertiesOf(fn).internalProperties ?? []);
  }

  /** Private fields with their names, `#` included. */
  privateFields(object: object): [name: string, value: unknown][] {
    const { privateProperties = [] } = this.#propertiesOf(object);
    return privateProperties.map(({ name, value }) => [name, this.#valueOf(value)]);
  }

  /** The value that a promise was settled with; undefined while it is pending. */
  promiseResult(promise: object): unknown {
    const { internalProperties = [] } = this.#propertiesOf(promise);
    return this.#valueOf(internalProperties.find(({ name }) => name === '[[PromiseResult]]')?.value);
  }

  close(): void {
    this.#session.disconnect();
  }

  /** @returns undefined if the command failed */
  #post<Method extends keyof Commands>(
    method: Method,
    params: Commands[Method]['paramsType'][0],
  ): Commands[Method]['returnType'] | undefined {
    // Node's own types know each command by an overload, which no generic call can choose from: to them it is any text.
    let reply: Commands[Method]['returnType'] | undefined;
    this.#session.post(method, params, (error, result) => {
      reply = error ? undefined : result;
    });
    return reply;
  }

  #propertiesOf(object: object): Partial<Properties> {
    this.#inspected += 1;
    if (this.#inspected % RELEASE_EVERY === 0)
      this.#post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    this.#exchange.given = object;
    const reached = this.#post('Runtime.callFunctionOn', {
      objectId: this.#exchangeId,
      functionDeclaration: 'function () { return this.given; }',
      objectGroup: GROUP,
    });
    this.#exchange.given = undefined;
    const objectId = reached?.result.objectId;
    if (objectId === undefined) return {};
    return (
      this.#post('Runtime.getProperties', {
        objectId,
        ownProperties: true,
        nonIndexedPropertiesOnly: true,
      }) ?? {}
    );
  }

  #valueOf(remote: Protocol.Runtime.RemoteObject | undefined): unknown {
    if (remote?.objectId === undefined) return remote?.value;
    this.#post('Runtime.callFunctionOn', {
      objectId: remote.objectId,
      functionDeclaration: 'function (exchange) { exchange.taken = this; }',
      arguments: [{ objectId: this.#exchangeId }],
    });
    const { taken } = this.#exchange;
    this.#exchange.taken = undefined;
    return taken;
  }
}

function positionIn(properties: readonly Protocol.Runtime.InternalPropertyDescriptor[]): CodePosition | null {
  const location = properties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as
    Protocol.Debugger.Location | undefined;
  if (!location) return null;
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  return { script: scriptId, line: lineNumber + 1, column: columnNumber + 1 };
}

/** @param list `[[Scopes]]`, which V8 makes for the inspector alone: an array of scopes, each with its variables as properties */
function scopesIn(list: unknown): Scope[] {
  return Array.from(list as ArrayLike<{ description: string; object: object }>)
    .filter(({ description }) => !description.startsWith('Global'))
    .map(({ description, object }) => new Scope(description, object));
}
