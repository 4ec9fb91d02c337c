import { neighboursPastStores } from '../answers/neighbours.js';
import { Container } from '../answers/containers.js';
import { DominatorTreeNode } from '../answers/dominator-tree.js';
import { NodeFacts, factsOf } from '../answers/node-facts.js';
import { Heap } from '../heap.js';
import { OwnerPath } from '../path/owner-path.js';
import { isScopeName } from '../path/scopes.js';
import { formatEntries } from './answers.js';
import { formatBytes, formatCount, formatShare } from './format.js';

/** What a picture shows, before it is a picture: boxes from top to bottom and named lines between them. */
export interface Drawing {
  boxes: Box[];
  lines: Line[];
}

export interface Box {
  key: string;
  title: string;
  detail: string;
  /** `subject`: what was asked about. `owner`: who holds it. `more`: what is left out. */
  role: 'subject' | 'owner' | 'plain' | 'more';
}

export interface Line {
  from: string;
  to: string;
  label: string;
  /** Weak lines keep nothing alive, and are dotted. */
  weak: boolean;
}

/** `system / Context` is V8's word for the variables that closures share. */
function friendly(className: string, type: string): string {
  if (isScopeName(className)) return 'scope';
  if (type === 'closure' && !className.endsWith('()'))
    return className === '' ? '(anonymous)()' : `${className}()`;
  return className === '' ? `(${type})` : className;
}

function boxOf(facts: NodeFacts, role: Box['role'] = 'plain'): Box {
  const title = friendly(facts.className, facts.type);
  return { key: String(facts.id), title, detail: `@${facts.id} · ${formatBytes(facts.retainedBytes)}`, role };
}

/** A path from its beginning on top down to the node asked about, without V8's plumbing between. */
export function drawPath(
  path: OwnerPath,
  container?: Pick<Container, 'kind' | 'entries' | 'precision'>,
): Drawing {
  const shown = path.steps.filter(({ via }, at) => via !== '' || at === path.steps.length - 1);
  const entries =
    container === undefined || container.kind === 'ArrayBuffer'
      ? ''
      : `${formatEntries(container)} ${container.entries === 1 ? 'entry' : 'entries'} · `;
  const boxes = shown.map((step, at): Box => {
    const last = at === shown.length - 1;
    const isNamed = (at === 0 && step.via !== '') || step.edge === 'nest';
    const title = isNamed ? step.via : friendly(step.className, step.type);
    const size = formatBytes(step.retainedBytes);
    const isOwner = step.className === path.owner || title === path.owner;
    return {
      key: String(step.id),
      title,
      detail: last ? `${entries}${size}` : `@${step.id} · ${size}`,
      role: last ? 'subject' : isOwner ? 'owner' : 'plain',
    };
  });
  const lines = boxes.slice(1).map((box, at) => {
    const { edge, via, className } = shown[at + 1]!;
    // What Nest's records name is named by its box already.
    const nest = className === 'Module' ? 'imports' : 'provides';
    return { from: boxes[at]!.key, to: box.key, label: edge === 'nest' ? nest : via.trim(), weak: false };
  });
  return { boxes, lines };
}

export interface NeighbourhoodOptions {
  /** How many steps away from the node. */
  depth?: number;
  /** How many neighbours of the node, and fewer of each further away; the others are counted in a box of their own. */
  breadth?: number;
  /** Whose holding it is not drawn: see `retainers`. */
  lookers?: ReadonlySet<number>;
}

/** What a node refers to, or what refers to it, some steps far. What retains stands above what is retained. */
export function drawNeighbourhood(
  heap: Heap,
  node: number,
  direction: 'references' | 'retainers',
  options: NeighbourhoodOptions = {},
): Drawing {
  const { depth = 2, breadth = 5, lookers } = options;
  const boxes = new Map([[node, boxOf(factsOf(heap, node), 'subject')]]);
  const extra: Box[] = [];
  const lines: Line[] = [];
  const connect = (near: string, far: string, label: string, weak: boolean): void => {
    const [from, to] = direction === 'references' ? [near, far] : [far, near];
    lines.push({ from, to, label, weak });
  };
  let frontier = [node];
  for (let step = 0; step < depth; step++) {
    const next: number[] = [];
    for (const at of frontier) {
      const limit = Math.ceil(breadth / (step + 1));
      const { list, more } = neighboursPastStores(heap, at, direction, { limit, lookers });
      const key = String(heap.graph.ids[at]!);
      for (const other of list) {
        if (!boxes.has(other.node)) {
          boxes.set(other.node, boxOf(other));
          next.push(other.node);
        }
        connect(key, String(other.id), other.via === '' ? other.edgeName : other.via.trim(), !other.retains);
      }
      if (more > 0) {
        extra.push({ key: `more-${key}`, title: `${formatCount(more)} more`, detail: '', role: 'more' });
        connect(key, `more-${key}`, '', false);
      }
    }
    frontier = next;
  }
  return { boxes: [...boxes.values(), ...extra], lines };
}

/** The dominator tree: each box is what would be freed with it. */
export function drawDominatorTree(tree: DominatorTreeNode): Drawing {
  const boxes: Box[] = [];
  const lines: Line[] = [];
  const draw = (node: DominatorTreeNode): void => {
    const box = boxOf(node, node === tree ? 'subject' : 'plain');
    boxes.push({ ...box, detail: `${box.detail} · ${formatShare(node.share)}` });
    for (const child of node.children) {
      draw(child);
      lines.push({ from: box.key, to: String(child.id), label: '', weak: false });
    }
    if (node.more.count > 0) {
      const key = `more-${box.key}`;
      const detail = formatBytes(node.more.retainedBytes);
      boxes.push({ key, title: `${formatCount(node.more.count)} more`, detail, role: 'more' });
      lines.push({ from: box.key, to: key, label: '', weak: false });
    }
  };
  draw(tree);
  return { boxes, lines };
}
