import { neighboursThroughStores } from '../answers/neighbours.js';
import { Container } from '../answers/containers.js';
import { DominatorTreeNode } from '../answers/dominator-tree.js';
import { NodeFacts, factsOf } from '../answers/node-facts.js';
import { Heap } from '../heap.js';
import { OwnerPath } from '../path/owner-path.js';
import { isScopeName } from '../path/scopes.js';
import { formatEntries } from './answers.js';
import { formatBytes, formatCount, formatShare } from './format.js';

/** The content of a picture: boxes, and lines with labels between them. The layout is Graphviz's. */
export interface Drawing {
  boxes: Box[];
  lines: Line[];
}

export interface Box {
  key: string;
  title: string;
  detail: string;
  /** `subject`: the node in question. `owner`: the owner of it. `more`: the number of boxes left out. */
  role: 'subject' | 'owner' | 'plain' | 'more';
}

export interface Line {
  from: string;
  to: string;
  label: string;
  /** The reference does not retain its target; the line is dotted. */
  weak: boolean;
}

/** The title of a box: the class, with `scope` for V8's `system / Context`. */
function boxTitle(className: string, type: string): string {
  if (isScopeName(className)) return 'scope';
  if (type === 'closure' && !className.endsWith('()'))
    return className === '' ? '(anonymous)()' : `${className}()`;
  return className === '' ? `(${type})` : className;
}

function boxOf(facts: NodeFacts, role: Box['role'] = 'plain'): Box {
  const title = boxTitle(facts.className, facts.type);
  return { key: String(facts.id), title, detail: `@${facts.id} · ${formatBytes(facts.retainedBytes)}`, role };
}

/** Draws a path from its origin at the top down to the node in question, without steps inside V8. */
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
    const title = isNamed ? step.via : boxTitle(step.className, step.type);
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
    // The box has the name from Nest's records already, so that the line tells the relation.
    const nest = className === 'Module' ? 'imports' : 'provides';
    return { from: boxes[at]!.key, to: box.key, label: edge === 'nest' ? nest : via.trim(), weak: false };
  });
  return { boxes, lines };
}

export interface NeighbourhoodOptions {
  /** How many steps from the node; 2 by default. */
  depth?: number;
  /** How many neighbours of the node, 5 by default, and fewer of each node further away. A box has the number of others. */
  breadth?: number;
  /** Nodes of a console, which are not drawn: see `retainers`. */
  promptNodes?: ReadonlySet<number>;
}

/** Draws the references or retainers of a node, some steps far. A retainer is above what it retains. */
export function drawNeighbourhood(
  heap: Heap,
  node: number,
  direction: 'references' | 'retainers',
  options: NeighbourhoodOptions = {},
): Drawing {
  const { depth = 2, breadth = 5, promptNodes } = options;
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
      const { list, more } = neighboursThroughStores(heap, at, direction, { limit, promptNodes });
      const key = String(heap.graph.idOf(at));
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

/** Draws a dominator tree, with the retained size of each node. */
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
