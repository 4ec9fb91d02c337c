import { extname } from 'node:path';
import { type ParserOptions, parseSync } from 'oxc-parser';
import type { Node } from '../../lint/rule.js';

export type { Node } from '../../lint/rule.js';

/** A file of the author, parsed. */
export interface Source {
  /** Absolute. */
  file: string;
  text: string;
  program: Node;
  comments: readonly { start: number; end: number }[];
  isTypeScript: boolean;
  /** Whether it has imports or exports; otherwise packages are required. */
  isModule: boolean;
}

/** A call, and the file that it is in. */
export interface Call {
  source: Source;
  call: Node;
}

export class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

const SOURCE_TYPES: Record<string, ParserOptions['sourceType']> = {
  '.mjs': 'module',
  '.mts': 'module',
  '.cjs': 'commonjs',
};

/** @throws SyntaxProblem at the first error */
export function parseSource(file: string, text: string): Source {
  const extension = extname(file);
  const { program, errors, comments, module } = parseSync(file, text, {
    sourceType: SOURCE_TYPES[extension] ?? 'unambiguous',
    range: true,
    preserveParens: false,
  });
  const error = errors.find(({ severity }) => (severity as string) === 'Error');
  if (error) throw new SyntaxProblem(error.message, lineAt(text, error.labels[0]?.start ?? 0));
  const root = program as unknown as Node;
  setParents(root);
  return {
    file,
    text,
    program: root,
    comments,
    isTypeScript: /^\.[cm]?tsx?$/.test(extension),
    isModule: module.hasModuleSyntax || extension === '.mjs' || extension === '.mts',
  };
}

function setParents(node: Node): void {
  for (const child of childrenOf(node)) {
    child.parent = node;
    setParents(child);
  }
}

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [field, value] of Object.entries(node)) {
    if (field === 'parent') continue;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value as unknown])
      if (typeof (one as Node | null)?.type === 'string') children.push(one as Node);
  }
  return children;
}

/** A node and everything below it, in the order of the text. */
export function* within(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* within(child);
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

export const lineOf = ({ text }: Source, node: Node): number => lineAt(text, node.range[0]);

export const isInside = (node: Node, outer: Node): boolean =>
  outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];

export const textOf = ({ text }: Source, node: Node): string => text.slice(...node.range);
