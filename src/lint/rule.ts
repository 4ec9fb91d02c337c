/** A node of the syntax tree (ESTree, with TypeScript's nodes where the parser knows them). */
export interface Node {
  type: string;
  parent: Node;
  range: [number, number];
  // oxlint-disable-next-line typescript/no-explicit-any -- each type of node has fields of its own
  [field: string]: any;
}

export interface Reference {
  identifier: Node;
}

export interface Variable {
  name: string;
  references: Reference[];
  defs: { type: string; node: Node }[];
}

export interface Scope {
  set: Map<string, Variable>;
  upper: Scope | null;
}

/** What rules use of the source, in ESLint 9 and 10 and in oxlint. */
export interface SourceCode {
  getText(node: Node): string;
  getScope(node: Node): Scope;
  getDeclaredVariables(node: Node): Variable[];
  getCommentsBefore(node: Node): { value: string }[];
  ast: Node;
}

export interface Context {
  sourceCode: SourceCode;
  report(problem: { node: Node; messageId: string; data?: Record<string, string> }): void;
}

/** One rule, as ESLint and oxlint take it. */
export interface Rule {
  meta: {
    type: 'problem';
    docs: { description: string; url: string };
    messages: Record<string, string>;
    schema: [];
  };
  create(context: Context): Record<string, (node: Node) => void>;
}

export function meta(name: string, description: string, messages: Record<string, string>): Rule['meta'] {
  return {
    type: 'problem',
    docs: { description, url: `https://github.com/leak-lab/leak-lab/blob/main/docs/lint.md#${name}` },
    messages,
    schema: [],
  };
}
