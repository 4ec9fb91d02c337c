import { HeapGraph } from './heap-graph.js';

/** Groups of nodes that share a name, numbered densely from 0. */
export interface Classes {
  of(node: number): number;
  name(index: number): string;
  readonly count: number;
}

/**
 * Groups nodes as Chrome DevTools does: objects and natives by the name of their constructor, all others by their type
 * ("Function", "(string)", "(system)"). A DOM element such as `<div id="a">` belongs to `<div>`.
 */
export function classesOf(graph: HeapGraph): Classes {
  const names: string[] = [];
  const byText = new Map<string, number>();
  const indexOf = (text: string): number => {
    let index = byText.get(text);
    if (index === undefined) {
      index = names.length;
      names.push(text);
      byText.set(text, index);
    }
    return index;
  };
  const byType = graph.nodeTypes.map((type) => (isNamed(type) ? -1 : indexOf(groupName(type))));
  // From the index of a name to the index of its class, plus one. Pages that are never written take no memory.
  const byName = new Uint32Array(graph.strings.count);
  return {
    of(node) {
      const fixed = byType[graph.types[node]!]!;
      if (fixed >= 0) return fixed;
      const name = graph.names[node]!;
      const known = byName[name]!;
      if (known > 0) return known - 1;
      const index = indexOf(className(graph.strings.get(name)));
      byName[name] = index + 1;
      return index;
    },
    name: (index) => names[index]!,
    get count() {
      return names.length;
    },
  };
}

function isNamed(type: string): boolean {
  return type === 'object' || type === 'native';
}

function groupName(type: string): string {
  switch (type) {
    case 'hidden':
      return '(system)';
    case 'code':
      return '(compiled code)';
    case 'closure':
      return 'Function';
    case 'regexp':
      return 'RegExp';
    default:
      return `(${type})`;
  }
}

function className(name: string): string {
  const detached = name.startsWith('Detached <');
  if (!detached && !name.startsWith('<')) return name;
  const space = name.indexOf(' ', detached ? 'Detached <'.length : 0);
  return space < 0 ? name : `${name.slice(0, space)}>`;
}
