import { MagicString } from 'magic-string';
import { Layout } from './layout.js';
import { type Node, type Source, within } from './source.js';

const NUMBER = new Intl.NumberFormat('en');

/** Changes of one file that leave the rest of its text as it is. */
export class Editor {
  readonly text: MagicString;
  readonly layout: Layout;

  constructor(readonly source: Source) {
    this.text = new MagicString(source.text);
    this.layout = new Layout(source);
  }

  toString(): string {
    return this.text.toString();
  }

  replace(node: Node, by: string): void {
    this.text.overwrite(node.range[0], node.range[1], by);
  }

  /** Adds statements after one, on lines of their own; the one after `if (x)` gets a block. @param lines without indentation */
  addAfter(statement: Node, lines: readonly string[]): void {
    const indent = this.layout.indentOf(statement);
    const { type } = statement.parent;
    if (/^(?:BlockStatement|Program|StaticBlock|SwitchCase)$/.test(type)) {
      const end = this.layout.endOfLine(statement);
      this.text.appendLeft(
        end,
        lines.map((line) => this.layout.newLine + indent + this.written(line)).join(''),
      );
      return;
    }
    if (lines.length === 0) return;
    const outer = this.layout.newLine + this.layout.indentOf(statement.parent);
    const inner = outer + this.layout.indentUnit;
    const [from, to] = statement.range;
    this.text.prependRight(from, `{${inner}`);
    this.text.appendLeft(to, `${lines.map((line) => inner + this.written(line)).join('')}${outer}}`);
  }

  /**
   * Puts statements into `try { … } finally { … }`. They follow each other in one block.
   *
   * @param without statements among them that are left out
   * @param lines of the `finally`, without indentation
   */
  wrapInFinally(statements: readonly Node[], lines: readonly string[], without: readonly Node[] = []): void {
    const first = statements.find((one) => !without.includes(one));
    const last = statements.findLast((one) => !without.includes(one));
    if (!first || !last) throw new Error('there is nothing to put into the try');
    const indent = this.layout.indentOf(first);
    for (const one of without) this.removeLine(one);
    const start = this.layout.startWithComments(first);
    const end = this.layout.endOfLine(last);
    const unit = this.layout.indentUnit;
    const { text } = this.source;
    const isLeftOut = (at: number): boolean =>
      without.some(({ range }) => at <= range[0] && text.slice(at, range[0]).trim() === '');
    for (let at = text.indexOf('\n', start) + 1; at > 0 && at < end; at = text.indexOf('\n', at) + 1)
      if (!this.layout.isInText(at) && !isLeftOut(at) && !/^\r?\n/.test(text.slice(at, at + 2)))
        this.text.appendRight(at, unit);
    const opened = `try {${this.layout.newLine}${indent}${unit}`;
    this.text.prependRight(start, opened);
    const body = lines.map((line) => `${this.layout.newLine}${indent}${unit}${this.written(line)}`).join('');
    this.text.appendLeft(
      end,
      `${this.layout.newLine}${indent}} finally {${body}${this.layout.newLine}${indent}}`,
    );
  }

  /** `{ max: MAX }`; of several properties, each on lines of its own, indented as the line of a node is. */
  literal(properties: readonly string[], near: Node): string {
    const [only, ...others] = properties;
    if (others.length === 0) return `{ ${only ?? ''} }`;
    const indent = this.layout.newLine + this.layout.indentOf(near);
    const lines = properties.map((one) => one.replace(/,?$/, ',')).flatMap((one) => one.split('\n'));
    const unit = this.layout.indentUnit;
    return `{${lines.map((line) => indent + unit + this.written(line.replace(/^ +/, unit))).join('')}${indent}}`;
  }

  /** Adds a statement above one, on a line of its own. */
  addBefore(statement: Node, line: string): void {
    const indent = this.layout.indentOf(statement);
    this.text.appendLeft(statement.range[0], this.written(line) + this.layout.newLine + indent);
  }

  /** Adds lines above a statement and its comments, with an empty line between. */
  addAbove(statement: Node, lines: readonly string[]): void {
    const { newLine } = this.layout;
    this.text.appendRight(this.layout.startWithComments(statement), lines.join(newLine) + newLine + newLine);
  }

  /** Adds an argument after the last one of a call, on a line of its own where that one has its own. */
  addArgument(call: Node, argument: string): void {
    const last = (call['arguments'] as Node[]).at(-1);
    if (!last) {
      this.text.appendLeft(call.range[1] - 1, argument);
      return;
    }
    const { text } = this.source;
    const hasLine = /\n\s*$/.test(text.slice(text.lastIndexOf('\n', last.range[0]), last.range[0]));
    this.text.appendLeft(
      last.range[1],
      hasLine ? `,${this.layout.newLine}${this.layout.indentOf(last)}${argument}` : `, ${argument}`,
    );
  }

  /** Adds lines at the end of the file, after an empty one. */
  addAtEnd(lines: readonly string[]): void {
    const { newLine } = this.layout;
    const { text } = this.source;
    const end = text.length - (/\s*$/.exec(text)?.[0].length ?? 0);
    this.text.appendLeft(end, newLine + newLine + lines.map((line) => this.written(line)).join(newLine));
  }

  /** Removes a statement with its line. */
  removeLine(statement: Node): void {
    const { text } = this.source;
    const start = text.lastIndexOf('\n', statement.range[0]) + 1;
    const isAlone = text.slice(start, statement.range[0]).trim() === '';
    const end = this.layout.endOfLine(statement);
    if (isAlone) this.text.remove(Math.max(0, start - this.layout.newLine.length), end);
    else this.text.remove(...statement.range);
  }

  /** Adds `const NAME = 1_000;` after the imports. */
  addConstant(name: string, value: number, comment: string): void {
    const figure = NUMBER.format(value).replaceAll(',', '_');
    this.addAtTop([`/** ${comment} */`, `const ${name} = ${figure};`]);
  }

  /** Adds statements after the imports, with an empty line around them. */
  addAtTop(lines: readonly string[]): void {
    const after = this.layout.lastImport();
    const block = lines.map((line) => this.written(line)).join(this.layout.newLine);
    if (after) {
      const end = this.layout.endOfLine(after);
      const { newLine } = this.layout;
      const isApart = /^\r?\n[ \t]*\r?\n/.test(this.source.text.slice(end));
      this.text.appendLeft(end, newLine + newLine + block + (isApart ? '' : newLine));
    } else
      this.text.appendRight(
        this.layout.startOfCode(),
        `${block}${this.layout.newLine}${this.layout.newLine}`,
      );
  }

  /** A name that nothing inside a node uses: of a function for its own variable, of the file for one of the file. */
  freeName(wanted: string, inside: Node = this.source.program): string {
    const taken = new Set<unknown>();
    for (const node of within(inside)) if (node.type === 'Identifier') taken.add(node['name']);
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : `${wanted}${number}`;
      if (!taken.has(name)) return name;
    }
  }

  private written(line: string): string {
    const quoted = this.layout.quote === "'" ? line : line.replaceAll("'", this.layout.quote);
    return this.layout.end === '' ? quoted.replace(/;$/, '') : quoted;
  }
}
