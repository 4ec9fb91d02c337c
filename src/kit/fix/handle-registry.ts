import { classAround, functionAround, isFunction, memberName, nameOf } from '../../lint/syntax.js';
import { type Container, containersNamed } from './container.js';
import { usedElsewhere } from './elsewhere.js';
import type { HandleUse } from './handle-uses.js';
import type { Handle } from './handles.js';
import type { DeclinedReason } from './model.js';
import type { Clue } from './pattern.js';
import { lineOf, type Node, textOf } from './source.js';
import { usesOf } from './uses.js';

/** A function that runs when the service stops. */
const STOPS =
  /^(?:onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown|dispose|teardown|close(?:All)?|stop(?:All)?|shut_?[dD]own|destroy|cleanup|cleanUp)$/;

/**
 * The Sets that a handle is added to so that it is ended when the service stops. What is no such Set keeps it, and other
 * code may use it from there.
 *
 * @returns statements that delete it from those that nothing deletes it from
 */
export async function registriesOf(
  clue: Clue,
  { kind, call, id, fn }: Handle,
  uses: readonly HandleUse[],
): Promise<{ remove: string[] } | { declined: DeclinedReason }> {
  const { source } = clue;
  const remove: string[] = [];
  for (const use of uses) {
    if (use.does !== 'register') continue;
    const set = use.node['callee'].object as Node;
    const container = containerOf(clue, set);
    if (!container || !endsAlone(container) || (await usedElsewhere(clue, container)))
      return {
        declined: {
          code: 'handle-is-kept',
          what: kind.noun,
          line: lineOf(source, call),
          at: lineOf(source, use.node),
        },
      };
    const text = textOf(source, set);
    // A listener does it on every path; a statement of the function does not.
    const isDeleted = uses.some(
      ({ does, node }) =>
        does === 'unregister' &&
        functionAround(node) !== fn &&
        textOf(source, node['callee'].object as Node) === text,
    );
    if (!isDeleted) remove.push(`${text}.delete(${String(id?.['name'])});`);
  }
  return { remove };
}

function containerOf({ source }: Clue, set: Node): Container | null {
  const isField = set.type === 'MemberExpression' && set['object'].type === 'ThisExpression';
  const base = isField ? nameOf((classAround(set)?.['id'] ?? null) as Node | null) : nameOf(set);
  if (base === null) return null;
  const property = isField ? memberName(set) : null;
  const found = containersNamed(source, { base, property, inner: [] }, 'Set');
  return found.length === 1 && found[0]?.kind === 'Set' ? found[0] : null;
}

/** Whether nothing looks into a Set but what stops the service. */
function endsAlone(container: Container): boolean {
  return usesOf(container).every(({ does, node }) => {
    if (does === 'list') return stops(node);
    return does === 'add' || does === 'delete' || does === 'count' || does === 'clear';
  });
}

function stops(node: Node): boolean {
  for (let fn = functionAround(node); fn; fn = functionAround(fn)) {
    const name = nameOf((fn['id'] ?? (fn.parent['key'] as Node | undefined) ?? null) as Node | null);
    if (name !== null) return STOPS.test(name);
    if (!isFunction(fn)) return false;
  }
  return false;
}
