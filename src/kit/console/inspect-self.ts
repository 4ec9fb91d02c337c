import { Session } from 'node:inspector';
import type { Protocol } from 'devtools-protocol';
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';

/** A property of the global object that passes a live object to or from the inspector, during one call. */
const TRANSFER = Symbol.for('leak-lab.transfer');

/**
 * The inspector of this process. It answers synchronously, so the verbs at the prompt need no `await`. A session lasts for
 * one question, because Node retains what the service logs while one is open.
 */
export class SelfInspection {
  private constructor(private readonly session: Session) {}

  private static open: Session | undefined;

  static ask<T>(question: (inspection: SelfInspection) => T): T {
    SelfInspection.close(); // a question that was interrupted left its session open: termination skips `finally`
    const session = new Session();
    session.connect();
    SelfInspection.open = session;
    try {
      return question(new SelfInspection(session));
    } finally {
      SelfInspection.close();
    }
  }

  private static close(): void {
    const session = SelfInspection.open;
    SelfInspection.open = undefined;
    if (!session) return;
    session.post('Runtime.discardConsoleEntries');
    session.disconnect(); // which also releases all its handles
    Reflect.deleteProperty(globalThis, TRANSFER);
  }

  /** The session, which is not an object of the program. */
  get own(): object {
    return this.session;
  }

  post<Method extends keyof ProtocolMapping.Commands>(
    method: Method,
    ...[params]: ProtocolMapping.Commands[Method]['paramsType']
  ): ProtocolMapping.Commands[Method]['returnType'] {
    const answers: { failure: Error | null; result: unknown }[] = [];
    // Node types each command as an overload of its own, and a generic call cannot select one: hence the casts.
    this.session.post(method as never, params as never, (failure: Error | null, result?: unknown) => {
      answers.push({ failure, result });
    });
    const [answer] = answers;
    if (!answer) throw new Error(`the inspector did not answer ${method} at once`);
    if (answer.failure) throw answer.failure;
    return answer.result as never;
  }

  /** The live objects that have this prototype in their chain. V8 collects first. */
  instancesOf(prototype: object): object[] {
    const { objects } = this.post('Runtime.queryObjects', {
      prototypeObjectId: this.handleOf(prototype),
    });
    let instances: object[] = [];
    this.lend({ take: (live: object[]) => (instances = live) }, () =>
      this.post('Runtime.callFunctionOn', {
        objectId: idOf(objects),
        functionDeclaration: `function () { globalThis[Symbol.for('${TRANSFER.description}')].take(this); }`,
      }),
    );
    return instances;
  }

  /** The inspector's handle of an object. */
  handleOf(object: object): string {
    return this.lend({ give: object }, () => {
      const expression = `globalThis[Symbol.for('${TRANSFER.description}')].give`;
      return idOf(this.post('Runtime.evaluate', { expression }).result);
    });
  }

  private lend<T>(what: object, call: () => T): T {
    Object.defineProperty(globalThis, TRANSFER, { value: what, configurable: true });
    try {
      return call();
    } finally {
      Reflect.deleteProperty(globalThis, TRANSFER);
    }
  }
}

function idOf({ objectId, description }: Protocol.Runtime.RemoteObject): string {
  if (objectId !== undefined) return objectId;
  throw new Error(`the inspector gave no handle of an object, but ${description ?? 'nothing'}`);
}
