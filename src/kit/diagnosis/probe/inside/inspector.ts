import type inspectorModule from 'node:inspector';

/** A scope of a function, and its variables now: those that have a value already. */
export interface Scope {
  /** As V8 says it: `Closure (createStore)`, `Module`, `Script`. */
  description: string;
  variables: Map<string, unknown>;
}

/** What a function hides from the program. */
export interface FunctionInside {
  script: string;
  line: number;
  column: number;
  /** From its own to that of its module, without what is global. */
  scopes: Scope[];
  /** Target, this and arguments of a bound function. */
  bound: [name: string, value: unknown][];
}

export interface Mirror {
  functionInside(program: object): FunctionInside | null;
  privateFields(object: object): [name: string, value: unknown][];
  /** What a promise was settled with; undefined of one that waits. */
  resultOf(promise: object): unknown;
  close(): void;
}

/**
 * Runs inside the patient, from its source: it may use nothing but what it is given.
 *
 * A session with the inspector of one's own thread answers at once, without a message through the event loop. So
 * what only the inspector can see (closures, private fields) costs a tenth of a millisecond in the middle of a walk.
 */
export function makeMirror(inspector: typeof inspectorModule): Mirror {
  interface Remote {
    objectId?: string;
    value?: unknown;
    subtype?: string;
  }
  interface Property {
    name: string;
    value?: Remote;
  }
  interface Properties {
    internalProperties?: Property[];
    privateProperties?: Property[];
  }
  const session = new inspector.Session();
  session.connect();
  const post = (method: string, params: object): unknown => {
    let answer: unknown;
    session.post(
      method as never,
      params as never,
      ((error: Error | null, result: unknown) => {
        answer = error ? undefined : result;
      }) as never,
    );
    return answer;
  };

  // The one thing that both sides can hold: it hands values to the inspector, and takes what the inspector shows.
  const bridge: { given: unknown; taken: unknown } = { given: undefined, taken: undefined };
  const door = `leak-lab ${process.pid} ${Math.random()}`;
  const world = globalThis as unknown as Record<string, unknown>;
  world[door] = bridge;
  const opened = post('Runtime.evaluate', { expression: `globalThis[${JSON.stringify(door)}]` });
  delete world[door]; // before any other code of the program can run
  const bridgeId = (opened as { result: Remote }).result.objectId;
  const GROUP = 'leak-lab-look';
  const RELEASE_EVERY = 32;
  let looks = 0;

  function propertiesOf(value: object): Properties {
    looks += 1;
    if (looks % RELEASE_EVERY === 0) post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    bridge.given = value;
    const reached = post('Runtime.callFunctionOn', {
      objectId: bridgeId,
      functionDeclaration: 'function () { return this.given; }',
      objectGroup: GROUP,
    }) as { result: Remote } | undefined;
    bridge.given = undefined;
    const found = post('Runtime.getProperties', {
      objectId: reached?.result.objectId,
      ownProperties: true,
      nonIndexedPropertiesOnly: true,
    });
    return (found as Properties | undefined) ?? {};
  }

  function valueOf(remote: Remote | undefined): unknown {
    if (remote?.objectId === undefined) return remote?.value;
    post('Runtime.callFunctionOn', {
      objectId: remote.objectId,
      functionDeclaration: 'function (bridge) { bridge.taken = this; }',
      arguments: [{ objectId: bridgeId }],
    });
    const { taken } = bridge;
    bridge.taken = undefined;
    return taken;
  }

  /** V8 refuses to read a variable that its program has not come to yet. */
  function variablesIn(scope: object): Map<string, unknown> {
    const variables = new Map<string, unknown>();
    for (const name of Reflect.ownKeys(scope) as string[]) {
      try {
        variables.set(name, (scope as Record<string, unknown>)[name]);
      } catch {
        continue;
      }
    }
    return variables;
  }

  return {
    functionInside(program) {
      const { internalProperties = [] } = propertiesOf(program);
      const bound = internalProperties.filter(
        ({ name }) => name.startsWith('[[Bound') || name === '[[TargetFunction]]',
      );
      const at = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as
        { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
      if (!at && bound.length === 0) return null;
      const list = internalProperties.find(({ name }) => name === '[[Scopes]]');
      const scopes = (list ? valueOf(list.value) : []) as ArrayLike<{ description: string; object: object }>;
      const own = Array.from(scopes).filter(({ description }) => !description.startsWith('Global'));
      return {
        script: at?.scriptId ?? '',
        line: (at?.lineNumber ?? 0) + 1,
        column: (at?.columnNumber ?? 0) + 1,
        scopes: own.map(({ description, object }) => ({ description, variables: variablesIn(object) })),
        bound: bound.map(({ name, value }) => [name, valueOf(value)]),
      };
    },
    privateFields(object) {
      const { privateProperties = [] } = propertiesOf(object);
      return privateProperties.map(({ name, value }) => [name, valueOf(value)]);
    },
    resultOf(promise) {
      const { internalProperties = [] } = propertiesOf(promise);
      return valueOf(internalProperties.find(({ name }) => name === '[[PromiseResult]]')?.value);
    },
    close() {
      session.disconnect();
    },
  };
}
