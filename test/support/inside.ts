import type { InspectorSession } from '../../src/kit/process/session.js';

/**
 * Calls a function with the live objects of a class, inside the process at the other end of a session.
 * `Runtime.queryObjects` collects first, so there are no dead ones among them.
 */
export async function withLiveObjects<T>(
  session: InspectorSession,
  className: string,
  body: (objects: never[]) => T,
): Promise<T> {
  const group = { objectGroup: 'test' };
  const prototype = await session.post('Runtime.evaluate', {
    expression: 'Object.prototype',
    ...group,
  });
  const { objects } = await session.post('Runtime.queryObjects', {
    prototypeObjectId: prototype.result.objectId!,
    ...group,
  });
  const answer = await session.post('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration: `function () {
      const ofClass = this.filter((object) => {
        try { return Object.getPrototypeOf(object).constructor.name === '${className}'; } catch { return false; }
      });
      return (${body.toString()})(ofClass);
    }`,
    returnByValue: true,
  });
  await session.post('Runtime.releaseObjectGroup', group);
  return answer.result.value as T;
}

export function countLive(session: InspectorSession, className: string): Promise<number> {
  return withLiveObjects(session, className, (objects) => objects.length);
}
