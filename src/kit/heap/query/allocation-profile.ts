import { readFile } from 'node:fs/promises';
import { shortFile } from '../path/script-name.js';
import { formatBytes } from '../print/format.js';
import { type Answer, column, type Page } from './answer.js';
import { pageOf } from './pages.js';
import { QueryError } from './question.js';

/** A node of a sampling heap profile, as V8 writes it: a function in one of its call stacks. */
interface ProfileNode {
  callFrame: { functionName: string; url: string; lineNumber: number };
  selfSize: number;
  children: ProfileNode[];
}

interface FunctionBytes {
  /** Allocated by its own lines. */
  selfBytes: number;
  /** With what it calls. */
  totalBytes: number;
  where: string;
}

export const isAllocationProfile = (file: string): boolean => file.endsWith('.heapprofile');

/** A `.heapprofile` by function, the largest first. @throws QueryError for a file that is none */
export async function askAllocationProfile(
  file: string,
  words: readonly string[],
  page: Page,
): Promise<Answer> {
  const asked = words.join(' ');
  if (asked !== '' && asked !== 'histogram')
    throw new QueryError(
      `an allocation profile has functions and no objects: ask histogram, not ${JSON.stringify(asked)}`,
    );
  const rows = byFunction(await headOf(file));
  const bytes = rows.reduce((sum, { selfBytes }) => sum + selfBytes, 0);
  return pageOf(
    {
      question: 'histogram',
      title: `${formatBytes(bytes)} by the function that allocated it, the largest first`,
      columns: [
        column('selfBytes', 'bytes', 'self'),
        column('totalBytes', 'bytes', 'with callees'),
        column('where', 'text', 'function'),
      ],
      notes: [
        'V8 samples allocations: sizes are estimates, and a function with little may be missing. "with callees" overlaps between rows.',
      ],
    },
    rows,
    page,
    (one) => ({ ...one }),
  );
}

async function headOf(file: string): Promise<ProfileNode> {
  const text = await readFile(file, 'utf8');
  try {
    const { head } = JSON.parse(text) as { head?: ProfileNode };
    if (isNode(head)) return head;
  } catch {
    // told below
  }
  throw new QueryError(`${file} is no allocation profile: it has no tree of functions at "head"`);
}

const isNode = (value: ProfileNode | undefined): value is ProfileNode =>
  typeof value?.selfSize === 'number' && Array.isArray(value.children) && typeof value.callFrame === 'object';

function byFunction(head: ProfileNode): FunctionBytes[] {
  const found = new Map<string, FunctionBytes>();
  /** @returns the bytes of the node with its callees */
  const add = (node: ProfileNode, callers: ReadonlySet<string>): number => {
    const where = placeOf(node);
    const own = found.get(where) ?? { selfBytes: 0, totalBytes: 0, where };
    found.set(where, own);
    own.selfBytes += node.selfSize;
    const inside = new Set(callers).add(where);
    const bytes = node.children.reduce((sum, child) => sum + add(child, inside), node.selfSize);
    if (!callers.has(where)) own.totalBytes += bytes; // a function that calls itself is counted once
    return bytes;
  };
  add(head, new Set());
  return [...found.values()]
    .filter(({ where }) => where !== '(root)')
    .toSorted((a, b) => b.selfBytes - a.selfBytes || b.totalBytes - a.totalBytes);
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName || '(anonymous)';
  return url === '' ? name : `${name} ${shortFile(url)}:${lineNumber + 1}`;
}
