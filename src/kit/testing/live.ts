import { Session, type Runtime } from 'node:inspector/promises';
import type { Class } from './options.js';

/** Where the inspector finds our classes: in the global object of the context that these tests run in. */
const SHELF = Symbol.for('leak-lab.shelf');
const group = { objectGroup: 'leak-lab' };

/**
 * How many objects of each class are alive in this context: what the collector would keep now, no more and no
 * less (`Runtime.queryObjects` collects first). Objects of subclasses count as well. `v8.queryObjects` does not see
 * into contexts of `node:vm`, where jest and some pools of vitest run.
 */
export async function countLive(classes: readonly Class[]): Promise<number[]> {
  if (classes.length === 0) return [];
  const session = new Session();
  session.connect();
  const world = globalThis as Record<symbol, unknown>;
  world[SHELF] = classes.map((one) => one.prototype as unknown);
  try {
    const where = await ownContext(session);
    const counts: number[] = [];
    for (const index of classes.keys()) counts.push(await countOf(session, where, index));
    return counts;
  } finally {
    delete world[SHELF];
    session.disconnect();
  }
}

async function countOf(session: Session, contextId: number, index: number): Promise<number> {
  const shelf = `globalThis[Symbol.for('${SHELF.description}')][${index}]`;
  const { result } = await session.post('Runtime.evaluate', { expression: shelf, contextId, ...group });
  const { objects } = await session.post('Runtime.queryObjects', {
    prototypeObjectId: result.objectId!,
    ...group,
  });
  const count = await session.post('Runtime.callFunctionOn', {
    objectId: objects.objectId!,
    // The prototypes of subclasses have it in their chain as well, and are no objects of anybody.
    functionDeclaration: `function () {
      return this.filter((one) => !(Object.hasOwn(one, 'constructor') && one.constructor?.prototype === one)).length;
    }`,
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', group);
  return count.result.value as number;
}

async function ownContext(session: Session): Promise<number> {
  const contexts: Runtime.ExecutionContextDescription[] = [];
  session.on('Runtime.executionContextCreated', ({ params }) => contexts.push(params.context));
  await session.post('Runtime.enable');
  await session.post('Runtime.disable');
  for (const { id } of contexts.toReversed()) {
    const expression = `Symbol.for('${SHELF.description}') in globalThis`;
    const { result } = await session.post('Runtime.evaluate', {
      expression,
      contextId: id,
      returnByValue: true,
    });
    if (result.value === true) return id;
  }
  throw new Error('the inspector does not know the context that this runs in');
}
