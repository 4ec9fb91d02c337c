import type { Edge, RouteStep } from '../probe/index.js';
import type { NameSource } from './step-text.js';

/**
 * A route with the names that its author gave: variables, functions and classes of a bundle have others. The position of a
 * variable becomes that of its declaration, which may be in another file than the function that the walk saw it through.
 */
export function writtenRoute(route: readonly RouteStep[], source: NameSource): RouteStep[] {
  const written: RouteStep[] = [];
  for (const step of route) {
    const { edge, className, classAt } = step;
    written.push({
      ...step,
      edge: asField(writtenEdge(edge, source), written.at(-1)?.className ?? ''),
      className: classAt ? source.maps.functionName(className, classAt, 'class') : className,
    });
  }
  return written;
}

function writtenEdge(edge: Edge, { maps }: NameSource): Edge {
  const { name, script, scope = '', line, column } = edge;
  if (edge.kind === 'module' || script === undefined || line === undefined || column === undefined)
    return edge;
  return { ...edge, ...maps.variable(script, { name, scope, line, column }) };
}

/**
 * The private field of a class that a compiler made a WeakMap of: `_entries`, or `_AuditTrail_entries`. A WeakMap with
 * another name was written by hand, and is a variable.
 */
function asField(edge: Edge, className: string): Edge {
  const { kind, name, script } = edge;
  if (kind !== 'private' || script === undefined || name.startsWith('#')) return edge;
  if (!name.startsWith('_')) return { ...edge, kind: 'variable' };
  const prefix = `_${className}_`;
  return { ...edge, name: `#${name.startsWith(prefix) ? name.slice(prefix.length) : name.slice(1)}` };
}
