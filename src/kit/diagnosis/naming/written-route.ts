import type { Edge, RouteStep } from '../probe/index.js';
import type { NameSource } from './step-text.js';

/**
 * A route with the names that its author gave: variables, functions and classes of a bundle have others. The position of a
 * variable becomes that of its declaration, which may be in another file than the function that the walk saw it through.
 */
export function writtenRoute(route: readonly RouteStep[], source: NameSource): RouteStep[] {
  return route.map((step) => {
    const { edge, className, classAt } = step;
    return {
      ...step,
      edge: writtenEdge(edge, source),
      className: classAt ? source.maps.functionName(className, classAt, 'class') : className,
    };
  });
}

function writtenEdge(edge: Edge, { maps }: NameSource): Edge {
  const { kind, name, script, scope = '', line, column } = edge;
  if (kind !== 'variable' || script === undefined || line === undefined || column === undefined) return edge;
  return { ...edge, ...maps.variable(script, { name, scope, line, column }) };
}
