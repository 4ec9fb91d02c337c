import { Session } from 'node:inspector';

/** Where a live object changes hands between this file and the inspector, for the time of one call. */
const HAND = Symbol.for('leak-lab.hand');

/**
 * The inspector of this process, asked in the midst of a call: it answers at once, so that what a person types
 * needs no `await`. A session lasts for one question: while one is open, Node keeps what the service logs.
 */
export class SelfInspection {
  private constructor(private readonly session: Session) {}

  private static open: Session | undefined;

  static ask<T>(question: (inspection: SelfInspection) => T): T {
    SelfInspection.close(); // of a question that was interrupted: termination runs no finally
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
    session.disconnect(); // and with it every handle that it gave out
    Reflect.deleteProperty(globalThis, HAND);
  }

  /** The session itself, which is no part of the program. */
  get own(): object {
    return this.session;
  }

  post(method: string, params: object = {}): unknown {
    let answer: unknown;
    let failure: Error | null = null;
    this.session.post(method as never, params as never, (error: Error | null, result?: object) => {
      failure = error;
      answer = result;
    });
    if (failure) throw failure as Error;
    return answer;
  }

  /** The live objects that have this prototype somewhere in their chain. Collects first. */
  instancesOf(prototype: object): object[] {
    const { objects } = this.post('Runtime.queryObjects', {
      prototypeObjectId: this.handleOf(prototype),
    }) as { objects: { objectId: string } };
    let instances: object[] = [];
    this.lend({ take: (live: object[]) => (instances = live) }, () =>
      this.post('Runtime.callFunctionOn', {
        objectId: objects.objectId,
        functionDeclaration: `function () { globalThis[Symbol.for('${HAND.description}')].take(this); }`,
      }),
    );
    return instances;
  }

  /** What the inspector calls an object that is here. */
  handleOf(object: object): string {
    return this.lend({ give: object }, () => {
      const expression = `globalThis[Symbol.for('${HAND.description}')].give`;
      const { result } = this.post('Runtime.evaluate', { expression }) as {
        result: { objectId: string };
      };
      return result.objectId;
    });
  }

  private lend<T>(what: object, call: () => T): T {
    Object.defineProperty(globalThis, HAND, { value: what, configurable: true });
    try {
      return call();
    } finally {
      Reflect.deleteProperty(globalThis, HAND);
    }
  }
}
