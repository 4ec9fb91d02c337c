/**
 * A node of the syntax tree: ESTree, with TypeScript's nodes if the parser supports them. Fields are untyped, because the
 * rules import no parser; that is why their values are cast to `Node`.
 */
export interface Node {
  type: string;
  parent: Node;
  range: [number, number];
  // oxlint-disable-next-line typescript/no-explicit-any -- each node type has its own fields
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

/** The part of `SourceCode` that ESLint 9, ESLint 10 and oxlint all have. The rules use nothing else. */
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

/** One rule, in the form that ESLint and oxlint accept. */
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
