import { Session, type Runtime } from 'node:inspector/promises';
import type { Class } from './options.js';

/** A property of the global object through which the inspector gets the prototypes of the classes, during one count. */
const PROTOTYPES = Symbol.for('leak-lab.prototypes');
const group = { objectGroup: 'leak-lab' };

/**
 * How many objects of each class are alive in this context. `Runtime.queryObjects` collects first, so the counts are
 * exact. Objects of subclasses count as well. `v8.queryObjects` does not see into contexts of `node:vm`, where jest and
 * some pools of vitest run.
 *
 * @returns a count per class, in their order
 */
export async function countLive(classes: readonly Class[]): Promise<number[]> {
  if (classes.length === 0) return [];
  const session = new Session();
  session.connect();
  // TypeScript does not let a symbol index `globalThis`.
  const world = globalThis as Record<symbol, unknown>;
  world[PROTOTYPES] = classes.map((one) => one.prototype as unknown);
  try {
    const contextId = await ownContext(session);
    const counts: number[] = [];
    for (const index of classes.keys()) counts.push(await countOf(session, contextId, index));
    return counts;
  } finally {
    delete world[PROTOTYPES];
    session.disconnect();
  }
}

async function countOf(session: Session, contextId: number, index: number): Promise<number> {
  const expression = `globalThis[Symbol.for('${PROTOTYPES.description}')][${index}]`;
  const { result } = await session.post('Runtime.evaluate', { expression, contextId, ...group });
  const { objects } = await session.post('Runtime.queryObjects', {
    prototypeObjectId: idOf(result),
    ...group,
  });
  const count = await session.post('Runtime.callFunctionOn', {
    objectId: idOf(objects),
    // The prototypes of subclasses inherit from it as well, and are not instances.
    functionDeclaration: `function () {
      return this.filter((one) => !(Object.hasOwn(one, 'constructor') && one.constructor?.prototype === one)).length;
    }`,
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', group);
  return Number(count.result.value);
}

function idOf({ objectId, description }: Runtime.RemoteObject): string {
  if (objectId !== undefined) return objectId;
  throw new Error(`the inspector gave no handle of an object, but ${description ?? 'nothing'}`);
}

async function ownContext(session: Session): Promise<number> {
  const contexts: Runtime.ExecutionContextDescription[] = [];
  session.on('Runtime.executionContextCreated', ({ params }) => contexts.push(params.context));
  await session.post('Runtime.enable');
  await session.post('Runtime.disable');
  for (const { id } of contexts.toReversed()) {
    const expression = `Symbol.for('${PROTOTYPES.description}') in globalThis`;
    const { result } = await session.post('Runtime.evaluate', {
      expression,
      contextId: id,
      returnByValue: true,
    });
    if (result.value === true) return id;
  }
  throw new Error(
    `live objects cannot be counted: none of the inspector's ${contexts.length} contexts is the one of this test`,
  );
}
