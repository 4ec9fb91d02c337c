import { type Drawing, formatBytes, formatCount, type ObjectReport } from '../../heap/index.js';
import { Problem } from '../../problem.js';
import { containerKindOf, entriesOf } from '../container-entries.js';
import type { LivePath } from '../live-path.js';

/** V8's name for what the running functions reference. */
export const STACK_ROOTS = '(Stack roots)';

/** The owner of an object and the path to it. */
export interface Owner {
  text: string;
  name: string;
  /** The class of the provider, or the module, that retains the object. */
  owner: string;
  /** How each step is reached from the previous one, from the top. */
  steps: { via: string; className: string }[];
  found: 'in the live objects' | 'in a heap snapshot';
}

export interface WhyAlive extends Owner {
  /** Null for an object that is not a container. */
  entries: number | null;
  /** Bytes; null where a snapshot would be too expensive. */
  retainedBytes: number | null;
  advice: string;
}

export function requireObject(target: unknown, verb: string): asserts target is object {
  if ((typeof target === 'object' && target !== null) || typeof target === 'function') return;
  throw new Problem(
    'LEAK_LAB_CONSOLE',
    `${verb} takes a live object, such as largest('Map'), and got ${target === null ? 'null' : `a ${typeof target}`}. Pass the object that contains it.`,
  );
}

/** What the report on an object needs to know of it as a container. */
export function containerOf(target: object) {
  const kind = containerKindOf(target);
  return kind === undefined
    ? {}
    : { container: { kind, entries: entriesOf(target) ?? 0, precision: 'exact' as const } };
}

export function ownerOf(path: LivePath | NonNullable<ObjectReport['path']>): Owner {
  const { text, name, owner } = path;
  const steps = path.steps.map(({ via, className }) => ({ via: via.trim(), className }));
  return { text, name, owner, steps, found: 'origin' in path ? 'in a heap snapshot' : 'in the live objects' };
}

/** The path of a report; null where the stack of the verb itself is the only thing that retains the object. */
export function ownerIn({ path }: ObjectReport): Owner | null {
  return path === null || path.text.startsWith(STACK_ROOTS) ? null : ownerOf(path);
}

/** Without the roots of the stack: the verb itself references the object from there. */
export function withoutStack({ boxes, lines }: Drawing): Drawing {
  const roots = new Set(
    boxes.filter(({ title }) => /^\((?:Stack|GC) roots\)$/.test(title)).map(({ key }) => key),
  );
  return {
    boxes: boxes.filter(({ key }) => !roots.has(key)),
    lines: lines.filter(({ from, to }) => !roots.has(from) && !roots.has(to)),
  };
}

export function printWhyAlive({ text, owner, entries, retainedBytes, advice }: WhyAlive): string {
  return [
    text,
    `  owner     ${owner}`,
    ...(entries === null ? [] : [`  entries   ${formatCount(entries)}`]),
    ...(retainedBytes === null ? [] : [`  retained  ${formatBytes(retainedBytes)}`]),
    `  advice    ${advice}`,
  ].join('\n');
}
