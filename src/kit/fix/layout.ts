import { nameOf } from '../../lint/syntax.js';
import { type Node, type Source, within } from './source.js';

/** Where lines, comments and imports of a file begin and end, so that a change fits between them. */
export class Layout {
  readonly quote: string;
  /** What ends a statement: a semicolon, or nothing. */
  readonly end: string;
  readonly newLine: string;
  readonly indentUnit: string;

  constructor(private readonly source: Source) {
    const { text, program } = source;
    const quoted = /\b(?:from|require\()\s*(?<quote>["'])/.exec(text) ?? /(?<quote>["'])/.exec(text);
    this.quote = quoted?.groups?.['quote'] ?? "'";
    const statements = (program['body'] as Node[]).filter(({ type }) =>
      /^(?:Import|Variable|Expression)/.test(type),
    );
    const closed = statements.filter((one) => text[one.range[1] - 1] === ';').length;
    this.end = statements.length === 0 || 2 * closed >= statements.length ? ';' : '';
    this.newLine = text.includes('\r\n') ? '\r\n' : '\n';
    this.indentUnit = /^(?<indent>\t| {2,8})\S/m.exec(text)?.groups?.['indent'] ?? '  ';
  }

  /** The imports at the top of the file, or what it requires there. Code above later ones could not use what follows them. */
  imports(): Node[] {
    const body = this.source.program['body'] as Node[];
    const start = body.findIndex((one) => isImport(one));
    if (start < 0 || body.slice(0, start).some((one) => !isDirective(one))) return [];
    const end = body.findIndex((one, at) => at > start && !isImport(one));
    return body.slice(start, end < 0 ? body.length : end);
  }

  lastImport(): Node | undefined {
    return this.imports().at(-1);
  }

  lastImportOfPackage(): Node | undefined {
    return this.imports().findLast((one) => !/^\.{1,2}\//.test(packageOf(one)));
  }

  /** After a hashbang, directives and a comment that is about the file. */
  startOfCode(): number {
    const body = this.source.program['body'] as Node[];
    const first = body.find((one) => !isDirective(one));
    return first ? this.startWithComments(first) : this.source.text.length;
  }

  /** The start of a statement's line, or of the comments directly above it. */
  startWithComments({ range }: Node): number {
    const { text, comments } = this.source;
    let start = range[0];
    for (const comment of comments.toReversed())
      if (
        comment.end <= start &&
        /^\s*$/.test(text.slice(comment.end, start)) &&
        !/\n\s*\n/.test(text.slice(comment.end, start)) &&
        isOwnLine(text, comment.start)
      )
        start = comment.start;
    return start;
  }

  /** After a comment that ends the line of a statement. */
  endOfLine({ range }: Node): number {
    const { text, comments } = this.source;
    const lineEnd = text.indexOf('\n', range[1]);
    const comment = comments.find(
      ({ start, end }) =>
        start >= range[1] && (lineEnd < 0 || end <= lineEnd) && /^[ \t]*$/.test(text.slice(range[1], start)),
    );
    return comment ? comment.end : range[1];
  }

  indentOf({ range }: Node): string {
    const { text } = this.source;
    const start = text.lastIndexOf('\n', range[0] - 1) + 1;
    return /^[ \t]*/.exec(text.slice(start, range[0]))?.[0] ?? '';
  }

  /** Whether an offset is inside a template literal, whose lines are data. */
  isInText(offset: number): boolean {
    for (const node of within(this.source.program))
      if (node.type === 'TemplateElement' && node.range[0] < offset && offset <= node.range[1]) return true;
    return false;
  }
}

function isOwnLine(text: string, start: number): boolean {
  return text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
}

const isDirective = (one: Node): boolean => one['directive'] !== undefined && one['directive'] !== null;

function isImport(one: Node): boolean {
  return (
    one.type === 'ImportDeclaration' ||
    (one.type === 'VariableDeclaration' && (one['declarations'] as Node[]).some(isRequired))
  );
}

function isRequired({ init }: Node): boolean {
  const call = (init?.type === 'MemberExpression' ? init['object'] : init) as Node | null;
  return call?.type === 'CallExpression' && nameOf(call['callee'] as Node) === 'require';
}

function packageOf(statement: Node): string {
  if (statement.type === 'ImportDeclaration') return String(statement['source'].value);
  const init = (statement['declarations'] as Node[]).find(isRequired)?.['init'] as Node | undefined;
  const call = (init?.type === 'MemberExpression' ? init['object'] : init) as Node | undefined;
  return String((call?.['arguments'][0] as Node | undefined)?.['value'] ?? '');
}
