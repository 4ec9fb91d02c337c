import { AccumulationPoint } from '../answers/accumulation.js';
import { Container, ContainerGroup } from '../answers/containers.js';
import { DominatorTreeNode } from '../answers/dominator-tree.js';
import { ContainerGrowth, GrowthRow } from '../answers/growth.js';
import { HistogramRow } from '../answers/histogram.js';
import { Neighbours } from '../answers/neighbours.js';
import { NodeFacts, factsOf } from '../answers/node-facts.js';
import { StringPin, StringPins } from '../answers/string-pins.js';
import { Heap } from '../heap.js';
import { OwnerPath } from '../path/owner-path.js';
import { RawStep } from '../path/shortest-path.js';
import { Column, formatBytes, formatCount, formatShare, formatSigned, moreLine, table } from './format.js';

/** Rows to print by default. */
const LIMIT = 20;

function capped<T>(columns: readonly Column<T>[], rows: readonly T[], limit: number, what: string): string {
  return table(columns, rows.slice(0, limit)) + moreLine(rows.length - limit, what);
}

const right = <T>(title: string, cell: (row: T) => string): Column<T> => ({ title, align: 'right', cell });
const left = <T>(title: string, cell: (row: T) => string): Column<T> => ({ title, align: 'left', cell });

export function printHistogram(rows: readonly HistogramRow[], limit = LIMIT): string {
  return capped<HistogramRow>(
    [
      right('count', (row) => formatCount(row.count)),
      right('shallow', (row) => formatBytes(row.shallowBytes)),
      right('retained', (row) => formatBytes(row.retainedBytes)),
      left('class', (row) => row.className),
    ],
    rows,
    limit,
    'classes',
  );
}

export function printGrowth(rows: readonly GrowthRow[], limit = LIMIT): string {
  return capped<GrowthRow>(
    [
      right('delta', (row) => formatSigned(formatCount(row.delta), row.delta)),
      right('bytes', (row) => formatSigned(formatBytes(row.deltaBytes), row.deltaBytes)),
      right('new', (row) => formatCount(row.added)),
      right('gone', (row) => formatCount(row.removed)),
      left('class', (row) => row.className),
    ],
    rows,
    limit,
    'classes',
  );
}

/** `20,020`; `≥ 12` or `≤ 1,024` where the snapshot does not show every entry; bytes for an ArrayBuffer. */
export function formatEntries({
  kind,
  entries,
  precision,
}: Pick<Container, 'kind' | 'entries' | 'precision'>): string {
  if (kind === 'ArrayBuffer') return formatBytes(entries);
  const sign = { exact: '', 'at least': '≥ ', 'at most': '≤ ' }[precision];
  return sign + formatCount(entries);
}

export function printContainers(groups: readonly ContainerGroup[], limit = 5): string {
  return groups
    .filter(({ largest }) => largest.some(({ entries }) => entries > 0))
    .map(({ kind, count, largest }) => {
      const rows = largest.filter(({ entries }) => entries > 0).slice(0, limit);
      const body = table<Container>(
        [
          right(kind === 'ArrayBuffer' ? 'bytes' : 'entries', formatEntries),
          right('retained', (row) => formatBytes(row.retainedBytes)),
          left('class', (row) => row.className),
          left('id', (row) => `@${row.id}`),
        ],
        rows,
      );
      return `${kind}\n${body}${moreLine(count - rows.length, `of kind ${kind}`)}`;
    })
    .join('\n\n');
}

export function printContainerGrowth(rows: readonly ContainerGrowth[], limit = LIMIT): string {
  return capped<ContainerGrowth>(
    [
      right('gained', (row) => `+${formatCount(row.gained)}`),
      right('entries', formatEntries),
      right('retained', (row) => formatBytes(row.retainedBytes)),
      left('class', (row) => row.className + (row.existedBefore ? '' : ' (new)')),
      left('id', (row) => `@${row.id}`),
    ],
    rows,
    limit,
    'containers',
  );
}

function factsLine(facts: NodeFacts): string {
  return `${facts.className} @${facts.id}, ${formatBytes(facts.retainedBytes)} retained`;
}

export function printNeighbours(neighbours: Neighbours, direction: 'references' | 'retainers'): string {
  const rows = neighbours.list.map((row) => {
    const name = row.via === '' ? `{${row.edgeName}}` : row.via.trim();
    return `  ${name}${row.retains ? '' : ' (does not retain)'}  ${factsLine(row)}`;
  });
  const title = `${factsLine(neighbours.of)}: ${direction}`;
  return [title, ...rows].join('\n') + moreLine(neighbours.more, direction);
}

export function printDominatorTree(tree: DominatorTreeNode): string {
  const lines: string[] = [];
  const print = (node: DominatorTreeNode, indent: string): void => {
    lines.push(`${indent}${formatShare(node.share).padStart(5)}  ${factsLine(node)}`);
    for (const child of node.children) print(child, `${indent}  `);
    if (node.more.count > 0) {
      lines.push(
        `${indent}         … ${formatCount(node.more.count)} more, ${formatBytes(node.more.retainedBytes)}`,
      );
    }
  };
  print(tree, '');
  return lines.join('\n');
}

/** The path in one line, and below it one line for each step. */
export function printPath(path: OwnerPath | null): string {
  if (path === null) return 'No retaining path.';
  const steps = path.steps
    .filter(({ via }) => via !== '')
    .map(
      ({ via, className, id, retainedBytes }) =>
        `  ${via.trim()}  ${className} @${id}, ${formatBytes(retainedBytes)}`,
    );
  return [path.text, ...steps].join('\n') + moreLine(path.stepsLeftOut, 'steps in between');
}

/** The shortest path through V8's edges, one line for each step. */
export function printShortestPath(heap: Heap, steps: readonly RawStep[]): string {
  if (steps.length === 0) return 'No path from the root.';
  return steps
    .map(({ node, edge }) => {
      const name = edge < 0 ? '' : `${heap.graph.edgeTypeOf(edge)} ${heap.graph.edgeName(edge)} → `;
      return `  ${name}${factsLine(factsOf(heap, node))}`;
    })
    .join('\n');
}

export function printAccumulation(points: readonly AccumulationPoint[]): string {
  if (points.length === 0) return 'No accumulation point was found.';
  return points
    .map((point) => {
      const share = `${formatShare(point.share)} of the heap, ${formatBytes(point.accumulatedBytes)}`;
      const object = `${point.className} @${point.id}`;
      const retainer = {
        object: `retained by ${object}`,
        chain: `in a chain that ${object} retains`,
        siblings: 'without a single retainer',
      }[point.kind];
      const parts = point.composition
        .map(
          ({ className, count, retainedBytes }) =>
            `  ${formatCount(count)} × ${className}, ${formatBytes(retainedBytes)}`,
        )
        .join('\n');
      return `${share}, ${retainer}\n${parts}`;
    })
    .join('\n\n');
}

export function printStringPins(pins: StringPins): string {
  const total = `${formatCount(pins.slicedCount)} strings are retained by their slices only: ${formatBytes(pins.slicedBytes)}`;
  if (pins.largest.length === 0) return total;
  const rows = table<StringPin>(
    [
      right('pinned', (row) => formatBytes(row.pinnedBytes)),
      right('pieces', (row) => formatCount(row.pieces)),
      left('how', (row) => row.kind),
      left('string', (row) => `${row.className} @${row.id}`),
    ],
    pins.largest,
  );
  return `${total}\n${rows}`;
}
